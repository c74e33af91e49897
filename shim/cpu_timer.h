/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A timer for each thread that counts its processor time, and a signal to that thread: its handler takes the sample.
 *
 * SIGPROF, and what setitimer(2) can do, are left to the program. The signal is SIGURG if nobody uses that when the program
 * starts, else a real-time one. A program may put all signals back to their defaults at any time: SIGURG is then ignored, the
 * others end it. The kernel sends it at the thread's way back to user mode, so that no system call ends early for it (Linux
 * 5.10 and later).
 */
#ifndef GT_CPU_TIMER_H
#define GT_CPU_TIMER_H

#include "thread.h"

/* `period`: in ns. At start, and in a forked child. */
void gt_cpu_timer_start(uint64_t period);

/* For the calling thread, whose record it is. Failing is counted. */
void gt_cpu_timer_arm(struct gt_thread *t);

/* Any thread. */
void gt_cpu_timer_disarm(struct gt_thread *t);

/* Whether the signal has our handler. */
bool gt_cpu_timer_has_signal(void);

/* All are disarmed: what is on its way is thrown away, and the signal is the program's again, if it was not before. */
void gt_cpu_timer_end(void);

#endif
