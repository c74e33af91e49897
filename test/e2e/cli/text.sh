# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=sh disable=SC2154 # gtrace, seeds, dir and expect are those of run, which sources this
#
# The options of gtrace text. Expects family/*.trace: a program and its children; pipe.trace: none of it.

one=$(ls family/*.trace | head -n 1)

# Values that make no sense: one line, the pointer to the help, status 2, nothing printed.
refuse() {
	what=$1
	shift
	expect 2 '' "$what" "$gtrace" "$@"
	[ "$(wc -l <err)" -eq 2 ] || fail "not one line and the help: $*"
}

for option in --format=verse --time=never --color=mauve; do
	refuse "is no" text $option "$seeds/facts"
done
for time in 5 soon 1.5 -1s 1x 2026-01-31 2026-02-30T25:00; do
	refuse "'$time' is no time" text --from="$time" "$seeds/facts"
	refuse "'$time' is no time" text --to="$time" "$seeds/facts"
	refuse "'$time' is no time" stats --to="$time" "$seeds/facts"
	refuse "'$time' is no time" cut --from="$time" -o nothing "$seeds/facts"
done
refuse "'x': a number, please" text --goroutine=x "$seeds/facts"
refuse "'x': a number, please" text --proc=x "$seeds/facts"
refuse "'2-1': generations are N or N-M" text --generation=2-1 "$seeds/facts"
refuse "no event is called 'GoSleep'" text --event=GoBlock,GoSleep "$seeds/facts"
refuse "an object is an address" text --object=mutex "$seeds/facts"
refuse "'\(': " text --grep='(' "$seeds/facts"
refuse "a thread has a number or a name" text --thread= "$seeds/facts"
refuse "filters do not go with --format=go" text --format=go --goroutine=1 "$seeds/facts"
refuse "filters do not go with --format=go" text --format=wire --from=1s "$seeds/facts"
refuse "one trace at a time" text --format=go "$seeds/facts" "$seeds/facts"
refuse "standard input can be read once" text - -

# Each filter shows what it should and hides the rest.
shows() { # shows PATTERN HIDDEN OPTION...: of create-block-wake
	pattern=$1 hidden=$2
	shift 2
	expect 0 "$pattern" '' "$gtrace" text "$@" "$seeds/create-block-wake"
	grep -Eq "$hidden" out && fail "'$hidden' is shown: text $*"
}
shows 'GoBlock .*Waiting, sync  after 2ns$' 'GoStart|Status|generation' --event='GoBl*'
shows 'GoUnblock .*after 2ns$' 'GoDestroy|Create' --reason='sy*'
shows 'GoCreate .*G2' 'GoBlock|ProcStatus' --goroutine=2
shows 'GoStart' 'end of generation' --proc=0
shows 'GoDestroy' 'end of generation' --thread=1
shows 'GoStart' 'GoBlock|GoUnblock' --from=4ns --to=4ns
shows 'GoBlock' 'ProcStatus' --from=3ns
shows 'GoStart|GoBlock' 'GoCreate' --event=GoStart --event=GoBlock
shows 'GoStart' 'GoBlock' --event=GoStart,GoBlock --goroutine=2
shows 'GoDestroy' 'GoBlock' --grep='after 2ns$' --grep=nothing --event=GoDestroy
expect 0 'mutex 0x10  after 1ns' '' "$gtrace" text --object=0x10 "$seeds/facts"
expect 0 '' '' "$gtrace" text --object=0x11 "$seeds/facts"
expect 0 '' '' "$gtrace" text --object='descriptor 16' "$seeds/facts"
expect 0 'UserTaskEnd' '' "$gtrace" text --generation=2 "$seeds/two-generations"
grep -q UserTaskBegin out && fail 'generation 1 is shown'

# Forms and clocks.
expect 0 '^\{"time_ns":2,"generation":1,"event":"GoBlock",' '' "$gtrace" text --json "$seeds/facts"
expect 0 '^process,pid,time_ns,' '' "$gtrace" text --csv "$seeds/facts"
expect 0 '^,,2,,1,GoBlock,' '' "$gtrace" text --format=csv "$seeds/facts"
expect 1 '' 'facts: does not know the wall clock' "$gtrace" text --time=wall "$seeds/facts"
expect 1 '' 'facts: does not know the wall clock' "$gtrace" text --from=2026-01-01T00:00 "$seeds/facts"
expect 1 '' 'facts: cannot be merged with others' "$gtrace" text "$seeds/facts" "$one"
expect 1 '^\{"time_ns"' 'torn: the file ends in ' "$gtrace" text --json torn
expect 1 '^process,' 'torn: the file ends in ' "$gtrace" text --csv torn
expect 0 '^20[0-9-]*T[0-9:]*\.[0-9]{9}[+-][0-9:]{5} G' '' "$gtrace" text --time=wall "$one"
expect 0 '^ +[0-9]+ G' '' "$gtrace" text --time=raw "$one"
when=$("$gtrace" text --time=wall --event=GoBlock "$one" | sed -n '5s/ .*//p')
expect 0 "^$(echo "$when" | sed 's/+/[+]/') " '' "$gtrace" text --time=wall --from="$when" --to="$when" "$one"
[ "$(wc -l <out)" -eq 1 ] || fail "one moment is not one line"
"$gtrace" text --json family/*.trace >whole.json
if command -v python3 >/dev/null; then
	python3 - whole.json "$seeds/../../../docs/json.md" <<-'END' || fail 'text --json is not what docs/json.md says'
		import json, sys
		known = open(sys.argv[2]).read()
		last, processes = -1, set()
		for line in open(sys.argv[1]):
		    event = json.loads(line)
		    assert event["time_ns"] >= last, event
		    last = event["time_ns"]
		    processes.add(event["process"])
		    for key in event:
		        assert "| `%s` |" % key in known, key
		assert len(processes) == 3, processes
	END
	"$gtrace" text --csv --stacks family/*.trace >whole.csv
	python3 - whole.csv <<-'END' || fail 'text --csv cannot be read'
		import csv, sys
		rows = list(csv.reader(open(sys.argv[1], newline="")))
		assert len(rows) > 100 and all(len(row) == len(rows[0]) for row in rows)
	END
fi
expect 0 '^ +[0-9.]+ms family\[[0-9]+\] +G.* worker/[0-9]+ ' '' "$gtrace" text --thread='work*' family/*.trace
grep -q 'wait4' out && fail 'the main thread is no worker'

# Nothing is lost or overwritten in silence; readers may leave.
cp "$one" precious.trace
refuse 'would be overwritten' text -o precious.trace precious.trace
cmp -s "$one" precious.trace || fail 'text -o has overwritten its input'
expect 1 '' 'No space left' sh -c '"$1" text --json "$2" >/dev/full' sh "$gtrace" "$one"
for form in --json --csv --format=people --format=go; do
	expect 0 '' '' sh -c '"$1" text '$form' "$2" "$2" 2>&1 | true' sh "$gtrace" "$one"
	expect 0 . '' sh -c 'trap "" PIPE; { "$1" text '$form' "$2"; echo $? >status; } | head -n 1' sh "$gtrace" "$one"
	[ "$(cat status)" = 0 ] || fail "a reader that leaves: status $(cat status), $form"
done

# Colour: on request, never by itself where it goes to a file.
expect 0 'G1' '' "$gtrace" text "$seeds/facts"
grep -q "$(printf '\033')" out && fail 'colour in a file'
expect 0 "^$(printf '\033')\[2m " '' "$gtrace" text --color=always "$seeds/facts"
expect 0 '"GoBlock"' '' "$gtrace" text --color=always --json "$seeds/facts"
grep -q "$(printf '\033')" out && fail 'colour in JSON'
if command -v script >/dev/null; then
	for variable in TERM=xterm NO_COLOR=1; do
		env TERM=xterm $variable script -qec "'$gtrace' text '$seeds/facts'" /dev/null </dev/null >terminal.out 2>&1
		grep -q "$(printf '\033')\[2m" terminal.out && coloured=yes || coloured=no
		[ $variable=$coloured = TERM=xterm=yes ] || [ $variable=$coloured = NO_COLOR=1=no ] ||
			fail "on a terminal with $variable: colour $coloured"
	done
fi
