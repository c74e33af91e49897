/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads that may be cancelled at any instruction. In a section that would leave it open for ever, so their record is out of
 * sight: they go by as ignored. An operation takes it up with cancellation deferred, and gives it back; what was asked for
 * meanwhile happens then.
 */
#ifndef GT_ASYNC_H
#define GT_ASYNC_H

#include "thread.h"

/* The calling thread's record while it is out of sight. */
extern _Thread_local struct gt_thread *gt_async_self __attribute__((tls_model("initial-exec")));

/* The real pthread_setcanceltype(). Before all others. */
void gt_async_source(int (*setcanceltype)(int, int *));

/* Puts it out of sight, before asynchronous cancellation begins; brings it back, when it is over. The calling thread's. */
void gt_async_begin(struct gt_thread *t);
void gt_async_end(void);

/*
 * What an operation does that finds itself ignored: true when the record is in sight after that, and the operation is to be done
 * anew. gt_async_leave() then does not return if the thread was cancelled meanwhile.
 */
bool gt_async_enter(void);
void gt_async_leave(void);

/* For the slow half of an operation: its first words. */
#define GT_UNLESS_ASYNC(operation)                                                                                     \
	if (__builtin_expect(gt_async_self != NULL, 0) && gt_async_enter()) {                                          \
		operation;                                                                                             \
		gt_async_leave();                                                                                      \
		return;                                                                                                \
	}

#endif
