# SPDX-License-Identifier: BSD-3-Clause
#
# The tables of the real programs. With figures.awk.

function all_of_them(i, j, line) {
	line = "| throughput, x native |"
	for (j = 1; j <= programs; j++)
		line = line " " title[program[j]] " |"
	print line
	gsub(/[^|]+/, "---", line)
	print line
	for (i = 0; i <= tools; i++) {
		if (!real[tool[i]] || !seen[tool[i]])
			continue
		line = "| " named(tool[i]) " |"
		for (j = 1; j <= programs; j++) {
			key = program[j] SUBSEP tool[i]
			line = line " " (pairs[key] ? sprintf("%.2f", median(rate_ratio, key, pairs[key])) : \
				missing[tool[i]] != "" || missing[program[j]] != "" ? "missing" : key in failed ? "fails" : "–") " |"
		}
		print line
	}
	print ""
}

function row_of(w, t, key, n) {
	key = w SUBSEP t
	n = pairs[key] + 0
	printf "| %s | ", named(t)
	if (n == 0) {
		print "||||||| " without(key, t) " |"
		return
	}
	printf "%d | %s | %s | %s | %s | %s | %s | %s |\n", n, spread(rate_ratio, key, n, "x"), spread(cpu_ratio, key, n, "x"),
		number(median(cpu_added, key, n)), number(per(events[key], cell_ops[key])), density(key),
		number(median(memory, key, n)), remark(key)
}

END {
	tool[0] = "null"
	real["null"] = 1
	all_of_them()
	for (j = 1; j <= programs; j++) {
		w = program[j]
		if (missing[w] != "") {
			printf "### %s\n\nMissing: %s.\n\n", title[w], missing[w]
			continue
		}
		if (!natives[w])
			continue
		printf "### %s\n\n%s. Native: %s %s a second, %s ns of processor time each.\n\n", title[w], what[w],
			number(1e9 / median(native_wall, w, natives[w])), unit[w], number(median(native_cpu, w, natives[w]))
		print "| tool | pairs | throughput, x native | CPU, x native | CPU, added ns | events | bytes/event | MB | |"
		print "|---|---:|---:|---:|---:|---:|---:|---:|---|"
		for (i = 0; i <= tools; i++)
			if (real[tool[i]] && seen[tool[i]])
				row_of(w, tool[i])
		print ""
	}
}
