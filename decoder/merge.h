/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Several traces as one, by time: those of a program and its children. What ties them together is CLOCK_MONOTONIC,
 * to which the Clock facts tie each trace. A single trace needs none: its own clock counts.
 *
 * Memory: one generation of each. Of equal times, the trace that was named first goes first. The order within a
 * trace is never changed.
 */
#ifndef GT_MERGE_H
#define GT_MERGE_H

#include "progress.h"
#include "source.h"
#include "when.h"

struct gt_merge {
	struct gt_source *source; /* n of them, in the order of their paths */
	int n;
	int64_t start; /* time of the first event of all */
	struct gt_track *track; /* private to merge.c, like what follows */
	int *heap;
	int live, taken;
};

/*
 * Opens all paths. `symbols`, `on_fact`: as in source.h, for each; the argument of the latter is what fact_arg(arg, i)
 * gives, NULL: arg itself. Exits when memory is short.
 */
typedef void *gt_merge_arg_fn(void *arg, int i);
void gt_merge_open(struct gt_merge *merge, char *const *paths, int n, struct gt_symbols *symbols, gt_fact_fn *on_fact,
		   gt_merge_arg_fn *fact_arg, void *arg);

/* The path of a trace that cannot be merged with others, since it has no Clock fact; NULL: there is none. */
const char *gt_merge_unclocked(const struct gt_merge *merge);

/*
 * Whether the traces can be merged, and placed on the wall clock if that is wanted. Complains about the first that can't.
 * Before the first gt_merge_next().
 */
bool gt_merge_suits(const struct gt_merge *merge, bool wants_wall);

/* A complaint for each trace that is broken or unreadable. Their number. */
int gt_merge_complain(const struct gt_merge *merge);

/* The number of the trace whose `ev` is next, -1 when all have ended. It is told to its lives by the caller. */
int gt_merge_next(struct gt_merge *merge);

/* Leaves a trace out from now on, though it has not ended: it is neither broken nor judged any more. */
void gt_merge_drop(struct gt_merge *merge, int i);

/* When the event of trace i happens, in nanoseconds since `start`. Never less than that of the event before. */
int64_t gt_merge_time(const struct gt_merge *merge, int i);

/* What a window is on the clock of trace i. */
struct gt_span gt_merge_span(const struct gt_merge *merge, int i, const struct gt_window *window);

/* Counts the event of trace i, and draws how far the work has come when it is time to. */
void gt_merge_progress(const struct gt_merge *merge, int i, struct gt_progress *progress);

/* Time `start` on the clock of trace i. */
int64_t gt_merge_start_of(const struct gt_merge *merge, int i);

void gt_merge_close(struct gt_merge *merge);

#endif
