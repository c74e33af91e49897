# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # its variables are those of run
#
# What is measured beside the works, by the names in extras: Go's own tracer, start-up, what SIGKILL leaves, one event.
# Sourced by run.

extras=(go startup kill event decode)

# extra NAME ROUND: those that belong to every round, as all rounds do.
extra()
{
	echo "peers: round $2 of $rounds, $1, $SECONDS s" >&2
	seconds=20
	"$1_round" "$2"
}

# Go's equivalents of the small programs, with and without runtime/trace.
go_prepare()
{
	go=$(. "$here/../lib/trace.sh" && go_find) || { missing[go]="there is no Go 1.23"; return; }
	export GOTOOLCHAIN=local GOFLAGS=-mod=mod
	[ -n "${HOME:-}" ] || export GOCACHE=$work/cache GOPATH=$work/path
	"$go" build -o "$bin/gowork" "$here/work/gowork.go" 2>"$work/err" || missing[go]="it does not build: $(tail -n 1 "$work/err")"
}

# go_sample WORK [TRACE]
go_sample()
{
	local count=${native_ops[$1]}
	local pin=()
	case $1 in
	cond|sem|create) count=$((count * 5)); pin=("${one_processor[@]}") ;;
	pipe) pin=("${one_processor[@]}") ;;
	esac
	vars=() front=()
	launch "${pin[@]}" "$bin/gowork" "$1" "$count" "${@:2}"
	collect
	[ "$how" = ok ] && per_operation
}

go_round()
{
	local one
	[ -z "${missing[go]:-}" ] || return
	rm -rf "$place" && mkdir "$place"
	for one in "${go_works[@]}"; do
		go_sample "$one" || { give_up "$one" go; continue; }
		before_wall=$wall before_cpu=$cpu
		go_sample "$one" "$place/go.trace" || { give_up "$one" go; continue; }
		local traced_wall=$wall traced_cpu=$cpu traced_rss=$took_rss
		count "$one" go "$done_ops"
		go_sample "$one" || { give_up "$one" go; continue; }
		row pairs.tsv "$one" go "$1" "$(mean "$before_wall" "$wall")" "$(mean "$before_cpu" "$cpu")" \
			"$traced_wall" "$traced_cpu" "$took_rss" "$traced_rss" "$done_ops"
	done
}

# Programs that do nothing: one of a single thread, one that makes a thread.
startup_round()
{
	local tool i
	for tool in null "${tools[@]}"; do
		[ -z "${missing[$tool]:-}" ] && [ "${on[$tool]:-all}" = all ] && turn_of "$tool" "$1" small || continue
		for ((i = 0; i < 3; i++)); do
			startup_pair start-process "$tool" "$1" /bin/true
			startup_pair start-thread "$tool" "$1" "$bin/micro" create 1
			[ "$took_wall" -lt 300000000 ] || break
		done
	done
}

# startup_pair WORK TOOL ROUND PROGRAM...
startup_pair()
{
	local one=$1 tool=$2 round=$3
	shift 3
	[ "${broken[$one $tool]:-0}" -lt 2 ] || return
	execute native "$@" || { give_up "$one" native; return; }
	local native_wall=$took_wall native_cpu=$took_cpu native_rss=$took_rss
	execute "${tool/#null/native}" "$@" || { give_up "$one" "$tool"; return; }
	row pairs.tsv "$one" "$tool" "$round" "$native_wall" "$native_cpu" "$took_wall" "$took_cpu" "$native_rss" "$took_rss" 1
}

# Thousands of round trips, and the same and then SIGKILL: what can be read afterwards, in kills.tsv:
# TOOL OPERATIONS, events of the one that ended, of the one that was killed.
kill_run()
{
	local tool n whole
	echo "peers: SIGKILL, $SECONDS s" >&2
	seconds=30
	for tool in "${tools[@]}"; do
		[ -z "${missing[$tool]}" ] && [ "${on[$tool]}" = all ] || continue
		[[ $tool != *-off && $tool != *-dormant ]] || continue
		n=$((${native_ops[cond]} / 4))
		case $tool in ltrace|perf-trace|strace) n=$((n / 20)) ;; esac
		execute "$tool" "$bin/micro" cond "$n" || { give_up kill "$tool"; continue; }
		whole=$(tool_events "$tool" "$place")
		execute "$tool" "$bin/micro" cond "$n" kill
		row kills.tsv "$tool" "$n" "$whole" "$(tool_events "$tool" "$place")"
	done
}

# What one event of ours takes, and one of Go's own tracer, in events.tsv: ROUND, nanoseconds of a bare reading of the
# processor's counter, an event, one with the stack of eight frames that the last one had, one with another stack; of all
# processor time of a Go program without and with its tracer; events of the latter.
event_prepare()
{
	${CC:-cc} -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -pthread -iquote "$here/../.." -o "$bin/event" \
		"$here/../bench/event.c" "$build/libgtshim.a" 2>"$work/err" ||
		missing[event]="it does not build: $(tail -n 1 "$work/err")"
	[ -n "${missing[go]:-}" ] || "$go" build -o "$bin/goevents" "$here/../bench/events.go" || missing[event]="Go's part does not build"
}

event_round()
{
	local ours theirs=(- - -) hands=$((50000 / scale))
	[ -z "${missing[event]:-}" ] || return
	rm -f "$work"/event.trace*
	read -r -a ours < <(GTRACE_OUTPUT=$work/event.trace "$bin/event")
	[ -n "${missing[go]:-}" ] || theirs=("$("$bin/goevents" $hands)" "$("$bin/goevents" $hands "$work/go.trace")"
		"$("$build/gtrace" check "$work/go.trace" | awk '{ print $(NF - 1) }')")
	row events.tsv "$1" "${ours[@]}" "${theirs[@]}"
}
