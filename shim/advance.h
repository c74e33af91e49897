/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The generation switch, and everything else that one thread does for all: bringing buffers to the file, taking
 * slots out of long system calls. Whoever does it holds the switch lock, which nobody waits for except a
 * process that ends or execs, and that only for a while.
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

/*
 * A thread has left a section in the middle: the generation can't be completed, and nothing is recorded from now on. What
 * was complete before stays. Any thread.
 */
void gt_advance_break(void);

/* In a forked child: nobody holds the lock, nothing has begun. */
void gt_advance_reset(void);

#endif
