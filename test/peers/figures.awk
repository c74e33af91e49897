# SPDX-License-Identifier: BSD-3-Clause
#
# What was measured, for the tables of the page: reads the tables and the raw figures (see measure.sh), each known by
# its name.

function named(t) { return t == "null" ? "native again" : t == "go" ? "Go 1.23 `runtime/trace`, the same work in Go" : label[t] }

function name_of(path) { sub(/.*\//, "", path); return path }

BEGIN { FS = "\t"; SUBSEP = " " }
FNR == 1 { file = name_of(FILENAME) }
/^#/ || NF == 0 { next }

file == "tools.tsv" { tool[++tools] = $1; label[$1] = $2; on[$1] = $4; every[$1] = $5; real[$1] = $5 !~ /\/0$/ }
file == "works.tsv" { work[++works] = $1; calls[$1] = $3; title[$1] = $4; what[$1] = $5 }
file == "programs.tsv" { program[++programs] = $1; unit[$1] = $2; title[$1] = $3; what[$1] = $4 }
file == "sights.tsv" {
	sight[++sights] = $1
	sub(/^[^\t]*\t/, "")
	gsub(/\t/, " | ")
	seen_by[sights] = $0
}
file == "missing.tsv" { missing[$1] = $2; seen[$1] = 1 }
file == "failed.tsv" { failed[$1, $2] = $3; failures[$1, $2]++; seen[$2] = 1 }
file == "cells.tsv" { cell_ops[$1, $2] = $3; events[$1, $2] = $4; bytes[$1, $2] = $5; discarded[$1, $2] = $6 }
file == "pairs.tsv" {
	n = ++pairs[$1, $2]
	seen[$2] = 1
	wall_added[$1, $2, n] = $6 - $4
	cpu_added[$1, $2, n] = $7 - $5
	if ($4 > 0 && $6 > 0) {
		wall_ratio[$1, $2, n] = $6 / $4
		rate_ratio[$1, $2, n] = $4 / $6
	}
	if ($5 > 0)
		cpu_ratio[$1, $2, n] = $7 / $5
	if ($2 != "go") {
		native_wall[$1, ++natives[$1]] = $4
		native_cpu[$1, natives[$1]] = $5
	}
	memory[$1, $2, n] = ($9 - $8) / 1024
}

file == "kills.tsv" { killed_ops[$1] = $2; whole[$1] = $3; left[$1] = $4 }
file == "events.tsv" {
	n = ++rounds_of_events
	for (i = 2; i <= 5; i++)
		event_ns[i, n] = $i
	if ($8 > 0)
		event_ns["go", ++rounds_of_go] = ($7 - $6) / $8
}
file == "decode.tsv" {
	reader[++readers] = $1
	whose[$1] = $2
	read_events[$1] = $3
	read_bytes[$1] = $4
	read_seconds[$1] = $5
	read_kb[$1] = $6
}

# sorted(FROM, KEY, N): the N values FROM[KEY, 1..N] in v[1..N], in order.
function sorted(from, key, n, i, j, x) {
	for (i = 1; i <= n; i++) {
		x = from[key, i] + 0
		for (j = i - 1; j >= 1 && v[j] > x; j--)
			v[j + 1] = v[j]
		v[j + 1] = x
	}
}

function median(from, key, n) {
	if (n == 0)
		return ""
	sorted(from, key, n)
	return (v[int((n + 1) / 2)] + v[int(n / 2) + 1]) / 2
}

# Three digits that count.
function number(x, magnitude) {
	if (x == "")
		return "–"
	magnitude = x < 0 ? -x : x
	return sprintf(magnitude >= 100 ? "%.0f" : magnitude >= 10 ? "%.1f" : "%.2f", x)
}

# The median of the pairs, with the least and the most.
function spread(from, key, n, sign, mid) {
	mid = median(from, key, n)
	return n == 0 ? "–" : sprintf(sign "%s [%s..%s]", number(mid), number(v[1]), number(v[n]))
}

# What is said where there is no figure.
function without(key, t) {
	return missing[t] != "" ? "missing: " missing[t] : key in failed ? "fails: " failed[key] : "not run"
}

function remark(key, text) {
	if (discarded[key] + 0 > 0)
		text = sprintf("%d events discarded", discarded[key])
	if (key in failed)
		text = text (text == "" ? "" : "; ") sprintf("failed %d times: %s", failures[key], failed[key])
	return text
}

# Of next to nothing the tables are the most.
function density(key) {
	return number(per(events[key], cell_ops[key]) > 0.05 ? per(bytes[key], events[key]) : "")
}

function per(a, b) { return a == "" || b == "" || b + 0 == 0 ? "" : a / b }
