/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stretches of addresses, each with what lies there. Filled first, asked afterwards.
 */
#ifndef GT_RANGES_H
#define GT_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No program has so many; a broken file might. */
enum { GT_RANGES_MOST = 4 << 20 };

struct gt_range {
	uint64_t low, high; /* high is behind it */
	uint64_t reach; /* the highest `high` up to here, once sorted */
	void *what;
};

/* {0} is empty. */
struct gt_ranges {
	struct gt_range *all;
	size_t n;
};

/* Adds a stretch; an empty one is left out. False when there are too many. Exits when memory is short. */
bool gt_ranges_add(struct gt_ranges *ranges, uint64_t low, uint64_t high, void *what);

/* Before the first gt_ranges_find(), when all are there. */
void gt_ranges_sort(struct gt_ranges *ranges);

/* What lies at `at`, the stretch that begins last when several do; NULL: nothing. */
void *gt_ranges_find(const struct gt_ranges *ranges, uint64_t at);

void gt_ranges_free(struct gt_ranges *ranges);

#endif
