/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From a placed event to what it means: ids become texts and stacks, types become kinds and transitions.
 */
#ifndef GT_RESOLVE_H
#define GT_RESOLVE_H

#include "order.h"

/* Fills *ev. 0, or -1 with *err when an id is not in the tables of the generation. */
int gt_resolve(const struct gt_placed_event *placed, const struct gt_generation *gen, struct gt_trace_event *ev,
	       struct gt_error *err);

/* Only looks whether all ids are in the tables. 0, or -1 with the same *err. */
int gt_resolve_check(const struct gt_placed_event *placed, const struct gt_generation *gen, struct gt_error *err);

/* What gt_resolve() does, for a sample of the processor's profile, and for the end of the generation. */
void gt_resolve_sample(const struct gt_sample *sample, const struct gt_generation *gen, struct gt_trace_event *ev);
void gt_resolve_sync(const struct gt_generation *gen, int64_t time, struct gt_trace_event *ev);

#endif
