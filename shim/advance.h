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

/*
 * The switch lock. Patiently: false when somebody else holds it for too long, or the calling thread itself, in what a signal
 * handler interrupted. In a handler that has interrupted a section nobody waits: the holder may wait for that. Unlocking does
 * what was asked for meanwhile (gt_recording_serve()); releasing does not.
 */
bool gt_advance_lock(void);
bool gt_advance_try_lock(void);
void gt_advance_unlock(void);
void gt_advance_release(void);

/* With the lock, or where there is no other thread: */

/*
 * The first generation of a trace begins: whatever records from now on does so in it or a later one, and what is not
 * mentioned in it when it ends is as it was before. False when a thread can't be waited for: nothing is recorded any more.
 */
bool gt_advance_start(void);

/* Closes the last generation of the trace; another trace may follow. False when it could not be completed. */
bool gt_advance_stop(void);

/* Closes the generation. False when it is not in the file. */
bool gt_advance_switch(void);

/* The rest take the lock themselves. */

/* The writer thread's regular work. */
void gt_advance_tick(uint32_t tid);

/* The same for a process without a writer thread, by a thread whose buffer filled up. Outside sections. */
void gt_advance_inline(void);

/* Makes memory for events ready, if somebody records. */
void gt_advance_reserve(uint64_t bytes);

/* Closes the generation now; recording goes on. False when it is not in the file. */
bool gt_advance_now(void);

/*
 * The same, and what the flight recorder keeps is in its last file: another program may take the process over. Recording goes
 * on if it does not.
 */
bool gt_advance_leave(void);

/*
 * Closes the last generation, if one is open; nothing is recorded afterwards, and the lock stays taken. The live file goes, unless
 * something stands there alone. Its memory is given back: the kernel would do that after the process has closed its descriptors and
 * before its parent can learn how it ended, and parents take the one for the other.
 */
void gt_advance_finish(void);

/*
 * A thread has left a section in the middle: the generation can't be completed, and nothing is recorded from now on. What
 * was complete before stays. Any thread.
 */
void gt_advance_break(void);

/* In a forked child: nobody holds the lock, nothing has begun. */
void gt_advance_reset(void);

#endif
