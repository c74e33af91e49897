/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads that nobody announced: created before us, behind the back of pthread_create, or alone in a forked
 * child. They come into the trace with their first operation, as GoCreateSyscall.
 */
#ifndef GT_ADOPT_H
#define GT_ADOPT_H

#include "thread.h"

/* The calling thread's new record, in state SYSCALL or RUN; NULL when nothing is recorded. */
struct gt_thread *gt_adopt(void);

#endif
