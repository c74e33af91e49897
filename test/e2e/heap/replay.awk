# SPDX-License-Identifier: BSD-3-Clause
#
# Replays the objects and stacks of `gtrace text`: what is freed must be there, and nothing may come where something is.
# In the end the objects that are there, and what was in use before the first, are what HeapAlloc said last.
function complain(what) { if (bad++ < 5) print what ": " $0 }
function address() { for (i = 1; i < NF; i++) if ($i ~ /^(Heap|Gorou|Span)/) return $(i + 1) }
function take(table, at) { if (at in table) complain("taken twice"); table[at] = $(NF - 1) }
function release(table, at) { if (!(at in table)) complain("freed, but not there"); delete table[at] }
{ at = address(); sub(/,$/, "", at) }
/ HeapAlloc +[0-9]+$/ { if (!levels++) before = $NF; level = $NF }
/ HeapObjectAlloc / { take(object, at); objects++ }
/ HeapObject / { take(object, at); stays++ }
/ HeapObjectFree / { release(object, at) }
/ SpanAlloc / { take(span, at); spans++ }
/ Span / { take(span, at) }
/ SpanFree / { release(span, at) }
/ GoroutineStackAlloc / { take(stack, at); stacks++ }
/ GoroutineStackFree / { release(stack, at) }
/ GoroutineStack / { first++ }
END {
	for (at in object) sum += object[at]
	if (sum + before != level) { print sum " bytes of objects and " before " before, but HeapAlloc says " level; bad++ }
	if (objects < 1000 || spans < 1 || stacks < threads || first != 1 || stays < 1) {
		print objects " objects, " stays + 0 " that stay, " spans + 0 " spans, " stacks + 0 " stacks, " first + 0 " first"
		bad++
	}
	exit bad > 0
}
