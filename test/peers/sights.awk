# SPDX-License-Identifier: BSD-3-Clause
#
# What each tool sees: what is known of it, and what this run shows. With figures.awk.

function events_of(w, t, key) {
	key = w SUBSEP t
	return events[key] == "" ? missing[t] != "" ? "missing" : "–" : number(per(events[key], cell_ops[key]))
}

# Of the most events that it has recorded of one work.
function usual_density(t, j, most, found) {
	for (j = 1; j <= works; j++)
		if (events[work[j], t] + 0 > most) {
			most = events[work[j], t]
			found = density(work[j] SUBSEP t)
		}
	return found == "" ? "–" : found
}

function after_kill(t) {
	if (!(t in whole))
		return t == "go" ? "not tried" : missing[t] != "" ? "missing" : "–"
	return left[t] >= 0.9 * whole[t] ? "kept" : left[t] ? sprintf("%.0f %% kept", 100 * left[t] / whole[t]) : "**all lost**"
}

END {
	print "| tool | records | root | recompile | stacks | off-CPU | who woke whom | shown by | bytes/event | after SIGKILL |"
	print "|---|---|---|---|---|---|---|---|---:|---|"
	for (i = 1; i <= sights; i++)
		printf "| %s | %s | %s | %s |\n", named(sight[i]), seen_by[i], usual_density(sight[i]), after_kill(sight[i])
	print "\nEvents in the trace for one operation:\n"
	line = "| tool |"
	for (j = 1; j <= works; j++)
		line = line " " title[work[j]] " |"
	print line
	gsub(/[^|]+/, "---", line)
	print line
	for (i = 1; i <= sights; i++) {
		line = "| " named(sight[i]) " |"
		for (j = 1; j <= works; j++)
			line = line " " events_of(work[j], sight[i]) " |"
		print line
	}
	print ""
}
