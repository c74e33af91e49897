/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The ordering model: what threads (G), slots (P) and kernel threads (M) are doing, and whether an event can be next.
 *
 * The state outlives generations. Timestamps play no part here: program order per M and sequence numbers decide.
 */
#ifndef GT_ORDER_H
#define GT_ORDER_H

#include "generation.h"
#include "trace_event.h"

struct gt_order;

/* An event as its thread wrote it. */
struct gt_raw_event {
	uint8_t type;
	int64_t time;
	uint64_t args[GT_MAX_ARGS + 1]; /* the last is 0 */
	const struct gt_fact_record *facts;
	size_t nfacts;
};

/* An event in its place, before its ids are looked up. The fields behind `raw` are the order's to fill in. */
struct gt_placed_event {
	struct gt_raw_event raw;
	int64_t m, p, g;
	uint8_t old; /* state before, for status events and ProcSteal */
	uint64_t parent; /* of a task that ends */
	const struct gt_string *name; /* of a task that ends */
};

enum gt_advance { GT_BROKEN = -1, GT_NOT_YET = 0, GT_ADVANCED = 1 };

/* NULL when memory is short. */
struct gt_order *gt_order_new(void);

/* Accepts NULL. */
void gt_order_free(struct gt_order *order);

/*
 * Whether ev->raw, from the stream of `m` in `gen`, can be next. GT_ADVANCED: it happened, and *ev is filled in;
 * gt_order_take() has it, and perhaps more, and must be emptied before the next call. GT_NOT_YET: others have to come
 * first. GT_BROKEN: *err.
 */
enum gt_advance gt_order_advance(struct gt_order *order, const struct gt_generation *gen, int64_t m,
				 struct gt_placed_event *ev, struct gt_error *err);

/* The next placed event, or NULL. Valid until the next gt_order_advance(), and while what was given to the last is. */
const struct gt_placed_event *gt_order_take(struct gt_order *order);

#endif
