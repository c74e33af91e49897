# SPDX-License-Identifier: BSD-3-Clause
#
# The table of goals: what was to be reached, and what this run says. With figures.awk.

function goal(what, aim, said, met) {
	printf "| %s | %s | %s | %s |\n", what, aim, said == "" ? "not measured" : said, said == "" ? "" : met ? "met" : "**not met**"
}

function ratio(w, t) { return median(cpu_ratio, w SUBSEP t, pairs[w, t] + 0) }
function added(w, t) { return median(cpu_added, w SUBSEP t, pairs[w, t] + 0) }

function one_event(c, e, s, g) {
	c = median(event_ns, 2, rounds_of_events)
	e = median(event_ns, 3, rounds_of_events)
	s = median(event_ns, 4, rounds_of_events)
	g = median(event_ns, "go", rounds_of_go)
	goal("one event", "15 ns where the counter takes 8", c == "" ? "" : sprintf("%.1f where it takes %.1f", e, c), e <= 15 / 8 * c)
	goal("one event with a stack of eight frames", "30 ns where the counter takes 8", c == "" ? "" : \
		sprintf("%.1f where it takes %.1f; Go's own: %s", s, c, number(g)), s <= 30 / 8 * c)
}

function waits(w, n, part, i, a, b, r) {
	n = split("contended cond sem pipe queue", part, " ")
	for (i = 1; i <= n; i++) {
		w = part[i]
		a = added(w, "gtrace")
		b = added(w, "uftrace-noevent")
		r = ratio(w, "gtrace")
		goal(title[w], "half of what uftrace `--no-event` adds, 1.10 x native", a == "" || b == "" ? "" : \
			sprintf("%.0f ns, %.2f of uftrace's %.0f; %.2f x", a, a / b, b, r), a <= b / 2 && r <= 1.10)
	}
}

function through(i, w, r) {
	for (i = 1; i <= programs; i++) {
		w = program[i]
		r = median(rate_ratio, w SUBSEP "gtrace", pairs[w, "gtrace"] + 0)
		goal(title[w] ", throughput", "at least 0.98 x native", r == "" ? "" : \
			spread(rate_ratio, w SUBSEP "gtrace", pairs[w, "gtrace"], "") "; native again " \
			spread(rate_ratio, w SUBSEP "null", pairs[w, "null"], ""), r >= 0.98)
	}
}

function ns(r) { return per(1e9 * read_seconds[r], read_events[r]) }

function ahead(what, ours, theirs) {
	goal("reading: " what, "more events a second", ns(ours) == "" || ns(theirs) == "" ? "" : \
		sprintf("%s against %s M/s", number(1e3 / ns(ours)), number(1e3 / ns(theirs))), ns(ours) + 0 < ns(theirs) + 0)
}

function times(what, aim, ours, theirs) {
	goal(what, sprintf("at least %d times as fast", aim), ns(ours) == "" || ns(theirs) == "" ? "" : \
		sprintf("%.1f times", ns(theirs) / ns(ours)), ns(ours) * aim <= ns(theirs) + 0)
}

function killed(t) {
	goal("SIGKILL, " label[t], "nothing recorded is lost", whole[t] == "" ? "" : \
		sprintf("%d events, %d of the run that ended", left[t], whole[t]), left[t] >= 0.97 * whole[t] && left[t] > 0)
}

END {
	print "| work | to reach | reached | |"
	print "|---|---|---|---|"
	r = ratio("mutex", "gtrace")
	e = per(events["mutex", "gtrace"], cell_ops["mutex", "gtrace"])
	goal("uncontended mutex", "1.12 x native, no event", r == "" ? "" : sprintf("%.2f x, %.4f events", r, e), r <= 1.12 && e < 0.001)
	one_event()
	a = added("read", "gtrace-stackless")
	goal("system call without a stack", "40 ns", a == "" ? "" : sprintf("%.1f ns; with stacks %s", a, number(added("read", "gtrace"))), a <= 40)
	waits()
	r = ratio("create", "gtrace")
	goal(title["create"], "1.05 x native", r == "" ? "" : sprintf("%.2f x; uftrace %s x", r, number(ratio("create", "uftrace-noevent"))), r <= 1.05)
	a = added("mutex", "gtrace-off")
	goal("loaded but off", "1 ns a call", a == "" ? "" : sprintf("%.2f ns; LTTng's dormant wrapper %s", a / 2, number(per(added("mutex", "lttng-dormant"), 2))), a / 2 <= 1)
	a = median(wall_added, "start-process" SUBSEP "gtrace", pairs["start-process", "gtrace"] + 0)
	goal("start-up of `true`", "2 ms", a == "" ? "" : sprintf("%.2f ms", a / 1e6), a <= 2e6)
	a = median(wall_added, "start-thread" SUBSEP "gtrace", pairs["start-thread", "gtrace"] + 0)
	goal("start-up with a thread", "2 ms", a == "" ? "" : sprintf("%.2f ms", a / 1e6), a <= 2e6)
	killed("gtrace")
	killed("gtrace-flight")
	through()
	d = per(bytes["memcached", "gtrace"], events["memcached", "gtrace"])
	goal("bytes an event, memcached", "5.0", d == "" ? "" : sprintf("%.2f", d), d <= 5.0)
	times("`gtrace text --format=go` and `go tool trace -d=1`", 30, "gtrace text --format=go", "go tool trace -d=1")
	times("`gtrace check` and Go's bare reader", 3, "gtrace check", "Go's bare reader")
	ahead("`gtrace check`, babeltrace2 that prints nothing", "gtrace check", "babeltrace2, nothing printed")
	ahead("`gtrace text`, babeltrace2", "gtrace text", "babeltrace2")
	ahead("`gtrace text`, `uftrace replay`", "gtrace text", "uftrace replay")
	ahead("`gtrace text`, `uftrace dump`", "gtrace text", "uftrace dump")
	ahead("`gtrace stats`, `uftrace report`", "gtrace stats", "uftrace report")
	print ""
}
