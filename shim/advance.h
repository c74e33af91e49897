/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The generation switch, and everything else that one thread does for all: bringing buffers to the file, taking
 * slots out of long system calls. Whoever does it holds the switch lock, which nobody waits for except a
 * process that ends, and that only for a while.
 */
#ifndef GT_ADVANCE_H
#define GT_ADVANCE_H

#include <stdbool.h>
#include <stdint.h>

/* The first generation begins. At start. */
void gt_advance_start(void);

/* The writer thread's regular work. */
void gt_advance_tick(uint32_t tid);

/* The same for a process without a writer thread, by a thread whose buffer filled up. Outside sections. */
void gt_advance_inline(void);

/* Closes the generation now; recording goes on. For exec. */
void gt_advance_now(void);

/* Closes the last generation; nothing is recorded afterwards. False when it could not be completed. */
bool gt_advance_finish(void);

/* Around fork: nobody is in the middle of a switch. After fork in the child the lock is simply new. */
void gt_advance_lock(void);
void gt_advance_unlock(void);
void gt_advance_reset(void);

#endif
