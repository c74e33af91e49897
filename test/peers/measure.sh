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
declare -A ops broken counted
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
		tool_end "$tool"
		return 1
	fi
	launch "$@"
	collect
	[ "$tool" = native ] || tool_end "$tool"
	[ "$how" = ok ]
}

# compose PROGRAM ARGS...: the command line, with vars and front as they are, in line.
compose()
{
	local outer=()
	[ "${front[0]:-}" != perf ] || { outer=("${front[@]}"); front=(); } # it must be root, the program perhaps not
	line=("$bin/under" "$work/result" "$seconds" "$mb" "${outer[@]}" "${as[@]}" env "${vars[@]}" "${front[@]}" "$@")
}

launch()
{
	compose "$@"
	"${line[@]}" >"${sink:-$work/out}" 2>"$work/err" </dev/null
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

# count WORK TOOL OPERATIONS: what the trace of the last run holds, of the first that there is.
count()
{
	[ -z "${counted[$1 $2]:-}" ] || return
	counted[$1 $2]=1
	row cells.tsv "$1" "$2" "$3" "$(tool_events "$2" "$place")" "$(tool_bytes "$2" "$place")" "${discarded:--}"
}

# choose_ops TOOL WORK: as many as natively, unless that takes more than a second: then so many as take a quarter of one.
choose_ops()
{
	local most=${native_ops[$2]} trial capped
	capped=$(tr ' ' '\n' <<<"${cap[$1]}" | sed -n "s/^$2=//p")
	trial=$((most / 300 > 40 ? most / 300 : 40))
	[ -z "$capped" ] || { ops[$2 $1]=$capped; return; }
	micro "$1" "$2" "$trial" || return
	ops[$2 $1]=$(awk -v ns="$wall" -v most="$most" -v least="$trial" 'BEGIN {
		n = int(250e6 / ns); print (n > most / 4 ? most : n < least ? least : n) }')
}

# sample TOOL WORK: one run, of a small program or a real one; a null tool is none.
sample()
{
	local tool=${1/#null/native}
	if [ -z "${native_ops[$2]:-}" ]; then
		program "$tool" "$2"
	elif [ "$tool" = native ]; then
		micro native "$2" "${native_ops[$2]}"
	else
		[ -n "${ops[$2 $1]:-}" ] || choose_ops "$1" "$2" || { broken[$2 $1]=1; return 1; }
		micro "$1" "$2" "${ops[$2 $1]}"
	fi
}

# native_sample WORK: the native run before is kept in before_*.
native_sample()
{
	before_wall=${native_wall:-} before_cpu=${native_cpu:-}
	sample native "$1" || { give_up "$1" native; return 1; }
	native_wall=$wall native_cpu=$cpu native_rss=$took_rss
}

mean() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", (a + b) / 2 }'; }

# turns WORK ROUND EVERY TOOL...: the native program, and each tool with native runs before and after it, whose mean is
# what the tool is compared to; with EVERY empty only the first has one after it, and the others are compared to that.
turns()
{
	local one=$1 round=$2 every=$3 tool after=1 tool_wall tool_cpu tool_rss
	shift 3
	native_sample "$one" || return
	for tool; do
		[ "${broken[$one $tool]:-0}" -lt 2 ] || continue
		sample "$tool" "$one" || { give_up "$one" "$tool"; continue; }
		tool_wall=$wall tool_cpu=$cpu tool_rss=$took_rss tool_ops=$done_ops
		[ "$tool" = null ] || count "$one" "$tool" "$done_ops"
		before_wall=$native_wall before_cpu=$native_cpu
		[ -z "$after" ] || native_sample "$one" || return
		row pairs.tsv "$one" "$tool" "$round" "$(mean "$before_wall" "$native_wall")" \
			"$(mean "$before_cpu" "$native_cpu")" "$tool_wall" "$tool_cpu" "$native_rss" "$tool_rss" "$tool_ops"
		if [ -n "$after" ] && [ -z "$every" ]; then # natively twice
			row pairs.tsv "$one" null "$round" "$before_wall" "$before_cpu" "$native_wall" "$native_cpu" "$native_rss" \
				"$native_rss" "$tool_ops"
		fi
		after=$every
	done
}
