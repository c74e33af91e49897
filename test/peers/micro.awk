# SPDX-License-Identifier: BSD-3-Clause
#
# The tables of the small programs: one of all, then one of each. With figures.awk.

function runs_on(t, w) { return on[t] == "all" || index(" " on[t] " ", " " w " ") }

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
		if (on[tool[i]] != "all" || !seen[tool[i]])
			continue
		line = "| " named(tool[i]) " |"
		for (j = 1; j <= works; j++)
			line = line " " short_cell(work[j], tool[i]) " |"
		print line
	}
	print ""
}

function row_of(w, t, key, n) {
	key = w SUBSEP t
	n = pairs[key] + 0
	printf "| %s | ", named(t)
	if (n == 0) {
		print "|||||||| " without(key, t) " |"
		return
	}
	printf "%d | %s | %s | %s | %s | ", n, spread(cpu_ratio, key, n, "x"), spread(cpu_added, key, n, ""),
		spread(wall_ratio, key, n, "x"), number(median(wall_added, key, n))
	printf "%s | %s | %s | %s |\n", number(per(events[key], cell_ops[key])), density(key),
		number(median(memory, key, n)), remark(key)
}

END {
	tool[0] = "null"
	tool[++tools] = "go"
	on["null"] = on["go"] = "all"
	all_of_them()
	for (j = 1; j <= works; j++) {
		w = work[j]
		if (!natives[w])
			continue
		printf "### %s\n\n%s. Native: %s ns an operation, %s of processor time.\n\n", title[w], what[w],
			number(median(native_wall, w, natives[w])), number(median(native_cpu, w, natives[w]))
		print "| tool | pairs | CPU, x native | CPU, added ns | wall, x native | wall, added ns | events/op | bytes/event | MB | |"
		print "|---|---:|---:|---:|---:|---:|---:|---:|---:|---|"
		for (i = 0; i <= tools; i++)
			if (runs_on(tool[i], w) && seen[tool[i]])
				row_of(w, tool[i])
		print ""
	}
}
