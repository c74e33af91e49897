/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The recorder's own locks: one a row of lock_rank.def. None is taken in a section, and none held over a call of the
 * program. Waiting has an end, and never begins where the calling thread is the holder itself, as in a signal handler that
 * has interrupted it.
 *
 * A build with GT_DEBUG dies where a thread waits for a lock against the order of ranks, gives back one that it does
 * not hold, or does without one what needs it.
 */
#ifndef GT_LOCK_H
#define GT_LOCK_H

#include <stdbool.h>
#include <stdint.h>

enum gt_lock {
#define LOCK_RANK(id, help) GT_LOCK_##id,
#include "lock_rank.def"
	GT_LOCKS,
};

/* Takes it if it is free. */
bool gt_lock_try(enum gt_lock lock);

/* Takes it, after having waited for so long at most. */
bool gt_lock_wait(enum gt_lock lock, uint64_t patience_ns);

void gt_lock_release(enum gt_lock lock);

/* All are free: in a forked child, whose only thread holds none. */
void gt_lock_reset(void);

/* The calling thread must hold it here. Checked in debug builds only. */
#ifdef GT_DEBUG
void gt_lock_needed(enum gt_lock lock);
#else
static inline void gt_lock_needed(enum gt_lock lock)
{
	(void)lock;
}
#endif

#endif
