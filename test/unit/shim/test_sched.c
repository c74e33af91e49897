/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What threads do, as the events that a reader gets: waits, sleeps, system calls, yields; and where nothing is recorded
 * nothing happens.
 */
#include "shim/sched.h"
#include "shim/process.h"
#include "shim/thread.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BEGINNING "ProcStatus GoStatus ProcsChange "

static const struct gt_waiting sleeping = {GT_BLOCK_SLEEP, GT_PRIM_SLEEP, GT_NO_CALL};
static const struct gt_waiting polling = {GT_BLOCK_SELECT, GT_PRIM_EPOLL, SYS_epoll_wait};

static int object;

Test(sched, a_wait_says_why_on_what_and_where, .fini = gt_rec_clean)
{
	struct gt_op op;
	struct gt_rec_trace *t;
	const struct gt_rec_event *ev;

	gt_rec_start(NULL);
	gt_wait_begin(&op, (struct gt_waiting){GT_BLOCK_COND_WAIT, GT_PRIM_COND, GT_NO_CALL}, &object, GT_REC_PC);
	cr_assert(gt_waiters_any(&object));
	cr_assert_eq(atomic_load(&gt_self->state), GT_T_BLOCKED);
	gt_op_end(&op);
	cr_assert_not(gt_waiters_any(&object));
	cr_assert_eq(atomic_load(&gt_self->state), GT_T_RUN);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()), BEGINNING "GoBlock ProcStop GoUnblock ProcStart GoStart");
	ev = gt_rec_find(t, 1, GT_EV_GoBlock, 1);
	cr_assert_str_eq(ev->reason, "sync.(*Cond).Wait");
	cr_assert_eq(ev->pc, (uintptr_t)GT_REC_PC);
	cr_assert_eq(gt_rec_tied(ev, GT_FACT_Wait)->v[0], GT_PRIM_COND);
	cr_assert_eq(gt_rec_tied(ev, GT_FACT_Wait)->v[1], (intptr_t)&object);
	ev = gt_rec_find(t, 1, GT_EV_GoStart, 1);
	cr_assert_eq(ev->nfacts, 0);
	cr_assert_null(gt_rec_tied(gt_rec_find(t, 1, GT_EV_GoUnblock, 1), GT_FACT_Waker));
}

Test(sched, a_sleep_that_ran_its_time_says_for_how_long, .fini = gt_rec_clean)
{
	struct gt_op op;
	const struct gt_rec_trace *t;
	const struct gt_rec_event *ev;

	gt_rec_start(NULL);
	gt_wait_begin(&op, sleeping, NULL, GT_REC_PC);
	op.result = 5000;
	gt_op_end(&op);
	gt_wait_begin(&op, sleeping, NULL, GT_REC_PC);
	gt_op_end(&op);
	t = gt_rec_finish();
	ev = gt_rec_find(t, 1, GT_EV_GoStart, 1);
	cr_assert_eq(gt_rec_tied(ev, GT_FACT_SleepTime)->v[0], 5000);
	cr_assert_eq(gt_rec_after(t, ev, GT_EV_GoStart, 1)->nfacts, 0);
}

Test(sched, a_short_system_call_keeps_its_slot, .fini = gt_rec_clean)
{
	struct gt_op op;
	struct gt_rec_trace *t;
	const struct gt_rec_event *ev;

	gt_rec_start(NULL);
	gt_rec_call(&op);
	cr_assert_eq(op.result, GT_NO_RESULT);
	cr_assert_eq(atomic_load(&gt_self->state), GT_T_SYSCALL);
	cr_assert_eq(gt_proc_word_state(atomic_load(&gt_self->proc->word)), GT_PROC_SYS);
	op.result = -EAGAIN;
	gt_op_end(&op);
	cr_assert_eq(gt_proc_word_state(atomic_load(&gt_self->proc->word)), GT_PROC_RUN);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()), BEGINNING "GoSyscallBegin GoSyscallEnd");
	ev = gt_rec_find(t, 1, GT_EV_GoSyscallBegin, 1);
	cr_assert_eq(gt_rec_tied(ev, GT_FACT_Syscall)->v[0], SYS_read);
	cr_assert_eq(gt_rec_tied(ev, GT_FACT_Syscall)->v[1], -1);
	cr_assert_eq(ev->pc, (uintptr_t)GT_REC_PC);
	ev = gt_rec_find(t, 1, GT_EV_GoSyscallEnd, 1);
	cr_assert_eq(gt_rec_tied(ev, GT_FACT_SyscallResult)->v[0], -EAGAIN);
}

