/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The stacks of one trace with full names: the files that its facts name are asked for functions, inlined functions and
 * lines.
 *
 * A frame is looked up when it says no more than the recorder does: no line, and no file but that of its module. Else, and
 * when nothing can be had, the names of the trace stay, made readable. A pseudo frame is never looked up.
 *
 * Single thread. Exits with a complaint when memory is short.
 */
#ifndef GT_FULL_NAMES_H
#define GT_FULL_NAMES_H

#include "symbols.h"
#include "trace_event.h"

struct gt_full_names;

/* `symbols` must live as long. */
struct gt_full_names *gt_full_names_new(struct gt_symbols *symbols);

/* Accepts NULL. */
void gt_full_names_free(struct gt_full_names *names);

/* Takes in what is loaded; other facts change nothing. Facts of a generation come before its stacks. */
void gt_full_names_fact(struct gt_full_names *names, uint64_t gen, const struct gt_fact_record *fact);

/*
 * The stack with full names; `kind` is that of its innermost pc, calls have returned to all others. It has at most
 * GT_MAX_FRAMES frames: an inlined function has one of its own, with the pc of the function that it is inlined into. Lives
 * until a stack of another generation is asked for, and is the answer for this id and kind until then.
 */
const struct gt_stack *gt_full_names_stack(struct gt_full_names *names, uint64_t gen, const struct gt_stack *stack,
					   enum gt_pc_kind kind);

/* Gives the event its stacks with full names. */
void gt_full_names_event(struct gt_full_names *names, struct gt_trace_event *ev);

#endif
