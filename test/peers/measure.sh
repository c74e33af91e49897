# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # its variables are those of run
#
# One run, one pair, and what is written down of them, below $raw, tab-separated:
#   pairs.tsv   WORK TOOL ROUND, wall and CPU natively, wall and CPU under the tool (nanoseconds per operation), peak
#               memory natively and under the tool (KB), how many operations
#   cells.tsv   WORK TOOL OPERATIONS EVENTS BYTES DISCARDED of one run
#   failed.tsv  WORK TOOL REASON
# Sourced by run.

as=()      # the user that the program must be
seconds=20 # that a run may take
mb=12288   # address space that a process may take
declare -A ops broken
place=$work/trace # where the tool leaves its trace

# execute TOOL PROGRAM ARGS...: its output is in $work/out; what became of it in how, took_wall, took_cpu, took_rss.
execute()
{
	local tool=$1
	shift
	if [ "$tool" = native ]; then
		vars=() front=()
	elif ! tool_begin "$tool" "$place"; then
		how="the tool cannot be started: $(tail -n 1 "$work/lttng.said")"
		return 1
	fi
	launch "$@"
	collect
	[ "$tool" = native ] || tool_end "$tool"
	[ "$how" = ok ]
}

# launch PROGRAM ARGS...: with vars and front as they are.
launch()
{
	local outer=()
	[ "${front[0]:-}" != perf ] || { outer=("${front[@]}"); front=(); } # it must be root, the program perhaps not
	"$bin/under" "$work/result" "$seconds" "$mb" "${outer[@]}" "${as[@]}" env "${vars[@]}" "${front[@]}" "$@" \
		>"$work/out" 2>"$work/err" </dev/null
}

# collect: what under wrote.
collect()
{
	IFS=$'\t' read -r how took_wall took_cpu took_rss <"$work/result" || how="no result"
	case $how in
	ok) ;;
	timeout) how="not ready after $seconds s" ;;
	*) how="$how: $(tr '\t\n' '  ' <"$work/err" | tail -c 150)" ;;
	esac
}

# per_operation: what the program says of itself, of the last run.
per_operation()
{
	read -r done_ops wall cpu <"$work/out" && [ -n "$cpu" ] && return
	how="no result of the program"
	return 1
}

# micro TOOL WORK OPS
micro()
{
	execute "$1" "$bin/micro" "$2" "$3" && per_operation
}

row() # row FILE FIELD...
{
	local file=$raw/$1 IFS=$'\t'
	shift
	echo "$*" >>"$file"
}

# give_up WORK TOOL: after the second time it isn't tried again.
give_up()
{
	row failed.tsv "$1" "$2" "$how"
	broken[$1 $2]=$((${broken[$1 $2]:-0} + 1))
}

# count WORK TOOL OPERATIONS: what the trace of the last run holds.
count()
{
	row cells.tsv "$1" "$2" "$3" "$(tool_events "$2" "$place")" "$(tool_bytes "$2" "$place")" "${discarded:--}"
}

# choose_ops TOOL WORK: so many that a run takes a quarter of a second, as many as natively at most.
choose_ops()
{
	local most=${native_ops[$2]} trial capped
	capped=$(tr ' ' '\n' <<<"${cap[$1]}" | sed -n "s/^$2=//p")
	trial=$((most / 300 > 40 ? most / 300 : 40))
	[ -z "$capped" ] || { ops[$2 $1]=$capped; return; }
	micro "$1" "$2" "$trial" || return
	ops[$2 $1]=$(awk -v ns="$wall" -v most="$most" -v least="$trial" 'BEGIN {
		n = int(250e6 / ns); print (n > most ? most : n < least ? least : n) }')
}

# micro_pair WORK TOOL ROUND
micro_pair()
{
	local work_=$1 tool=$2
	[ "${broken[$1 $2]:-0}" -lt 2 ] || return 0
	if [ "$tool" != null ] && [ -z "${ops[$1 $2]:-}" ] && ! choose_ops "$tool" "$work_"; then
		broken[$1 $2]=1
		give_up "$1" "$2"
		return
	fi
	micro native "$work_" "${native_ops[$work_]}" || { give_up "$1" "$2"; return; }
	local native_wall=$wall native_cpu=$cpu native_rss=$took_rss
	if [ "$tool" = null ]; then
		micro native "$work_" "${native_ops[$work_]}"
	else
		micro "$tool" "$work_" "${ops[$1 $2]}"
	fi || { give_up "$1" "$2"; return; }
	row pairs.tsv "$work_" "$tool" "$3" "$native_wall" "$native_cpu" "$wall" "$cpu" "$native_rss" "$took_rss" "$done_ops"
	[ "$3" != 1 ] || [ "$tool" = null ] || count "$work_" "$tool" "$done_ops"
}
