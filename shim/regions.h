/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The regions that are open in one thread, innermost last. A reader takes the end of a region only with the task and the
 * name of the innermost one, and gives the whole trace up otherwise: so what ends is decided here, and the end is written
 * from here.
 *
 * Law: changed by the thread alone, with its sequence word odd, so that its own signal handlers stay away.
 */
#ifndef GT_REGIONS_H
#define GT_REGIONS_H

#include <stdbool.h>
#include <stdint.h>

enum { GT_REGIONS_DEEP = 128 };

struct gt_region {
	uint64_t asked; /* the task as the program said it */
	uint64_t task; /* as it stands in the trace */
	uint64_t began; /* if that is in the trace */
	uint32_t name; /* a kept text (texts.h) */
	bool is_written; /* its begin is in the trace */
	bool is_ended; /* its end is not yet */
};

struct gt_regions {
	uint32_t trace; /* by its first generation: regions of another one are forgotten */
	uint32_t depth;
	uint32_t deeper; /* those beyond, which are not recorded */
	struct gt_region open[GT_REGIONS_DEEP];
};

/* Those of another trace are forgotten, since not all of their ends may have been said. */
void gt_regions_enter(struct gt_regions *r, uint32_t trace);

/* Another one inside; NULL when that is too deep: it is only counted then. */
struct gt_region *gt_regions_push(struct gt_regions *r);

/*
 * The program ends this region: it is marked, and so are those inside it that were left open, whose number comes back in
 * *forgotten. False when there is no such region.
 */
bool gt_regions_mark(struct gt_regions *r, uint64_t task, const char *name, uint32_t *forgotten);

/* The innermost region if it is ended, NULL otherwise; and takes it off. */
struct gt_region *gt_regions_ended(struct gt_regions *r);
void gt_regions_pop(struct gt_regions *r);

/* How many the program has not ended; then there are none. */
uint32_t gt_regions_leave(struct gt_regions *r);

#endif
