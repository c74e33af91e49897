# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # its variables are those of run
#
# The tools: the rows of tools.tsv, and what only some of them need. Sourced by run; expects build, bin and work.

columns=(label needs on every variables command cap)
declare -A label needs on every variables command cap missing
tools=()

tools_load()
{
	local name text field i
	while IFS=$'\t' read -r -a field; do
		name=${field[0]:-#}
		[ "${name:0:1}" != '#' ] || continue
		tools+=("$name")
		for i in "${!columns[@]}"; do
			local -n column=${columns[i]}
			text=${field[i + 1]}
			[ "$text" != - ] || text=
			column[$name]=${text//@B/$build}
		done
		# shellcheck disable=SC2086 # words
		missing[$name]=$(tool_missing ${needs[$name]})
	done <"$here/tools.tsv"
}

# tool_missing NEED...: prints what is not there.
tool_missing()
{
	local need
	for need; do
		case $need in
		root) [ "$(id -u)" = 0 ] || echo "it needs root" ;;
		/*) [ -e "$need" ] || echo "there is no $need" ;;
		*) command -v "$need" >/dev/null || echo "$need is not installed" ;;
		esac
	done | head -n 1
}

# The daemons of LTTng, ours for the time of the run. One that is there already is used and left alone.
session_daemon='' session=peers-$$

lttng_start()
{
	[[ " ${tools[*]} " == *" lttng"* ]] && [ -z "${missing[lttng]}" ] || return 0
	export LTTNG_HOME=$work/lttng
	mkdir -p "$LTTNG_HOME"
	lttng list >/dev/null 2>&1 && return
	lttng-sessiond --no-kernel >"$work/lttng.log" 2>&1 &
	session_daemon=$!
	for ((i = 0; i < 50; i++)); do
		lttng list >/dev/null 2>&1 && return
		sleep 0.1
	done
	missing[lttng]="its session daemon does not start: $(tail -n 1 "$work/lttng.log")"
}

lttng_stop()
{
	[ -z "$session_daemon" ] || { kill "$session_daemon" && wait "$session_daemon"; } 2>/dev/null
	session_daemon=
}

# tool_begin TOOL DIRECTORY: the variables and the command in front of the program are in vars and front.
tool_begin()
{
	local text=${variables[$1]}
	read -r -a vars <<<"${text//@D/$2}"
	text=${command[$1]}
	read -r -a front <<<"${text//@D/$2}"
	discarded=
	rm -rf "$2"
	mkdir -m 777 "$2"
	[ "$1" != lttng ] || {
		lttng create "$session" --output="$2" &&
			lttng enable-channel -u -s "$session" --blocking-timeout=inf --subbuf-size=1M --num-subbuf=8 events &&
			lttng enable-event -u -s "$session" -c events 'lttng_ust_pthread:*' &&
			lttng add-context -u -s "$session" -c events -t vtid && lttng start "$session"
	} >"$work/lttng.said" 2>&1
}

# tool_end TOOL: what is recorded lies in the directory now.
tool_end()
{
	[ "$1" = lttng ] || return 0
	timeout 60 lttng stop "$session" >"$work/lttng.said" 2>&1
	discarded=$(lttng list "$session" 2>/dev/null | awk '/Discarded events:/ { n += $3 } END { print n + 0 }')
	lttng destroy "$session" >"$work/lttng.said" 2>&1
}

# Those that a killed program has left, too, of which there may be the live file only.
traces_of()
{
	find "$1" -name '*.trace' -o -name '*.trace.live' | sed 's/\.live$//' | sort -u
}

# tool_events TOOL DIRECTORY: how many events are in the trace.
tool_events()
{
	case $1 in
	gtrace-off|lttng-dormant) ;;
	gtrace*|go) traces_of "$2" | xargs -r "$build/gtrace" check 2>/dev/null |
		awk '/ events$/ { n += $(NF - 1) } END { print n + 0 }' ;;
	lttng) babeltrace2 "$2" -c sink.utils.counter --params=step=+0 2>/dev/null |
		awk '/Event messages?$/ { n = $1 } END { print n + 0 }' ;;
	uftrace*) uftrace dump -d "$2/data" 2>/dev/null | grep -c '^[0-9]*\.[0-9]* ' ;;
	strace|ltrace) grep -vc 'resumed>' "$2/trace" ;;
	perf-trace) wc -l <"$2/trace" ;;
	perf-sched) perf report -i "$2/trace" --stats 2>/dev/null | awk '/SAMPLE events:/ { print $3; exit }' ;;
	eztrace) [ "$(tool_bytes "$1" "$2")" -gt 40000000 ] || # its reader takes seconds for a million
		find "$2" -name '*.otf2' -exec otf2-print {} + 2>/dev/null | awk '$2 ~ /^[0-9]+$/ { n++ } END { print n + 0 }' ;;
	esac
}

# tool_bytes TOOL DIRECTORY: the size of the trace, tables included.
tool_bytes()
{
	case $1 in
	gtrace-off|lttng-dormant) ;;
	*) find "$2" -type f -printf '%s\n' | awk '{ n += $1 } END { printf "%.0f\n", n }' ;;
	esac
}
