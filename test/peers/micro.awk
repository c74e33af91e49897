# SPDX-License-Identifier: BSD-3-Clause
#
# The tables of the small programs: one of all, then one of each. With figures.awk.

function runs_on(t, w) { return micro_on[t] == "all" || index(" " micro_on[t] " ", " " w " ") }

function short_cell(w, t, key) {
	key = w SUBSEP t
	if (!runs_on(t, w))
		return ""
	if (pairs[key])
		return sprintf("%.2f", median(cpu_ratio, key, pairs[key]))
	return missing[t] != "" ? "missing" : key in failed ? "fails" : "–"
}

function all_of_them(w, i, j, line) {
	line = "| CPU, x native |"
	for (j = 1; j <= works; j++)
		line = line " " title[work[j]] " |"
	print line
	gsub(/[^|]+/, "---", line)
	print line
	line = "| native, CPU ns/op |"
	for (j = 1; j <= works; j++)
		line = line " " number(median(native_cpu, work[j], natives[work[j]])) " |"
	print line
	for (i = 0; i <= tools; i++) {
		if (i && (micro_on[tool[i]] != "all" || !seen[tool[i]]))
			continue
		line = "| " (i ? label[tool[i]] : "native again") " |"
		for (j = 1; j <= works; j++)
			line = line " " short_cell(work[j], i ? tool[i] : "null") " |"
		print line
	}
	print ""
}

function row_of(w, t, key, n) {
	key = w SUBSEP t
	n = pairs[key] + 0
	printf "| %s | ", t == "null" ? "native again" : label[t]
	if (n == 0) {
		print (missing[t] != "" ? "missing: " missing[t] : key in failed ? "fails: " failed[key] : "not run") " |||||||||"
		return
	}
	printf "%d | %s | %s | %s | %s | ", n, spread(cpu_ratio, key, n, "x"), spread(cpu_added, key, n, ""),
		spread(wall_ratio, key, n, "x"), number(median(wall_added, key, n))
	printf "%s | %s | %s | %s |\n", number(per(events[key], cell_ops[key])), density(key),
		number(median(memory, key, n)), remark(key)
}

# Of next to nothing the tables are the most.
function density(key) {
	return number(per(events[key], cell_ops[key]) > 0.05 ? per(bytes[key], events[key]) : "")
}

function remark(key, text) {
	if (discarded[key] + 0 > 0)
		text = sprintf("%d events discarded", discarded[key])
	if (key in failed)
		text = text (text == "" ? "" : "; ") sprintf("failed %d times: %s", failures[key], failed[key])
	return text
}

END {
	micro_on["null"] = "all"
	all_of_them()
	for (j = 1; j <= works; j++) {
		w = work[j]
		if (!natives[w])
			continue
		printf "### %s\n\n%s. Native: %s ns an operation, %s of processor time.\n\n", title[w], what[w],
			number(median(native_wall, w, natives[w])), number(median(native_cpu, w, natives[w]))
		print "| tool | pairs | CPU, x native | CPU, added ns | wall, x native | wall, added ns | events/op | bytes/event | MB | |"
		print "|---|---:|---:|---:|---:|---:|---:|---:|---:|---|"
		row_of(w, "null")
		for (i = 1; i <= tools; i++)
			if (runs_on(tool[i], w) && seen[tool[i]])
				row_of(w, tool[i])
		print ""
	}
}
