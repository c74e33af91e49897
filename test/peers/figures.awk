# SPDX-License-Identifier: BSD-3-Clause
#
# What was measured, for the tables of the page: reads the tables and the raw figures (see measure.sh), each known by
# its name.

function name_of(path) { sub(/.*\//, "", path); return path }

BEGIN { FS = "\t"; SUBSEP = " " }
FNR == 1 { file = name_of(FILENAME) }
/^#/ || NF == 0 { next }

file == "tools.tsv" { tool[++tools] = $1; label[$1] = $2; micro_on[$1] = $4; every[$1] = $5 }
file == "works.tsv" { work[++works] = $1; calls[$1] = $3; title[$1] = $4; what[$1] = $5 }
file == "programs.tsv" { program[++programs] = $1; unit[$1] = $2; title[$1] = $3; what[$1] = $4 }
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
	native_wall[$1, ++natives[$1]] = $4
	native_cpu[$1, natives[$1]] = $5
	memory[$1, $2, n] = ($9 - $8) / 1024
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

function per(a, b) { return a == "" || b == "" || b + 0 == 0 ? "" : a / b }
