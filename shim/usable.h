/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How many processors the program may use: those that any of its threads may run on, and no more than the quota of its
 * control group lets run at once. That is the number of slots as long as no more threads run.
 */
#ifndef GT_USABLE_H
#define GT_USABLE_H

#include <stdint.h>

/* The number at start. */
uint32_t gt_usable_start(void);

/* Looks whether it has changed, once a second at most. The switcher. */
void gt_usable_look(void);

/* The processors of a thread (0: the calling one) have been chosen, at `pc`; what changed is written. Outside sections. */
void gt_usable_changed(uint32_t tid, const void *pc);

#endif
