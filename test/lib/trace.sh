# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# What every runner asks of a trace. Sourced; expects GTRACE (the decoder) to be set.
# Each function prints why it is not content and returns 1; silence and 0 otherwise.

go_find()
{
	local go
	for go in "$(command -v go)" /usr/lib/go-1.23/bin/go; do
		[ -x "$go" ] && "$go" version 2>/dev/null | grep -q 'go1\.23' && echo "$go" && return 0
	done
	return 1
}

# Go's reader without a text, from test/bench/bare.go: into the file $2, unless it is there. $1 is the go command.
go_build_reader()
{
	local bench
	bench=$(cd "$(dirname "${BASH_SOURCE[0]}")/../bench" && pwd)
	[ "$2" -nt "$bench/bare.go" ] && return 0
	[ -n "${HOME:-}${GOCACHE:-}" ] || local -x GOCACHE=$2.cache
	"$bench/build-bare" "$1" "$2.$$" >/dev/null 2>&1 && mv "$2.$$" "$2"
}

# The decoder's own verdict.
trace_sound()
{
	local out
	out=$("$GTRACE" check "$1" 2>&1) && return 0
	echo "gtrace check $1: $out" | head -n 5
	return 1
}

# Operations that the recorder counted as dropped. Dropped facts are cumulative: the last one of a cause wins.
trace_drops()
{
	"$GTRACE" stats "$1" 2>/dev/null | awk '$1 == "dropped:" { n = $2; seen = 1 } END { print seen ? n : "unknown" }'
}

trace_no_drops()
{
	local n
	n=$(trace_drops "$1")
	[ "$n" = 0 ] && return 0
	echo "$n operations dropped: $GTRACE stats $1"
	return 1
}

# Whether all that was dropped was for one cause, named by a part of its line in gtrace stats.
trace_dropped_only()
{
	"$GTRACE" stats "$1" 2>/dev/null | awk -v cause="$2" '$1 == "dropped:" { all = $2 } index($0, cause) { these = $1 }
		END { exit !(all > 0 && all == these) }'
}

trace_generations()
{
	"$GTRACE" text --format=wire "$1" | grep -o 'gen=[0-9]*' | sort -u | wc -l
}

# The events of Go's text in an order of their own, one a line, each with its run of consecutive times instead of its time.
trace_runs()
{
	awk '
	/^M=/ && match($0, / Time=[-0-9]*/) {
		time = substr($0, RSTART + 6, RLENGTH - 6) + 0
		if (time != last + 1) run++
		last = time
		$0 = "\n" run substr($0, 1, RSTART - 1) substr($0, RSTART + RLENGTH)
	}
	{ printf "%s\t", $0 }' "$1" | LC_ALL=C sort
}

# Go chooses at random between events of the same time, and then makes their times consecutive. $1 and $2, its output and
# ours, differ in nothing else when the times are the same one by one, and each run of consecutive times has the same events.
trace_tied()
{
	cmp -s <(grep -o ' Time=[-0-9]*' "$1") <(grep -o ' Time=[-0-9]*' "$2") && cmp -s <(trace_runs "$1") <(trace_runs "$2")
}

# Go's reader accepts the file, and prints what ours prints, in both forms. $2 is the go command. Of a trace with a live file:
# what gtrace recover makes of both.
trace_same_as_go()
{
	local mode trace=$1 rc=0
	if [ -e "$1.live" ]; then
		trace=$1.whole
		"$GTRACE" recover -o "$trace" "$1" 2>/dev/null || { echo "gtrace recover fails"; return 1; }
	fi
	for mode in 1:go 2:wire; do
		"$2" tool trace -d="${mode%:*}" "$trace" >"$1.go" 2>&1 || echo "status $?" >>"$1.go"
		"$GTRACE" text --format="${mode#*:}" "$trace" >"$1.our" 2>&1 ||
			{ echo "gtrace text --format=${mode#*:} fails"; rc=1; break; }
		cmp "$1.go" "$1.our" >"$1.cmp" 2>&1 || trace_tied "$1.go" "$1.our" ||
			{ echo "differs from go tool trace -d=${mode%:*}: $(cat "$1.cmp")"; rc=1; break; }
	done
	rm -f "$1.go" "$1.our" "$1.cmp" "$1.whole"
	return $rc
}

# Go's reader accepts the file and finds as many events as ours, besides one more for each generation. $2 is what
# go_build_reader has built. Most of what trace_same_as_go takes is the printing.
trace_read_by_go()
{
	local said events
	said=$("$GTRACE" check "$1" 2>&1) || { echo "gtrace check $1: $said" | head -n 5; return 1; }
	events=$("$2" "$1" 2>&1) || { echo "Go's reader: $events" | head -n 5; return 1; }
	said=$(sed -n 's/.*: sound, \([0-9]*\) generations*, \([0-9]*\) events*$/\1 + \2/p' <<<"$said")
	[ -n "$said" ] && [ "$events" = $((said)) ] && return 0
	echo "Go's reader finds $events events, gtrace check $said"
	return 1
}

# Expectations, one a line: "+ ERE" at least once, "5+ ERE" at least five times, "5- ERE" at most five times,
# "- ERE" never, "# ..." nothing.
# $1: expectations, $2: text of the trace.
trace_expect()
{
	local how pattern n bad=0
	while read -r how pattern; do
		case $how in
		''|'#'*) continue ;;
		esac
		n=$(grep -Ec -e "$pattern" "$2")
		case $how in
		-) [ "$n" = 0 ] || { echo "seen $n times, must never be: $pattern"; bad=1; } ;;
		+) [ "$n" -ge 1 ] || { echo "not seen: $pattern"; bad=1; } ;;
		*+) [ "$n" -ge "${how%+}" ] || { echo "seen $n times, ${how%+} wanted: $pattern"; bad=1; } ;;
		*-) [ "$n" -le "${how%-}" ] || { echo "seen $n times, at most ${how%-} wanted: $pattern"; bad=1; } ;;
		*) echo "bad expectation: $how $pattern"; bad=1 ;;
		esac
	done <"$1"
	return $bad
}
