/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Waits, from GoBlock to GoStart. gt_wait_begin() is in sched.h.
 */
#ifndef GT_WAIT_H
#define GT_WAIT_H

#include "thread.h"

/*
 * The calling thread's wait is over, and everything is as it mostly is: written in one go. False: it is not; gt_resume()
 * is to be called. What was decided until then stays decided.
 */
bool gt_wait_end(struct gt_thread *t, int64_t result);

/* The part of gt_resume() for a thread that waits. */
bool gt_wait_resume(struct gt_thread *t, int64_t result);

#endif