Test(sched, a_system_call_that_waits_gives_its_slot_up, .fini = gt_rec_clean)
{
	struct gt_op op;
	struct gt_rec_trace *t;
	const struct gt_rec_event *ev;

	gt_rec_start(NULL);
	gt_syscall_begin_blocking(&op, SYS_accept, 5, GT_REC_PC);
	cr_assert_null(gt_self->proc);
	op.result = 7;
	gt_op_end(&op);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()),
			 BEGINNING "GoSyscallBegin ProcStop ProcStart GoSyscallEndBlocked GoStart");
	ev = gt_rec_find(t, 1, GT_EV_GoSyscallBegin, 1);
	cr_assert_eq(gt_rec_tied(ev, GT_FACT_Syscall)->v[0], SYS_accept);
	cr_assert_eq(gt_rec_tied(ev, GT_FACT_Syscall)->v[1], 5);
	ev = gt_rec_find(t, 1, GT_EV_GoSyscallEndBlocked, 1);
	cr_assert_eq(gt_rec_tied(ev, GT_FACT_SyscallResult)->v[0], 7);
}

Test(sched, a_call_that_waits_is_a_wait_with_a_number_and_a_result, .fini = gt_rec_clean)
{
	struct gt_op op;
	struct gt_rec_trace *t;
	const struct gt_rec_event *ev;

	gt_rec_start(NULL);
	gt_call_begin(&op, polling, (const void *)6, false, GT_REC_PC);
	op.result = -EINTR;
	gt_op_end(&op);
	gt_call_begin(&op, polling, (const void *)6, true, GT_REC_PC);
	op.result = 0;
	gt_op_end(&op);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()),
			 BEGINNING "GoBlock ProcStop GoUnblock ProcStart GoStart GoSyscallBegin GoSyscallEnd");
	ev = gt_rec_find(t, 1, GT_EV_GoBlock, 1);
	cr_assert(gt_rec_tied(ev, GT_FACT_Wait)->v[0] == GT_PRIM_EPOLL && gt_rec_tied(ev, GT_FACT_Wait)->v[1] == 6);
	cr_assert_eq(gt_rec_tied(ev, GT_FACT_Syscall)->v[0], SYS_epoll_wait);
	cr_assert_eq(gt_rec_tied(ev, GT_FACT_Syscall)->v[1], 6);
	ev = gt_rec_find(t, 1, GT_EV_GoStart, 1);
	cr_assert_eq(gt_rec_tied(ev, GT_FACT_SyscallResult)->v[0], -EINTR);
	cr_assert_null(gt_rec_tied(ev, GT_FACT_SleepTime));
	ev = gt_rec_find(t, 1, GT_EV_GoSyscallBegin, 1);
	cr_assert_eq(gt_rec_tied(ev, GT_FACT_Syscall)->v[1], 6);
}

/* A descriptor is a small number: many threads may wait for the same one, and no waker looks for it. */
Test(sched, who_waits_for_a_descriptor_is_no_waiter_for_wakers, .fini = gt_rec_clean)
{
	struct gt_op op;

	gt_rec_start(NULL);
	gt_wait_begin(&op, polling, &object, GT_REC_PC);
	cr_assert_eq(atomic_load(&gt_self->state), GT_T_BLOCKED);
	cr_assert_not(gt_waiters_any(&object));
	gt_op_end(&op);
	gt_rec_finish();
}

/* The event that moving data on this descriptor begins with, and its reason. */
static const struct gt_rec_event *begins_with(const struct gt_rec_trace *t, int fd)
{
	for (size_t i = 0; i < t->events; i++) {
		const struct gt_rec_fact *call = gt_rec_tied(&t->event[i], GT_FACT_Syscall);

		if (call && call->v[1] == fd)
			return &t->event[i];
	}
	return NULL;
}

static void move_data(int fd, enum gt_direction direction)
{
	struct gt_op op;

	gt_io_begin(&op, direction, SYS_read, fd, GT_REC_PC);
	gt_op_end(&op);
}

Test(sched, moving_data_waits_where_the_descriptor_can_wait, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	int file = open(gt_temp_file("x", "", 0), O_RDONLY);
	int pipes[2], sockets[2];

	cr_assert_eq(pipe(pipes), 0);
	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
	gt_rec_start(NULL);
	move_data(file, GT_IN);
	move_data(pipes[0], GT_IN);
	move_data(pipes[1], GT_OUT);
	move_data(sockets[0], GT_IN);
	t = gt_rec_finish();
	cr_assert_eq(begins_with(t, file)->type, GT_EV_GoSyscallBegin);
	cr_assert_str_eq(begins_with(t, pipes[0])->reason, "chan receive");
	cr_assert_str_eq(begins_with(t, pipes[1])->reason, "chan send");
	cr_assert_eq(gt_rec_tied(begins_with(t, pipes[0]), GT_FACT_Wait)->v[0], GT_PRIM_PIPE);
	cr_assert_str_eq(begins_with(t, sockets[0])->reason, "network");
}

Test(sched, a_call_without_a_known_result_names_none, .fini = gt_rec_clean)
{
	struct gt_op op;
	const struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_rec_call(&op);
	gt_op_end(&op);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_find(t, 1, GT_EV_GoSyscallEnd, 1)->nfacts, 0);
}

