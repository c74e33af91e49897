/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The ends of threads, as the switcher and other threads see them.
 */
#ifndef GT_LIFE_H
#define GT_LIFE_H

#include "thread.h"

/* Ends a thread that is gone without having said so. Its kernel thread must not exist any more. */
void gt_life_bury(struct gt_thread *t);

/* Looks for such threads among those nobody announces the end of. Switcher, outside the switch. */
void gt_life_reap(int pid);

/* Frees an EXITED record if both its buffers are gone. Its owner after its last section, or the switcher. */
void gt_life_release(struct gt_thread *t);

/* Tells the calling thread's name as the kernel has it, if the trace has another. Not in a section. */
void gt_life_name(void);

/* Nobody is foreign: at start. */
void gt_life_clear(void);

#endif
