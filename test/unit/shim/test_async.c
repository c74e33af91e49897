/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A thread that may be cancelled at any instruction: who cancels waits for its operation, and those that follow are recorded with
 * cancellation deferred, and only those.
 */
#include "shim/async.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <setjmp.h>
#include <sys/syscall.h>
#include <unistd.h>

static int object, changes, type;
static bool is_cancelled;
static jmp_buf out;

static int set_type(int to, int *old)
{
	cr_assert_null(old);
	changes++;
	type = to;
	if (to == PTHREAD_CANCEL_ASYNCHRONOUS) {
		cr_assert_eq(gt_self, &gt_thread_ignored);
		if (is_cancelled)
			longjmp(out, 1);
	}
	return 0;
}

static struct gt_thread *start(void)
{
	struct gt_thread *t;

	gt_rec_start(NULL);
	gt_async_source(set_type);
	t = gt_self;
	gt_thread_async(true);
	type = PTHREAD_CANCEL_ASYNCHRONOUS;
	cr_assert(gt_self == &gt_thread_ignored && gt_async_self == t);
	return t;
}

static const struct gt_rec_trace *finish(struct gt_thread *t)
{
	gt_thread_async(false);
	cr_assert(gt_self == t && !gt_async_self);
	return gt_rec_finish();
}

static void do_each_operation(const struct gt_thread *t)
{
	struct gt_op op;

	gt_wait_begin(&op, (struct gt_waiting){GT_BLOCK_SYNC, GT_PRIM_SEM, GT_NO_CALL}, &object, GT_REC_PC);
	cr_assert_eq(atomic_load(&t->state), GT_T_BLOCKED);
	gt_op_end(&op);
	gt_syscall_begin(&op, SYS_read, 3, GT_REC_PC);
	gt_op_end(&op);
	gt_syscall_begin_blocking(&op, SYS_wait4, -1, GT_REC_PC);
	gt_op_end(&op);
	gt_yield(GT_REC_PC);
	cr_assert_eq(type, PTHREAD_CANCEL_ASYNCHRONOUS);
	cr_assert_not(atomic_load(&t->is_open));
}

static void check_each_operation(struct gt_thread *t)
{
	const struct gt_rec_trace *trace = finish(t);

	cr_assert_eq(gt_rec_count(trace, 0, GT_EV_GoBlock, 1), 1);
	cr_assert_eq(gt_rec_count(trace, 0, GT_EV_GoSyscallBegin, 1), 2);
	cr_assert_eq(gt_rec_count(trace, 0, GT_EV_GoStop, 1), 1);
}

Test(async, each_operation_is_recorded, .fini = gt_rec_clean)
{
	struct gt_thread *t = start();

	do_each_operation(t);
	cr_assert_eq(changes, 0);
	check_each_operation(t);
}

Test(async, after_a_cancellation_with_cancellation_deferred, .fini = gt_rec_clean)
{
	struct gt_thread *t = start();

	gt_async_cancels();
	do_each_operation(t);
	cr_assert_eq(changes, 2 * 7);
	check_each_operation(t);
}

static _Atomic bool is_cancelling, may_cancel;

static void *cancel(void *unused)
{
	is_cancelling = true;
	gt_async_cancels();
	may_cancel = true;
	return unused;
}

Test(async, who_cancels_waits_for_the_operation_under_way, .fini = gt_rec_clean)
{
	struct gt_thread *t = start();
	enum gt_async how = gt_async_enter();
	pthread_t thread;

	cr_assert(how == GT_ASYNC_OPEN && gt_self == t);
	pthread_create(&thread, NULL, cancel, NULL);
	while (!is_cancelling)
		usleep(100);
	usleep(20000);
	cr_assert_not(may_cancel);
	gt_async_leave(how);
	pthread_join(thread, NULL);
	cr_assert(may_cancel);
	cr_assert_eq(changes, 0);
	finish(t);
}

/* A handler that interrupts an operation whose record is out of sight yet, or again. */
Test(async, an_operation_within_another_leaves_that_open, .fini = gt_rec_clean)
{
	struct gt_thread *t = start();
	enum gt_async how;

	atomic_store(&t->is_open, true);
	how = gt_async_enter();
	cr_assert_eq(how, GT_ASYNC_WITHIN);
	gt_async_leave(how);
	cr_assert(atomic_load(&t->is_open));
	finish(t);
}

/* What was asked for while the record was in sight happens when it is given back, and whatever was open can be ended. */
Test(async, a_cancellation_meanwhile_comes_when_all_is_written, .fini = gt_rec_clean)
{
	static struct gt_op op;
	struct gt_thread *t = start();
	const struct gt_rec_trace *trace;

	gt_async_cancels();
	is_cancelled = true;
	if (setjmp(out) == 0) {
		gt_syscall_begin(&op, SYS_read, 3, GT_REC_PC);
		cr_assert_fail("it was cancelled");
	}
	is_cancelled = false;
	cr_assert_eq(atomic_load(&t->seq) & 1, 0);
	gt_op_end(&op);
	trace = finish(t);
	cr_assert_eq(gt_rec_count(trace, 0, GT_EV_GoSyscallBegin, 1), 1);
	cr_assert_eq(gt_rec_count(trace, 0, GT_EV_GoSyscallEnd, 1), 1);
}

/* Wakers find it, and are found by whom it wakes. */
Test(async, it_says_who_let_go, .fini = gt_rec_clean)
{
	struct gt_thread *t = start();
	struct gt_op op;

	gt_wait_begin(&op, (struct gt_waiting){GT_BLOCK_SYNC, GT_PRIM_SEM, GT_NO_CALL}, &object, GT_REC_PC);
	gt_release(&object);
	cr_assert_eq(gt_waiters_releaser(&object, t->released), t->goid);
	gt_op_end(&op);
	finish(t);
}

Test(async, a_thread_in_sight_is_left_alone, .fini = gt_rec_clean)
{
	struct gt_op op;

	gt_rec_start(NULL);
	gt_async_source(set_type);
	cr_assert_eq(gt_async_enter(), GT_ASYNC_NOT);
	gt_rec_wait(&op, &object);
	gt_op_end(&op);
	gt_yield(GT_REC_PC);
	cr_assert_eq(changes, 0);
}
