/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a generation must say about threads and slots that did nothing in it: their state, re-emitted, so that
 * every generation can be read alone.
 *
 * The snapshot is taken before the generation is closed; what is still unmentioned when every section of the
 * generation has ended made no transition in it, so that its snapshot is exact.
 */
#ifndef GT_SNAPSHOT_H
#define GT_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>

bool gt_snapshot_start(uint32_t max_threads, uint32_t max_procs);

/* Before the generation word moves on from `gen`. */
void gt_snapshot_take(uint32_t gen);

/*
 * Whether the generation says all that a reader must know who begins with it: of a collection that is under way only a thread that
 * runs may tell, and there was none. As of gt_snapshot_take().
 */
bool gt_snapshot_tells(void);

/* After the last section of `gen`: writes the states with the time at which `gen` began. */
void gt_snapshot_write(uint32_t gen, uint64_t began);

/*
 * What else there is to say of threads that the first generation of a trace has not mentioned: they were there before.
 * The next one from *at on, which is 0 at first; NULL: no more. After gt_snapshot_write().
 */
struct gt_silent {
	uint64_t goid;
	uint32_t tid;
	uint32_t status; /* enum gt_gstatus */
	uint8_t primitive; /* waited for */
	const void *object;
	const void *pc; /* where it waits; NULL: unknown, or it does not */
	const void *callable;
	char name[16];
};
const struct gt_silent *gt_snapshot_silent(uint32_t gen, uint32_t *at);

#endif
