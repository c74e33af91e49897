/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads that may be cancelled at any instruction. In a section that would leave it open for ever, so their record is out of
 * sight: they go by as ignored. An operation takes it up and gives it back.
 *
 * Until somebody cancels a thread an operation only says that it is under way, and the first who cancels waits for those that are.
 * From then on they are done with cancellation deferred; what was asked for meanwhile happens when the record is given back.
 * The two meet as in section.h: one says it and then looks, the other has the kernel order all threads in between.
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
 * Before the real pthread_cancel(), outside of sections. No operation is under way after that which a cancellation could tear; one
 * that does not end within two seconds is waited for no longer.
 */
void gt_async_cancels(void);

/* How an operation took the record up, if at all. */
enum gt_async {
	GT_ASYNC_NOT,
	GT_ASYNC_DEFERRED,
	GT_ASYNC_OPEN, /* whoever cancels waits for it */
	GT_ASYNC_WITHIN, /* another one that is so, in a signal handler that interrupted its first or last words */
};

/*
 * What an operation does that finds itself ignored: unless GT_ASYNC_NOT the record is in sight after that, and the operation is to
 * be done anew. gt_async_leave() then does not return if the thread was cancelled meanwhile.
 */
enum gt_async gt_async_enter(void);
void gt_async_leave(enum gt_async how);

/* For the slow half of an operation: its first words. */
#define GT_UNLESS_ASYNC(operation)                                                                                     \
	if (__builtin_expect(gt_async_self != NULL, 0)) {                                                              \
		enum gt_async how = gt_async_enter();                                                                  \
                                                                                                                       \
		if (how != GT_ASYNC_NOT) {                                                                             \
			operation;                                                                                     \
			gt_async_leave(how);                                                                           \
			return;                                                                                        \
		}                                                                                                      \
	}

static inline void gt_async_close(const enum gt_async *how)
{
	if (__builtin_expect(*how != GT_ASYNC_NOT, 0))
		gt_async_leave(*how);
}

/* For everything else that is written: among its declarations, and so until it returns. */
#define GT_IN_SIGHT                                                                                                    \
	enum gt_async how __attribute__((cleanup(gt_async_close))) = gt_async_self ? gt_async_enter() : GT_ASYNC_NOT

#endif