Test(sched, a_yield_stops_and_starts, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;
	const struct gt_rec_event *ev;

	gt_rec_start(NULL);
	gt_yield(GT_REC_PC);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()), BEGINNING "GoStop GoStart");
	ev = gt_rec_find(t, 1, GT_EV_GoStop, 1);
	cr_assert_str_eq(ev->reason, "runtime.Gosched");
	cr_assert_eq(ev->pc, (uintptr_t)GT_REC_PC);
}

Test(sched, who_is_stopped_is_ready_and_without_a_slot, .fini = gt_rec_clean)
{
	struct gt_op op;
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_stop_begin(&op, GT_STOP_PREEMPTED, GT_REC_PC);
	cr_assert_null(gt_self->proc);
	gt_op_end(&op);
	cr_assert_eq(atomic_load(&gt_self->state), GT_T_RUN);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()), BEGINNING "GoStop ProcStop ProcStart GoStart");
	cr_assert_str_eq(gt_rec_find(t, 1, GT_EV_GoStop, 1)->reason, "preempted");
}

Test(sched, ending_twice_is_ending_once, .fini = gt_rec_clean)
{
	struct gt_op op;
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_rec_wait(&op, &object);
	gt_op_end(&op);
	gt_op_end(&op);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()), BEGINNING "GoBlock ProcStop GoUnblock ProcStart GoStart");
}

/* longjmp leaves an operation; its frame may come back as that of another one. */
Test(sched, a_late_end_does_not_end_another_operation, .fini = gt_rec_clean)
{
	static struct gt_op old, late;
	struct gt_op op;

	gt_rec_start(NULL);
	gt_rec_wait(&old, &object);
	late = old;
	gt_rec_call(&op);
	gt_op_end(&old);
	gt_op_end(&late);
	cr_assert_eq(atomic_load(&gt_self->state), GT_T_SYSCALL);
	gt_op_end(&op);
	cr_assert_eq(atomic_load(&gt_self->state), GT_T_RUN);
	gt_rec_finish();
}

static void end_op(void *op)
{
	gt_op_end(op);
}

Test(sched, another_thread_cannot_end_an_operation, .fini = gt_rec_clean)
{
	static struct gt_puppet other;
	static struct gt_op op;

	gt_rec_start(NULL);
	gt_puppet_born(&other);
	gt_rec_wait(&op, &object);
	gt_puppet_do(&other, end_op, &op);
	cr_assert_eq(atomic_load(&gt_self->state), GT_T_BLOCKED);
	gt_yield(GT_REC_PC);
	cr_assert_eq(atomic_load(&gt_self->state), GT_T_RUN);
	gt_puppet_end(&other);
	gt_rec_finish();
}

/* An operation that was refused says so, whatever its memory held before. */
static void is_refused(struct gt_op *op)
{
	static struct gt_thread nobody;

	cr_assert_null(op->thread);
	gt_op_end(op);
	op->thread = &nobody;
}

static void do_everything(void)
{
	struct gt_op op = {NULL, 1, 0};

	is_refused(&op);
	gt_rec_wait(&op, &object);
	is_refused(&op);
	gt_rec_call(&op);
	is_refused(&op);
	gt_syscall_begin_blocking(&op, SYS_read, -1, GT_REC_PC);
	is_refused(&op);
	gt_io_begin(&op, GT_IN, SYS_read, 0, GT_REC_PC);
	is_refused(&op);
	gt_call_begin(&op, polling, NULL, false, GT_REC_PC);
	is_refused(&op);
	gt_stop_begin(&op, GT_STOP_PREEMPTED, GT_REC_PC);
	is_refused(&op);
	gt_yield(GT_REC_PC);
	gt_wake_one(&object, GT_REC_PC);
	gt_wake_all_slow(&object, GT_REC_PC);
	gt_wake_one_slow(&object, GT_REC_PC);
	gt_release_slow(&object);
	cr_assert_null(gt_thread_create(NULL, GT_REC_PC));
	gt_thread_name("name");
	cr_assert_not(gt_waiters_any(&object));
}

Test(sched, before_the_start_nothing_happens)
{
	do_everything();
	gt_thread_end();
	cr_assert_null(gt_self);
}

Test(sched, after_the_end_nothing_happens, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_process_finish();
	do_everything();
	gt_thread_end();
	do_everything();
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()), "ProcStatus GoStatus ProcsChange");
}

Test(sched, errno_stays, .fini = gt_rec_clean)
{
	struct gt_op op;

	gt_rec_start(NULL);
	errno = 12345;
	gt_rec_wait(&op, &object);
	gt_op_end(&op);
	for (int i = 0; i < 1000; i++)
		gt_yield(GT_REC_PC);
	gt_thread_name("name");
	gt_process_finish();
	cr_assert_eq(errno, 12345);
}
