/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads: creating, ending, joining, naming.
 *
 * A new thread runs through gt_run_thread(), so that its end is seen on each of the ways out: return, pthread_exit
 * and cancellation unwind through its frame. What the frame needs lies in the thread's own record, nothing is
 * allocated. A thread that nobody announced is adopted by the recorder at its first operation.
 */
#include "wrap.h"

#include "../shim/async.h"
#include "../shim/callable.h"
#include "../shim/os.h"
#include "../shim/process.h"

/* Whether gt_run_thread() is below: its end is then recorded there, after the program's cleanup handlers. */
static __thread bool is_ours __attribute__((tls_model("initial-exec")));

static void end_thread(struct gt_thread **self)
{
	(void)self;
	gt_thread_end();
	gt_process_thread_ends();
}

/*
 * Where the calling thread's stack lies, whose size is known: libc puts the thread's own block into the last page of it.
 * One that was in use before may be larger than what was asked for.
 */
static void place_stack(struct gt_stack_memory *stack)
{
	if (stack->bytes && !stack->lo)
		stack->lo = (((uintptr_t)pthread_self() | 4095) + 1) - stack->bytes;
}

/* Its size, and its place where the program says it. */
static struct gt_stack_memory stack_for(const pthread_attr_t *attr)
{
	struct gt_stack_memory stack = {0};
	pthread_attr_t usual;
	size_t given = 0;
	void *lo = NULL;

	if (!gt_objects_on)
		return stack;
	if (!attr && pthread_attr_init(&usual) == 0)
		attr = &usual;
	if (!attr || pthread_attr_getstacksize(attr, &stack.bytes) != 0)
		return stack;
	if (pthread_attr_getstack(attr, &lo, &given) == 0 && (uintptr_t)lo + given)
		stack.lo = (uintptr_t)lo;
	return stack;
}

void *gt_run_thread(void *record)
{
	struct gt_thread *self GT_CLOSED_BY(end_thread) = record;
	struct gt_start start = *gt_thread_start_args(self);

	is_ours = true;
	place_stack(&gt_thread_start_args(self)->stack);
	gt_thread_start(self);
	return start.routine(start.arg);
}

static void not_created(struct gt_thread *child)
{
	gt_thread_create_failed(child);
	gt_process_thread_ends();
}

static int create_unrecorded(pthread_t *thread, const pthread_attr_t *attr, gt_start_routine routine, void *arg)
{
	return gt_real_pthread_create(thread, attr, routine, arg);
}

int gt_wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr, gt_start_routine routine, void *arg)
{
	struct gt_thread *child;
	int error;

	gt_process_threaded();
	child = gt_thread_create(gt_callable_of((const void *)routine, arg), GT_CALLER);
	if (!child)
		return create_unrecorded(thread, attr, routine, arg);
	*gt_thread_start_args(child) = (struct gt_start){routine, arg, stack_for(attr)};
	gt_process_thread_begins();
	error = gt_real_pthread_create(thread, attr, gt_run_thread, child);
	if (error)
		not_created(child);
	return error;
}

/* The first thread has no frame of ours below it; others without one were not counted. */
static void end_early(void)
{
	if (is_ours)
		return;
	gt_thread_end();
	if (gt_os_getpid() == gt_os_gettid())
		gt_process_thread_ends();
}

void gt_before_exit_call(const void *caller)
{
	gt_process_thread_exits(is_ours, caller);
}

void gt_wrap_pthread_exit(void *value)
{
	end_early();
	gt_real_pthread_exit(value);
}

/* A thread that is over is joined without a wait; all errors but "busy" are what joining would answer. */
static bool is_running(pthread_t thread, void **value, int *result)
{
	*result = gt_real_pthread_tryjoin_np(thread, value);
	return *result == EBUSY;
}

static void wait_begin(struct gt_op *op, pthread_t thread, const void *caller)
{
	gt_wait_begin(op, GT_WAITING(SYNC, JOIN), gt_join_object(thread), caller);
}

