# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # its variables are those of run
#
# What reading takes, of what each tool has recorded of the same work: decode.tsv, a line of READER, WHOSE trace, EVENTS,
# BYTES, processor seconds of the fastest of three, peak KB. Sourced by run.

decode_run()
{
	local n=$((${native_ops[cond]} * 6)) whose=''
	echo "peers: decoding, $SECONDS s" >&2
	seconds=60
	${CC:-cc} -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -o "$bin/usage" "$here/../bench/usage.c" || return
	if recorded gtrace $n; then
		local trace=$place.read/ours.trace
		mv "$place".read/*.trace "$trace"
		reading 'gtrace check' "$build/gtrace" check "$trace"
		reading 'gtrace text' "$build/gtrace" text "$trace"
		reading 'gtrace text --format=go' "$build/gtrace" text --format=go "$trace"
		reading 'gtrace stats' "$build/gtrace" stats "$trace"
		if [ -z "${missing[go]:-}" ] && "$here/../bench/build-bare" "$go" "$bin/bare"; then
			reading "Go's bare reader" "$bin/bare" "$trace"
			reading 'go tool trace -d=1' "$go" tool trace -d=1 "$trace"
		fi
	fi
	if recorded lttng $n; then
		reading 'babeltrace2' babeltrace2 "$place.read"
		reading 'babeltrace2, nothing printed' babeltrace2 "$place.read" -o dummy
	fi
	if recorded uftrace-noevent $((n / 2)); then
		reading 'uftrace dump' uftrace dump -d "$place.read/data"
		reading 'uftrace replay' uftrace replay --no-pager -d "$place.read/data"
		reading 'uftrace report' uftrace report --no-pager -d "$place.read/data"
	fi
	if recorded eztrace $((n / 4)); then
		reading 'otf2-print' otf2-print "$(find "$place.read" -name '*.otf2')"
	fi
	rm -rf "$place.read"
}

# recorded TOOL OPERATIONS: its trace of the condition ping-pong is in $place.read.
recorded()
{
	whose=$1
	[[ " ${tools[*]} " == *" $1 "* ]] && [ -z "${missing[$1]}" ] || return
	execute "$1" "$bin/micro" cond "$2" || { give_up decode "$1"; return 1; }
	rm -rf "$place.read"
	mv "$place" "$place.read"
	read_events=$(tool_events "$1" "$place.read") read_bytes=$(tool_bytes "$1" "$place.read")
}

# reading NAME COMMAND...
reading()
{
	local name=$1 best i
	shift
	best=$(for i in 1 2 3; do "$bin/usage" "$@" 2>/dev/null || exit 1; done | sort -g | head -n 1)
	if [ -n "$best" ]; then
		row decode.tsv "$name" "$whose" "$read_events" "$read_bytes" "${best% *}" "${best#* }"
	else
		how="$name fails"
		give_up decode "$whose"
	fi
}
