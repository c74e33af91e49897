/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How threads get back to running: on their old slot, an idle one, one out of a system call or a new one; and what
 * becomes of an operation that was left open.
 */
#include "shim/resume.h"
#include "shim/advance.h"
#include "shim/descriptors.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BEGINNING "ProcStatus GoStatus ProcsChange "
#define WAIT "GoBlock ProcStop GoUnblock ProcStart GoStart"

static struct gt_puppet one, two;
static int object;

/* Where longjmp went to the frame of an operation is gone; nothing above the stack pointer looks like this. */
static struct gt_op left;

Test(resume, a_wait_that_was_left_is_ended_by_the_next_operation, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_rec_wait(&left, &object);
	gt_yield(GT_REC_PC);
	cr_assert_not(gt_waiters_any(&object));
	cr_assert_null(gt_self->op);
	gt_op_end(&left);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()), BEGINNING WAIT " GoStop GoStart");
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_NESTED), 0);
}

Test(resume, a_system_call_that_was_left_ends_without_a_result, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_rec_call(&left);
	left.result = 5;
	gt_yield(GT_REC_PC);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()), BEGINNING "GoSyscallBegin GoSyscallEnd GoStop GoStart");
	cr_assert_eq(gt_rec_find(t, 1, GT_EV_GoSyscallEnd, 1)->nfacts, 0);
}

/* A signal handler runs below the frame of the operation that it interrupts. */
static __attribute__((noinline)) void handler(void)
{
	struct gt_op op;

	gt_yield(GT_REC_PC);
	gt_rec_wait(&op, &op);
	cr_assert_null(op.thread);
	gt_op_end(&op);
	gt_rec_call(&op);
	cr_assert_null(op.thread);
	gt_op_end(&op);
}

Test(resume, a_handler_on_top_of_a_wait_is_dropped_and_counted, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;
	struct gt_op op;

	gt_rec_start(NULL);
	gt_rec_wait(&op, &object);
	handler();
	cr_assert_eq(atomic_load(&gt_self->state), GT_T_BLOCKED);
	cr_assert(gt_waiters_any(&object));
	gt_op_end(&op);
	gt_yield(GT_REC_PC);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()), BEGINNING WAIT " GoStop GoStart");
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_NESTED), 3);
}

Test(resume, a_handler_inside_a_section_is_dropped_and_counted, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_rec_wait(&left, &object);
	gt_section_step(gt_self);
	gt_self->sp = UINTPTR_MAX; /* it is above us */
	cr_assert_null(gt_resume_ready());
	cr_assert_eq(atomic_load(&gt_self->state), GT_T_BLOCKED);
	gt_section_step(gt_self);
	gt_op_end(&left);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()), BEGINNING WAIT);
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_HANDLER), 1);
}

Test(resume, a_section_that_was_left_in_the_middle_ends_the_recording_before_it, .fini = gt_rec_clean)
{
	gt_rec_start(NULL);
	gt_advance_now();
	gt_rec_wait(&left, &object);
	gt_section_step(gt_self);
	gt_self->sp = 1; /* what ran there is gone */
	cr_assert_null(gt_resume_ready());
	cr_assert_eq(atomic_load(&gt_gate.gen), 0);
	cr_assert_eq(atomic_load(&gt_self->seq) & 1, 0);
	cr_assert_str_eq(gt_rec_story(gt_rec_finish(), 1, getpid()), "ProcStatus GoStatus ProcsChange");
}

Test(resume, a_resumption_that_was_left_in_the_middle_is_begun_again, .fini = gt_rec_clean)
{
	gt_rec_start(NULL);
	gt_rec_wait(&left, &object);
	gt_self->resuming = UINTPTR_MAX;
	gt_op_end(&left);
	cr_assert_eq(atomic_load(&gt_self->state), GT_T_BLOCKED);
	gt_self->resuming = 1;
	cr_assert_eq(gt_resume_ready(), gt_self);
	cr_assert_str_eq(gt_rec_story(gt_rec_finish(), 1, getpid()), BEGINNING WAIT);
}

Test(resume, the_running_thread_is_ready_and_has_nothing_to_resume, .fini = gt_rec_clean)
{
	gt_rec_start(NULL);
	cr_assert_eq(gt_resume_ready(), gt_self);
	cr_assert_not(gt_resume(gt_self, GT_NO_RESULT));
	gt_rec_finish();
}

/* P 0 is idle too, and would be found first. */
Test(resume, a_thread_comes_back_to_its_last_slot, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	struct gt_op op;

	gt_rec_one_slot();
	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_rec_wait(&op, &object);
	gt_puppet_waits(&one, &object);
	gt_puppet_wakes(&one);
	gt_op_end(&op);
	gt_puppet_end(&one);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_ProcStart, 1), 2);
	cr_assert_eq(gt_rec_find(t, 1, GT_EV_ProcStart, 0)->m, getpid());
}

Test(resume, a_new_slot_is_made_when_all_are_in_use, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_one_slot();
	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_end(&one);
	t = gt_rec_finish();
	cr_assert_eq(gt_proc_count(), 2);
	cr_assert_str_eq(gt_rec_story(t, 1, one.tid), "ProcStatus ProcStart GoStart ProcsChange GoDestroy ProcStop");
	cr_assert_eq(gt_rec_find(t, 1, GT_EV_ProcStatus, 1)->args[1], GT_P_Idle);
}

