# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=sh disable=SC2154 # gtrace, seeds, dir and expect are those of run, which sources this
#
# The options of gtrace stats, gtrace cut and gtrace cat. Expects family/*.trace, and long.trace of many generations.

refuse "'colour' is no table" stats --by=thread,colour "$seeds/facts"
refuse "'' is no table" stats --by= "$seeds/facts"
refuse "'x' is no number of rows" stats --top=x "$seeds/facts"
refuse "'-1' is no number of rows" stats --top=-1 "$seeds/facts"
refuse "'x': a number, please" stats --goroutine=x "$seeds/facts"

expect 0 '^processes: 3$' '' "$gtrace" stats family/*.trace
expect 0 '^    family\[[0-9]+\] .* forked ' '' "$gtrace" stats family/*.trace
expect 1 '' 'facts: cannot be merged with others' "$gtrace" stats "$seeds/facts" "$one"
expect 1 '^processes: 2$' 'absent: cannot open' "$gtrace" stats absent "$one"
expect 0 '^waits by call site:$' '' "$gtrace" stats --by=site family/*.trace
grep -Eq '^(threads|waits by reason|system calls|options)' out && fail 'tables that --by did not choose'
expect 0 '^  and [0-9]+ more$' '' "$gtrace" stats --by=thread --top=1 family/*.trace
expect 0 '^threads: 3$' '' "$gtrace" stats --by=thread --thread=worker "$one"
expect 0 '^threads: 0$' '' "$gtrace" stats --by=thread --from=1h "$one"
expect 0 '^ +1 +0ns .* mutex 0x10$' '' "$gtrace" stats --by=object "$seeds/facts"
if command -v python3 >/dev/null; then
	"$gtrace" stats --json family/*.trace >stats.json
	python3 - stats.json "$seeds/../../../docs/json.md" <<-'END' || fail 'stats --json is not what docs/json.md says'
		import json, sys
		known = open(sys.argv[2]).read()
		report = json.load(open(sys.argv[1]))
		def keys(value):
		    if isinstance(value, list):
		        for v in value: keys(v)
		    elif isinstance(value, dict):
		        for k, v in value.items():
		            assert "`%s`" % k in known, k
		            keys(v)
		keys(report)
		parents = [p for p in report["processes"] if p["parent"] is None]
		assert len(parents) == 1 and len(report["processes"]) == 3
		for t in report["threads"]:
		    assert t["total_ns"] == t["waiting_ns"], t
		    assert t["p50_ns"] <= t["p99_ns"] <= t["max_ns"], t
		assert sum(t["total_ns"] for t in report["threads"]) == sum(r["total_ns"] for r in report["reasons"])
		assert sum(t["total_ns"] for t in report["objects"]) == sum(r["total_ns"] for r in report["sites"])
	END
fi

# Folded stacks: as much time as the tables have; and no tables with them.
for what in wait syscall create; do
	expect 0 '' '' sh -c '"$1" stats --folded="$2" "$3" >folded.$2' sh "$gtrace" $what "$one"
	grep -Evq '^[^ ;][^;]*(;[^;]+)*;\[[^];]+\] [1-9][0-9]*$' folded.$what && fail "no folded stack: $(grep -Ev '\] [0-9]+$' folded.$what | head -1)"
	[ -s folded.$what ] || fail "nothing is folded: $what"
done
"$gtrace" stats --json "$one" | python3 -c '
import json, sys
total = lambda name: sum(int(line.rsplit(" ", 1)[1]) for line in open("folded." + name))
report = json.load(sys.stdin)
assert total("wait") == sum(r["total_ns"] for r in report["reasons"])
assert total("syscall") == sum(r["total_ns"] for r in report["syscalls"])
' || fail 'folded stacks have other sums than the tables'
expect 1 '' 'No space left' sh -c '"$1" stats --folded=wait "$2" >/dev/full' sh "$gtrace" "$one"
expect 1 '' 'torn: ' "$gtrace" stats --folded=wait torn
refuse "'all' cannot be folded" stats --folded=all "$one"
refuse 'folded prints none' stats --folded=wait --json "$one"

# What is cut is a trace, and goes together again: the first generation, the second, and the rest.
ends=$("$gtrace" text --csv --event=Sync long.trace | cut -d, -f3)
first=$(echo "$ends" | sed -n 2p)ns
second=$(echo "$ends" | sed -n 3p)ns
[ "$(echo "$ends" | wc -l)" -gt 3 ] || fail 'long.trace has less than three generations'
behind() { # behind TIME: a nanosecond later
	echo "$((${1%ns} + 1))ns"
}
expect 0 '' '' "$gtrace" cut --to="$first" -o a.trace long.trace
expect 0 '' '' "$gtrace" cut --from="$(behind "$first")" --to="$second" -o b.trace long.trace
expect 0 '' '' sh -c '"$1" cut --from="$2" - <long.trace >c.trace' sh "$gtrace" "$(behind "$second")"
expect 0 'a.trace: sound.*' '' "$gtrace" check a.trace b.trace c.trace
expect 0 '^program: +.*, pid [0-9]+' '' "$gtrace" stats b.trace
expect 0 '' '' "$gtrace" cat -o all.trace a.trace b.trace c.trace
"$gtrace" text long.trace >long.txt
"$gtrace" text all.trace >all.txt
cmp -s long.txt all.txt || fail 'what was cut and joined is another trace'
"$gtrace" stats long.trace >long.txt
"$gtrace" stats all.trace >all.txt
cmp -s long.txt all.txt || fail 'what was cut and joined has other sums'
expect 0 'sound' '' sh -c '"$1" cat a.trace - <b.trace | "$1" check -' sh "$gtrace"
expect 0 'sound, 1 generations' '' sh -c '"$1" cut --from=50us "$2" | "$1" check' sh "$gtrace" "$seeds/two-generations"

# What does not belong together is refused in one line, and nothing is written.
apart() {
	expect 1 '' 'does not go with the files before it' "$gtrace" cat -o none.trace "$@"
	[ "$(wc -l <err)" -eq 1 ] || fail "not one line: cat $*"
	[ ! -e none.trace ] || fail "something was written: cat $*"
}
apart a.trace c.trace
apart b.trace a.trace
apart a.trace "$one"
refuse 'no traces given' cat -o none.trace
refuse 'would be overwritten' cat -o a.trace a.trace b.trace
refuse 'would be overwritten' cut -o ./a.trace a.trace
refuse 'would be overwritten' symbolize -o ./a.trace a.trace
refuse 'is too much' symbolize a.trace b.trace
ln -s a.trace alias.trace
refuse 'would be overwritten' cut -o alias.trace a.trace
expect 1 '' 'nothing of it is in that time' "$gtrace" cut --from=1h -o none.trace long.trace
expect 1 '' 'does not know the wall clock' "$gtrace" cut --from=2026-01-01T00:00 -o none.trace "$seeds/facts"
# Generations of newer Go end with a byte, may be empty, and say the wall clock.
expect 0 '' '' "$gtrace" cut --to=3us -o newer-a.trace "$seeds/ends-of-generations"
expect 0 '' '' env TZ=UTC "$gtrace" cut --from=2023-11-14T22:13:24 -o newer-b.trace "$seeds/ends-of-generations"
expect 0 'newer-b.trace: sound, 2 generations' '' "$gtrace" check newer-a.trace newer-b.trace
expect 0 '' '' "$gtrace" cat -o newer.trace newer-a.trace newer-b.trace
cmp -s newer.trace "$seeds/ends-of-generations" || fail 'what was cut of a newer trace and joined is another one'
expect 1 '' 'does not go with the files before it: it is of another version' \
	"$gtrace" cat -o newer.trace newer-a.trace "$seeds/sync-batches"
expect 0 '2023-11-14T22:13:24.* start of generation' '' env TZ=UTC "$gtrace" text --time=wall "$seeds/sync-batches"
for command in cut cat symbolize; do
	expect 1 '' 'junk: not a trace' "$gtrace" $command -o none.trace junk
	expect 1 '' 'absent: cannot open' "$gtrace" $command -o none.trace absent
	expect 1 '' '/nonexistent/x: No such file' "$gtrace" $command -o /nonexistent/x a.trace
	expect 1 '' 'No space left' sh -c '"$1" '$command' a.trace >/dev/full' sh "$gtrace"
done
[ ! -e none.trace ] || fail 'a file without a trace in it was written'

# Of a torn trace, what is whole.
head -c $(($(wc -c <long.trace) - 5)) long.trace >short.trace
for command in cut cat symbolize; do
	rm -f whole.trace
	expect 1 '' 'short.trace: the file ends in ' "$gtrace" $command -o whole.trace short.trace
	expect 0 'whole.trace: sound, ' '' "$gtrace" check whole.trace
done

# An existing file is replaced as a whole; nothing is left beside it.
mkdir clean
: >clean/out
expect 0 '' '' "$gtrace" cut --to="$first" -o clean/out long.trace
cmp -s clean/out a.trace || fail 'cut -o has not replaced the file'
[ "$(find clean -type f | wc -l)" -eq 1 ] || fail 'cut has left something behind'
