/* SPDX-License-Identifier: BSD-3-Clause */
/* How the switcher meets the threads: it tells them of another generation, and waits until none is in the old one. */
#ifndef GT_MEET_H
#define GT_MEET_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What was stored before is seen by whoever has not yet looked, and what they said before they looked is seen from now on. Any
 * thread, outside of sections.
 */
void gt_meet_order(void);

/* Under the switch lock: */

/* The new generation, or none when `next` is 0: published, and seen by every section from now on. */
void gt_meet_publish(uint32_t next);

/* Each thread was outside a section once since. False: one of them was not, up to `deadline` (0: for ever). */
bool gt_meet_all(uint64_t deadline);

/* The same; every thread's buffer of the closed generation goes into the queue, and afterwards nobody writes in it. */
bool gt_meet_collect(uint32_t gen, uint64_t deadline);

#endif