/* G 1 sits in a system call on P 0, G 3 runs on P 1, G 2 wakes up without a slot. */
static const struct gt_rec_trace *steal(bool later)
{
	struct gt_op op;

	gt_rec_one_slot();
	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_waits(&one, &object);
	gt_puppet_born(&two);
	gt_rec_call(&op);
	if (later)
		gt_advance_now();
	gt_puppet_wakes(&one);
	op.result = 11;
	gt_op_end(&op);
	gt_puppet_end(&one);
	gt_puppet_end(&two);
	return gt_rec_finish();
}

Test(resume, a_slot_is_stolen_out_of_a_system_call, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t = steal(false);
	const struct gt_rec_event *ev = gt_rec_find(t, 1, GT_EV_ProcSteal, 0);

	cr_assert_str_eq(gt_rec_story((struct gt_rec_trace *)t, 1, one.tid),
			 "ProcStatus ProcStart GoStart ProcsChange GoBlock ProcStop "
			 "ProcSteal GoUnblock ProcStart GoStart GoDestroy ProcStop");
	cr_assert_eq(ev->m, one.tid);
	cr_assert_eq(ev->args[2], (uint64_t)getpid());
	cr_assert_eq(gt_rec_after(t, ev, GT_EV_ProcStart, 0)->m, one.tid);
}

Test(resume, whose_slot_was_stolen_comes_back_on_another, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t = steal(false);
	const struct gt_rec_event *ev = gt_rec_find(t, 1, GT_EV_GoSyscallEndBlocked, 1);

	cr_assert_not_null(ev);
	cr_assert_eq(gt_rec_tied(ev, GT_FACT_SyscallResult)->v[0], 11);
	cr_assert_eq(gt_rec_find(t, 1, GT_EV_ProcStart, 2)->m, getpid());
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoSyscallEnd, 1), 0);
}

/* What gave its slot up on a descriptor that was thought never to wait was thought of wrongly. */
Test(resume, a_descriptor_that_cost_the_slot_is_asked_about_again, .fini = gt_rec_clean)
{
	struct gt_op op;

	gt_rec_start(NULL);
	gt_descriptors[5] = gt_descriptors[6] = GT_FD_PLAIN;
	gt_syscall_begin(&op, SYS_read, 5, GT_REC_PC);
	gt_op_end(&op);
	cr_assert_eq(gt_descriptors[5], GT_FD_PLAIN);
	gt_syscall_begin_blocking(&op, SYS_read, 6, GT_REC_PC);
	gt_op_end(&op);
	cr_assert_eq(gt_descriptors[6], GT_FD_UNKNOWN);
	gt_rec_finish();
}

/* The thief writes "abandoned"; a reader that knows whose the slot was shows the status there. */
Test(resume, a_theft_in_a_later_generation_says_what_the_slot_was, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t = steal(true);
	const struct gt_rec_event *ev = gt_rec_find(t, 2, GT_EV_ProcStatus, 0);

	cr_assert_eq(ev->m, getpid());
	cr_assert_eq(ev->args[1], GT_P_Syscall);
	cr_assert_eq(gt_rec_after(t, ev, GT_EV_ProcSteal, 0)->m, one.tid);
	cr_assert_eq(gt_rec_find(t, 2, GT_EV_GoStatus, 1)->args[2], GT_G_Syscall);
}

/* As when there is no buffer: what the trace knows stays, and so does the slot. */
Test(resume, who_cannot_write_keeps_its_state_for_the_next_operation, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;
	struct gt_proc *p;
	struct gt_op op;

	gt_rec_start(NULL);
	gt_rec_wait(&op, &object);
	p = gt_self->last_proc;
	atomic_store(&gt_gate.gen, 0);
	gt_op_end(&op);
	cr_assert_eq(atomic_load(&gt_self->state), GT_T_BLOCKED);
	cr_assert_eq(gt_proc_word_state(atomic_load(&p->word)), GT_PROC_IDLE);
	cr_assert_null(gt_resume_ready());
	atomic_store(&gt_gate.gen, 1);
	gt_yield(GT_REC_PC);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()), BEGINNING WAIT " GoStop GoStart");
}

Test(resume, who_cannot_write_in_a_system_call_stays_there, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;
	struct gt_op op;

	gt_rec_start(NULL);
	gt_rec_call(&op);
	op.result = 1;
	atomic_store(&gt_gate.gen, 0);
	gt_op_end(&op);
	cr_assert_eq(atomic_load(&gt_self->state), GT_T_SYSCALL);
	atomic_store(&gt_gate.gen, 1);
	gt_yield(GT_REC_PC);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()), BEGINNING "GoSyscallBegin GoSyscallEnd GoStop GoStart");
}

Test(resume, stopping_gives_the_slot_up_in_this_generation, .fini = gt_rec_clean)
{
	struct gt_section s;
	struct gt_proc *p;

	gt_rec_start(NULL);
	gt_advance_now();
	p = gt_self->proc;
	cr_assert(gt_section_enter(&s, gt_self));
	gt_resume_stop_proc(&s);
	cr_assert_null(gt_self->proc);
	cr_assert_eq(gt_self->last_proc, p);
	cr_assert_eq(gt_proc_word_state(atomic_load(&p->word)), GT_PROC_IDLE);
	cr_assert_eq(gt_proc_word_gen(atomic_load(&p->word)), 2);
	gt_section_leave(&s);
}
