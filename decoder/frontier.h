/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The next event of every thread of a generation, in a heap by time.
 */
#ifndef GT_FRONTIER_H
#define GT_FRONTIER_H

#include "order.h"

struct gt_cursor {
	int64_t m;
	struct gt_batch *batch; /* NULL: no more events */
	size_t at; /* in its payload, behind the event below */
	int64_t last; /* time of the event before; 0: none yet */
	int64_t index; /* in the batch, of the event below */
	size_t fact; /* the first fact behind the event below */
	struct gt_raw_event ev;
};

struct gt_frontier {
	const struct gt_generation *gen;
	struct gt_cursor **heap;
	size_t n;
	struct gt_cursor *cursors;
};

/* Starts on a generation, which must outlive the frontier. 0, or -1 with *err. Close in both cases. */
int gt_frontier_open(struct gt_frontier *f, const struct gt_generation *gen, struct gt_error *err);
void gt_frontier_close(struct gt_frontier *f);

/*
 * Lets the earliest event that can happen happen. 0, or -1 with *err: a broken event, or none that can be next.
 * Needs at least one event in the heap.
 */
int gt_frontier_advance(struct gt_frontier *f, struct gt_order *order, struct gt_error *err);

#endif
