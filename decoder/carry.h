/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a recording says once and not in every generation: whose it is, names, modules, options, counts of drops. Who
 * leaves generations out carries it over into the first one that stays.
 *
 * Starts as {0}. Exits with a complaint when memory is short.
 */
#ifndef GT_CARRY_H
#define GT_CARRY_H

#include "slice.h"

struct gt_carry {
	struct gt_carried *all; /* in the order in which they were said; private to carry.c */
};

/* Keeps the free facts of a generation. Later ones replace names of the same goroutine and counts of the same cause. */
void gt_carry_take(struct gt_carry *carry, struct gt_slice *slice);

/* Writes what was kept as batches of facts of generation `gen`. They must stand before its other batches. */
void gt_carry_write(const struct gt_carry *carry, uint64_t gen, struct gt_out *out);

/* Whether a generation starts with what was carried over; the recorder itself writes events first. */
bool gt_carry_leads(struct gt_slice *slice);

void gt_carry_free(struct gt_carry *carry);

#endif