static int join(pthread_t thread, void **value, const void *caller)
{
	struct gt_op op GT_CLOSED_BY(gt_op_end);

	wait_begin(&op, thread, caller);
	return gt_real_pthread_join(thread, value);
}

int gt_wrap_pthread_join(pthread_t thread, void **value)
{
	int result;

	if (!is_running(thread, value, &result))
		return result;
	return join(thread, value, GT_CALLER);
}

static int timedjoin(pthread_t thread, void **value, const struct timespec *abstime, const void *caller)
{
	struct gt_op op GT_CLOSED_BY(gt_op_end);

	wait_begin(&op, thread, caller);
	return gt_real_pthread_timedjoin_np(thread, value, abstime);
}

int gt_wrap_pthread_timedjoin_np(pthread_t thread, void **value, const struct timespec *abstime)
{
	int result;

	if (!is_running(thread, value, &result))
		return result;
	return timedjoin(thread, value, abstime, GT_CALLER);
}

static int clockjoin(pthread_t thread, void **value, clockid_t clock, const struct timespec *abstime,
		     const void *caller)
{
	struct gt_op op GT_CLOSED_BY(gt_op_end);

	wait_begin(&op, thread, caller);
	return gt_real_pthread_clockjoin_np(thread, value, clock, abstime);
}

/* The clock is checked by libc before the thread is looked at, so an odd one goes straight there. */
int gt_wrap_pthread_clockjoin_np(pthread_t thread, void **value, clockid_t clock, const struct timespec *abstime)
{
	int result;

	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return gt_real_pthread_clockjoin_np(thread, value, clock, abstime);
	if (!is_running(thread, value, &result))
		return result;
	return clockjoin(thread, value, clock, abstime, GT_CALLER);
}

int gt_wrap_pthread_setcanceltype(int type, int *old)
{
	int error;

	if (type == PTHREAD_CANCEL_ASYNCHRONOUS)
		gt_thread_async(true);
	error = gt_real_pthread_setcanceltype(type, old);
	if (type == PTHREAD_CANCEL_DEFERRED)
		gt_thread_async(false);
	return error;
}

int gt_wrap_pthread_cancel(pthread_t thread)
{
	gt_async_cancels();
	return gt_real_pthread_cancel(thread);
}

int gt_wrap_pthread_setname_np(pthread_t thread, const char *name)
{
	bool is_own = thread == pthread_self();
	int error;

	if (!is_own)
		gt_thread_names_another();
	error = gt_real_pthread_setname_np(thread, name);
	if (!error && is_own)
		gt_thread_name(name);
	return error;
}

/* C11's threads are pthreads with another type of routine. */
int gt_run_c11_thread(void *record)
{
	struct gt_thread *self GT_CLOSED_BY(end_thread) = record;
	struct gt_start start = *gt_thread_start_args(self);

	is_ours = true;
	place_stack(&gt_thread_start_args(self)->stack);
	gt_thread_start(self);
	return ((thrd_start_t)(void *)start.routine)(start.arg);
}

int gt_wrap_thrd_create(thrd_t *thread, thrd_start_t routine, void *arg)
{
	struct gt_thread *child;
	int error;

	gt_process_threaded();
	child = gt_thread_create(gt_callable_of((const void *)routine, arg), GT_CALLER);
	if (!child)
		return gt_real_thrd_create(thread, routine, arg);
	*gt_thread_start_args(child) = (struct gt_start){(gt_start_routine)(void *)routine, arg, stack_for(NULL)};
	gt_process_thread_begins();
	error = gt_real_thrd_create(thread, gt_run_c11_thread, child);
	if (error != thrd_success)
		not_created(child);
	return error;
}

void gt_wrap_thrd_exit(int value)
{
	end_early();
	gt_real_thrd_exit(value);
}

/* There is no way to try it; the wait for a thread that is over is short. */
int gt_wrap_thrd_join(thrd_t thread, int *value)
{
	struct gt_op op GT_CLOSED_BY(gt_op_end);

	wait_begin(&op, thread, GT_CALLER);
	return gt_real_thrd_join(thread, value);
}
