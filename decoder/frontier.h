/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The next event of every thread of a generation, in a heap by time.
 */
#ifndef GT_FRONTIER_H
#define GT_FRONTIER_H

#include "order.h"
#include "tied.h"

struct gt_cursor {
	const uint8_t *at, *end; /* in the payload, behind `ev` */
	int64_t last; /* time of the event before; 0: none yet */
	int64_t index; /* of `ev` in the batch */
	int64_t m;
	const struct gt_batch *batch; /* NULL: no more events */
	const struct gt_batch *next;
	uint64_t done; /* bytes of payload that are behind it */
	struct gt_placed_event *ev; /* the next one; the other one may be on its way to the user */
	struct gt_placed_event evs[2];
	struct gt_room room; /* payload of the batch */
	struct gt_tied tied; /* facts of the batch */
};

/* The time stands beside the cursor, so that the heap is compared in one place. */
struct gt_front {
	int64_t time;
	struct gt_cursor *cursor;
};

struct gt_frontier {
	const struct gt_generation *gen;
	struct gt_front *heap;
	size_t n;
	struct gt_cursor *cursors;
	size_t ncursors;
	struct gt_fact_list facts; /* of the event that was tried last */
};

/* Starts on a generation, which must outlive the frontier. 0, or -1 with *err. Close in both cases. */
int gt_frontier_open(struct gt_frontier *f, const struct gt_generation *gen, struct gt_error *err);
void gt_frontier_close(struct gt_frontier *f);

/* Bytes of payload that were read to their end. */
uint64_t gt_frontier_done(const struct gt_frontier *f);

/*
 * Lets the earliest event that can happen happen. 0, or -1 with *err: a broken event, or none that can be next.
 * Needs at least one event in the heap.
 */
int gt_frontier_advance(struct gt_frontier *f, struct gt_order *order, struct gt_error *err);

#endif
