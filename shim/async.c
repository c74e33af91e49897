/* SPDX-License-Identifier: BSD-3-Clause */
#include "async.h"

#include "gate.h"

#include <pthread.h>

_Thread_local struct gt_thread *gt_async_self;

static int (*set_type)(int, int *);

void gt_async_source(int (*setcanceltype)(int, int *))
{
	set_type = setcanceltype;
}

void gt_async_begin(struct gt_thread *t)
{
	gt_self = &gt_thread_ignored;
	gt_async_self = t;
}

void gt_async_end(void)
{
	if (!gt_async_self)
		return;
	gt_self = gt_async_self;
	gt_async_self = NULL;
}

/*
 * A signal handler that comes in between finds the record out of sight until it is safe, and in sight from then on. In a forked child,
 * which begins with the operation, it is the parent's.
 */
bool gt_async_enter(void)
{
	if (!gt_async_self)
		return false;
	set_type(PTHREAD_CANCEL_DEFERRED, NULL);
	gt_async_end();
	if (!gt_gate.alive)
		gt_self = NULL;
	return true;
}

void gt_async_leave(void)
{
	gt_async_begin(gt_self);
	set_type(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
}
