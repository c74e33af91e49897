/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How the kernel schedules us: a thread that the program starts inherits what its starter has chosen for itself, but
 * the writer must neither hold up a thread of real-time priority nor share the one processor that a thread picked.
 */
#ifndef GT_SCHEDULE_H
#define GT_SCHEDULE_H

#include <stdint.h>

/*
 * On how many processors the calling thread may run, at least 1. The first call, before the program can choose for
 * itself, remembers them; forked children go by what was remembered.
 */
uint32_t gt_schedule_learn(void);

/*
 * Puts the calling thread back on the remembered processors, and under the ordinary policy, with short slices and as much priority
 * in it as it may have. Leaves all as it is under
 * seccomp: a filter may allow to ask, and kill who sets.
 */
void gt_schedule_own(void);

#endif
