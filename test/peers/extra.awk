# SPDX-License-Identifier: BSD-3-Clause
#
# The tables of start-up, SIGKILL, single events and decoding. With figures.awk.

function startup(i, t, a, b) {
	a = "start-process"
	b = "start-thread"
	if (!natives[a])
		return
	printf "## Start-up\n\nFrom fork to exit: `true` alone, %s ms natively, and a program that makes one thread, %s ms.\n\n",
		number(median(native_wall, a, natives[a]) / 1e6), number(median(native_wall, b, natives[b]) / 1e6)
	print "| tool | pairs | `true`, added ms | CPU ms | one thread, added ms | CPU ms | |"
	print "|---|---:|---:|---:|---:|---:|---|"
	for (i = 0; i <= tools; i++) {
		t = tool[i]
		if ((on[t] != "all" && t != "null") || !seen[t])
			continue
		printf "| %s | %d | %s | %s | %s | %s | %s |\n", named(t), pairs[a, t], ms(wall_added, a SUBSEP t),
			ms(cpu_added, a SUBSEP t), ms(wall_added, b SUBSEP t), ms(cpu_added, b SUBSEP t),
			pairs[a, t] ? remark(a SUBSEP t) : without(a SUBSEP t, t)
	}
	print ""
}

function ms(from, key, mid) {
	mid = median(from, key, pairs[key] + 0)
	return mid == "" ? "–" : sprintf("%.2f [%.2f..%.2f]", mid / 1e6, v[1] / 1e6, v[pairs[key]] / 1e6)
}

function kills(i, t) {
	print "## After SIGKILL\n"
	print "The condition ping-pong, once to its end, once with SIGKILL from itself after the last round trip: events that can be"
	print "read. The two runs differ a little in how often they wait; that libgtrace loses nothing at all is counted, thread"
	print "by thread, by `test/kill/run`.\n"
	print "| tool | round trips | events at the end | after SIGKILL | |"
	print "|---|---:|---:|---:|---|"
	for (i = 1; i <= tools; i++) {
		t = tool[i]
		if (t in whole)
			printf "| %s | %d | %d | %d | %s |\n", named(t), killed_ops[t], whole[t], left[t], whole[t] ? sprintf("%.0f %%",
				100 * left[t] / whole[t]) : "–"
		else if (("kill", t) in failed || (missing[t] != "" && on[t] == "all"))
			printf "| %s | | | | %s |\n", named(t), without("kill" SUBSEP t, t)
	}
	print ""
}

function single(n) {
	n = rounds_of_events
	print "## One event\n"
	print "| | ns |"
	print "|---|---:|"
	print "| the bare reading of the processor's counter | " spread(event_ns, 2, n, "") " |"
	print "| one event of ours, with its time and its section | " spread(event_ns, 3, n, "") " |"
	print "| with its stack of eight frames, the last one again | " spread(event_ns, 4, n, "") " |"
	print "| with its stack of eight frames, another one each time | " spread(event_ns, 5, n, "") " |"
	print "| one event of Go's own tracer, two of three with a stack of seven frames | " spread(event_ns, "go", rounds_of_go, "") " |\n"
}

function decoding(i, r) {
	print "## Reading\n"
	print "The condition ping-pong as each tool has recorded it; processor time of the fastest of three.\n"
	print "| reader | trace of | events | bytes/event | ns/event | events/s | peak MB |"
	print "|---|---|---:|---:|---:|---:|---:|"
	for (i = 1; i <= readers; i++) {
		r = reader[i]
		printf "| `%s` | %s | %d | %s | %s | %s M | %s |\n", r, label[whose[r]], read_events[r], number(per(read_bytes[r], read_events[r])),
			number(1e9 * read_seconds[r] / read_events[r]), number(read_events[r] / read_seconds[r] / 1e6), number(read_kb[r] / 1024)
	}
	print ""
}

END {
	tool[0] = "null"
	startup()
	for (t in whole)
		some = 1
	if (some)
		kills()
	if (rounds_of_events)
		single()
	if (readers)
		decoding()
}
