/* SPDX-License-Identifier: BSD-3-Clause */
#include "async.h"

#include "clock.h"
#include "gate.h"
#include "meet.h"
#include "os.h"
#include "torture.h"

#include <pthread.h>

enum { NAP_NS = 20000, PATIENCE_NS = 2000000000 };

_Thread_local struct gt_thread *gt_async_self;

static int (*set_type)(int, int *);

/* Whether somebody has cancelled a thread. For good, and in forked children too. */
static struct {
	_Atomic bool begun;
	_Atomic bool settled; /* and has waited */
} cancelling;

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

/* Says that the operation is under way, and looks whether that is enough. */
static enum gt_async open_operation(struct gt_thread *t)
{
	enum gt_async how = t->is_open ? GT_ASYNC_WITHIN : GT_ASYNC_OPEN;

	gt_delay();
	atomic_store_explicit(&t->is_open, true, memory_order_relaxed);
	if (gt_gate.fences)
		atomic_thread_fence(memory_order_seq_cst);
	atomic_signal_fence(memory_order_seq_cst);
	if (!atomic_load_explicit(&cancelling.begun, memory_order_acquire))
		return how;
	atomic_store_explicit(&t->is_open, how == GT_ASYNC_WITHIN, memory_order_relaxed);
	set_type(PTHREAD_CANCEL_DEFERRED, NULL);
	return GT_ASYNC_DEFERRED;
}

/*
 * A signal handler that comes in between finds the record out of sight until it is safe, and in sight from then on. In a forked child,
 * which begins with the operation, it is the parent's.
 */
enum gt_async gt_async_enter(void)
{
	enum gt_async how;

	if (!gt_async_self)
		return GT_ASYNC_NOT;
	how = open_operation(gt_async_self);
	gt_async_end();
	if (!gt_gate.alive)
		gt_self = NULL;
	return how;
}

void gt_async_leave(enum gt_async how)
{
	struct gt_thread *t = gt_self;

	gt_async_begin(t);
	if (how == GT_ASYNC_DEFERRED)
		set_type(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	else if (how == GT_ASYNC_OPEN && t)
		atomic_store_explicit(&t->is_open, false, memory_order_release);
}

static void wait_for(const struct gt_thread *t, uint64_t deadline)
{
	while (atomic_load_explicit(&t->is_open, memory_order_acquire) && gt_clock_monotonic() < deadline)
		gt_os_sleep(NAP_NS);
}

/* In a child that has not begun yet there is nobody else, and the records are its parent's. */
static void wait_for_all(void)
{
	uint64_t deadline = gt_clock_monotonic() + PATIENCE_NS;
	uint32_t n = gt_gate.alive && GT_RULE_HOLDS(9) ? gt_thread_count() : 0;

	for (uint32_t i = 1; i <= n; i++) {
		const struct gt_thread *t = gt_thread_at(i);

		if (t != gt_self && t != gt_async_self)
			wait_for(t, deadline);
	}
}

void gt_async_cancels(void)
{
	if (atomic_load(&cancelling.settled))
		return;
	atomic_store(&cancelling.begun, true);
	gt_meet_order();
	wait_for_all();
	atomic_store(&cancelling.settled, true);
}
