/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What begins with one event and ends with another: tasks and regions of the program, collections, stopped worlds, sweeps
 * and assists. Told all events of a trace, in order, it adds each stretch to the sums when it is over.
 *
 * Memory: what is open. Single thread. Exits with a complaint when memory is short.
 */
#ifndef GT_STRETCH_H
#define GT_STRETCH_H

#include "filter.h"
#include "stats.h"
#include "when.h"

struct gt_stretches;

struct gt_stretches *gt_stretches_new(void);

/* Accepts NULL. */
void gt_stretches_free(struct gt_stretches *all);

/*
 * Takes an event in. Only what was begun by a thread that `filter` lets pass is summed, with its part inside `span`.
 * An end without a begin belongs to what began before the trace, and is left out.
 */
void gt_stretches_event(struct gt_stretches *all, struct gt_stats *stats, const struct gt_moment *moment,
			const struct gt_filter *filter, struct gt_span span);

/* The trace is over: what is open counts as far as it has come. */
void gt_stretches_finish(struct gt_stretches *all, struct gt_stats *stats, int64_t last, struct gt_span span);

#endif
