/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What threads do between two recordings, and what the next one says of them.
 */
#include "shim/pause.h"
#include "shim/output.h"
#include "shim/process.h"
#include "shim/process_state.h"
#include "shim/recording.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"
#include "test/lib/wire.h"

#include <criterion/criterion.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAUSED GT_REC_ENV("GTRACE_START=off")

static struct gt_puppet one, two;
static struct gt_op op;
static int object;

static uint32_t state_of(struct gt_thread *t)
{
	return atomic_load(&t->state);
}

static enum gt_proc_state slot_state(uint32_t id)
{
	return gt_proc_word_state(atomic_load(&gt_proc_at(id)->word));
}

/* The only status of the thread in the first generation of a trace. */
static void is_listed(const struct gt_rec_trace *t, uint64_t gen, int64_t g, enum gt_gstatus status)
{
	size_t plain = gt_rec_count(t, gen, GT_EV_GoStatus, g),
	       with_stack = gt_rec_count(t, gen, GT_EV_GoStatusStack, g);
	const struct gt_rec_event *ev = gt_rec_find(t, gen, plain ? GT_EV_GoStatus : GT_EV_GoStatusStack, g);

	cr_assert_eq(plain + with_stack, 1);
	cr_assert_eq(ev->args[2], status);
}

Test(pause, states_are_kept_and_nothing_is_written, .fini = gt_rec_clean)
{
	gt_rec_start(PAUSED);
	cr_assert_not_null(gt_self);
	cr_assert_null(gt_self->proc);
	cr_assert_eq(state_of(gt_self), GT_T_RUN);
	gt_rec_wait(&op, &object);
	cr_assert_eq(state_of(gt_self), GT_T_BLOCKED);
	cr_assert(gt_waiters_any(&object));
	gt_op_end(&op);
	cr_assert_eq(state_of(gt_self), GT_T_RUN);
	cr_assert_not(gt_waiters_any(&object));
	gt_rec_call(&op);
	cr_assert_eq(state_of(gt_self), GT_T_SYSCALL);
	gt_op_end(&op);
	gt_syscall_begin_blocking(&op, SYS_read, -1, GT_REC_PC);
	gt_op_end(&op);
	gt_stop_begin(&op, GT_STOP_PREEMPTED, GT_REC_PC);
	cr_assert_eq(state_of(gt_self), GT_T_READY);
	gt_op_end(&op);
	gt_yield(GT_REC_PC);
	cr_assert_eq(state_of(gt_self), GT_T_RUN);
	cr_assert_null(gt_self->buf[0]);
	cr_assert_null(gt_self->buf[1]);
	cr_assert_eq(gt_temp_count(), 0);
}

Test(pause, an_operation_that_was_left_is_closed_by_the_next_one, .fini = gt_rec_clean)
{
	struct gt_op next;

	gt_rec_start(PAUSED);
	gt_rec_wait(&op, &object);
	gt_rec_call(&next);
	cr_assert_eq(state_of(gt_self), GT_T_SYSCALL);
	cr_assert_not(gt_waiters_any(&object));
	gt_op_end(&op);
	cr_assert_eq(state_of(gt_self), GT_T_SYSCALL);
	gt_op_end(&next);
	cr_assert_eq(state_of(gt_self), GT_T_RUN);
}

Test(pause, a_slot_is_given_back_by_the_first_wait_only, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	cr_assert(gt_recording_stop());
	cr_assert_eq(slot_state(0), GT_PROC_RUN);
	cr_assert(gt_recording_start());
	cr_assert(gt_recording_flush());
	cr_assert(gt_recording_stop());
	t = gt_rec_read(gt_output_path());
	is_listed(t, 2, 1, GT_G_Running);
	cr_assert_eq(gt_rec_find(t, 2, GT_EV_ProcStatus, 0)->args[1], GT_P_Running);
	gt_rec_wait(&op, &object);
	cr_assert_null(gt_self->proc);
	cr_assert_eq(slot_state(0), GT_PROC_IDLE);
	cr_assert_gt(gt_proc_word_gen(atomic_load(&gt_proc_at(0)->word)), 3,
		     "sections of the last trace leave it alone");
}

Test(pause, the_first_event_takes_a_slot, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(PAUSED);
	cr_assert(gt_recording_start());
	gt_yield(GT_REC_PC);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()), "ProcStatus ProcStart GoStatus ProcsChange GoStop GoStart");
	is_listed(t, 1, 1, GT_G_Running);
}

Test(pause, silence_in_the_first_generation_and_events_later, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(PAUSED);
	cr_assert(gt_recording_start());
	cr_assert(gt_recording_flush());
	gt_yield(GT_REC_PC);
	t = gt_rec_finish();
	is_listed(t, 1, 1, GT_G_Running);
	cr_assert_str_eq(gt_rec_story(t, 2, getpid()), "ProcStatus ProcStart GoStatus ProcsChange GoStop GoStart");
}

/* A slot that everybody else needs is made, and one in a call is stolen. */
Test(pause, a_slot_may_be_made_or_stolen, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_one_slot();
	gt_rec_start(NULL);
	gt_puppet_start(&one);
	cr_assert(gt_recording_stop());
	gt_rec_wait(&op, &object);
	gt_op_end(&op);
	cr_assert(gt_recording_start());
	gt_puppet_yields(&one); /* takes the only one */
	gt_yield(GT_REC_PC);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 2, GT_EV_ProcStart, 0), 1);
	cr_assert_eq(gt_rec_find(t, 2, GT_EV_ProcStart, 1)->m, getpid());
}

static void begin_call(void *unused)
{
	(void)unused;
	gt_rec_call(&op);
}

static void end_call(void *unused)
{
	(void)unused;
	gt_op_end(&op);
}

Test(pause, a_call_over_two_recordings_keeps_its_slot, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_rec_call(&op);
	cr_assert(gt_recording_stop());
	cr_assert(gt_recording_start());
	gt_op_end(&op);
	cr_assert(gt_recording_stop());
	t = gt_rec_read(gt_output_path());
	cr_assert_str_eq(gt_rec_story(t, 2, getpid()), "ProcStatus GoStatus GoSyscallEnd ProcsChange");
	cr_assert(gt_recording_start());
	gt_rec_call(&op);
	cr_assert(gt_recording_stop());
	gt_op_end(&op);
	cr_assert_eq(slot_state(0), GT_PROC_RUN);
	cr_assert_eq(gt_self->proc, gt_proc_at(0));
}

Test(pause, a_call_over_two_recordings_may_lose_its_slot, .fini = gt_rec_clean)
{
	struct gt_op wait;
	struct gt_rec_trace *t;

	gt_rec_one_slot();
	gt_rec_start(NULL);
	gt_puppet_start(&one);
	gt_rec_wait(&wait, &object); /* and gives the slot to the other one */
	gt_puppet_do(&one, begin_call, NULL);
	cr_assert(gt_recording_stop());
	gt_op_end(&wait);
	cr_assert(gt_recording_start());
	gt_yield(GT_REC_PC); /* steals it */
	gt_puppet_do(&one, end_call, NULL);
	gt_puppet_end(&one);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 2, GT_EV_GoSyscallEndBlocked, 2), 1);
}

/* Who was announced, who waits, who is in a call: the first generation says so, and what is waited for. */
Test(pause, a_late_trace_lists_all_states, .fini = gt_rec_clean)
{
	const struct gt_rec_fact *fact;
	const struct gt_rec_trace *t;

	gt_rec_start(PAUSED);
	cr_assert_not_null(gt_thread_create((const void *)0x7100, (const void *)0x7200));
	gt_puppet_born(&one);
	gt_puppet_born(&two);
	gt_puppet_waits(&one, &object);
	gt_puppet_do(&two, begin_call, NULL);
	cr_assert(gt_recording_start());
	cr_assert(gt_recording_stop());
	t = gt_rec_read(gt_output_path());
	is_listed(t, 1, 1, GT_G_Running);
	is_listed(t, 1, 2, GT_G_Runnable);
	is_listed(t, 1, 3, GT_G_Waiting);
	is_listed(t, 1, 4, GT_G_Syscall);
	cr_assert_eq(gt_rec_find(t, 1, GT_EV_GoStatusStack, 3)->pc, (uint64_t)(uintptr_t)GT_PUPPET_PC);
	cr_assert_eq(gt_rec_find(t, 1, GT_EV_GoStatusStack, 4)->m, two.tid);
	fact = gt_rec_fact(t, NULL, GT_FACT_Waiting);
	cr_assert(fact->v[0] == 3 && fact->v[1] == GT_PRIM_MUTEX && (uintptr_t)fact->v[2] == (uintptr_t)&object);
	cr_assert_null(gt_rec_fact(t, fact, GT_FACT_Waiting));
}

Test(pause, who_ends_is_not_in_the_next_trace, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_start(&two);
	gt_puppet_yields(&two);
	cr_assert(gt_recording_stop());
	gt_puppet_end(&one);
	gt_puppet_vanish(&two);
	cr_assert(gt_recording_start());
	cr_assert(gt_recording_stop());
	t = gt_rec_read(gt_output_path());
	is_listed(t, 2, 1, GT_G_Running);
	cr_assert_eq(gt_rec_count(t, 2, GT_EV_GoStatus, GT_REC_ANY) +
			     gt_rec_count(t, 2, GT_EV_GoStatusStack, GT_REC_ANY),
		     1);
	for (uint32_t id = 1; id < gt_proc_count(); id++)
		cr_assert_eq(slot_state(id), GT_PROC_IDLE);
}

/* Its GoUnblock is in the first trace, its wait's end in the second one. */
Test(pause, a_wait_that_was_ended_in_the_last_trace_is_runnable, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_waits(&one, &object);
	gt_wake_all(&object, GT_REC_PC);
	cr_assert(gt_recording_stop());
	cr_assert(gt_recording_start());
	cr_assert(gt_recording_flush());
	gt_puppet_wakes(&one);
	t = gt_rec_finish();
	is_listed(t, 2, 2, GT_G_Runnable);
	cr_assert_eq(gt_rec_count(t, 3, GT_EV_GoUnblock, 2), 0);
	cr_assert_eq(gt_rec_count(t, 3, GT_EV_GoStart, 2), 1);
}

/* The waker of the new trace says so, and who was woken while nobody recorded says so itself. */
Test(pause, wakers_find_who_waited_before_the_trace, .fini = gt_rec_clean)
{
	const struct gt_rec_event *ev;
	const struct gt_rec_trace *t;

	gt_rec_start(PAUSED);
	gt_puppet_born(&one);
	gt_puppet_born(&two);
	gt_puppet_waits(&one, &object);
	gt_puppet_waits(&two, &op);
	gt_wake_all(&op, GT_REC_PC);
	cr_assert(gt_recording_start());
	gt_wake_all(&object, GT_REC_PC);
	gt_puppet_wakes(&one);
	gt_puppet_wakes(&two);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_find(t, 1, GT_EV_GoUnblock, 2)->g, 1);
	cr_assert_eq(gt_rec_tied(gt_rec_find(t, 1, GT_EV_GoStatus, 2), GT_FACT_Wait)->v[1], (intptr_t)&object);
	cr_assert_eq(gt_rec_tied(gt_rec_find(t, 1, GT_EV_GoStatus, 3), GT_FACT_Wait)->v[1], (intptr_t)&op);
	ev = gt_rec_find(t, 1, GT_EV_GoUnblock, 3);
	cr_assert_eq(ev->m, two.tid);
	cr_assert_eq(gt_rec_tied(ev, GT_FACT_Waker)->v[0], 1);
}

Test(pause, names_are_told_again, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	int names = 0;

	gt_rec_start(PAUSED);
	gt_thread_name("worker");
	gt_puppet_born(&one);
	cr_assert(gt_recording_start());
	gt_yield(GT_REC_PC);
	cr_assert(gt_recording_stop());
	t = gt_rec_read(gt_output_path());
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_GoLabel, GT_REC_ANY), 1);
	for (const struct gt_rec_fact *f = NULL; (f = gt_rec_fact(t, f, GT_FACT_ThreadName)); names++) {
		if (f->v[0] == 1)
			cr_assert_str_eq(f->text[2], "worker");
	}
	cr_assert_eq(names, 2);
}

/* As a thread that was interrupted there by a signal handler. */
Test(pause, a_quiet_section_is_waited_for, .fini = gt_rec_clean)
{
	gt_rec_start(PAUSED);
	cr_assert(gt_pause_enter(gt_self));
	cr_assert_not(gt_pause_enter(gt_self));
	cr_assert_not(gt_recording_start(), "it would wait for itself");
	gt_recording_toggle();
	cr_assert_not(gt_recording_is_on());
	gt_pause_leave(gt_self);
	cr_assert(gt_recording_is_on());
	cr_assert_not(gt_pause_enter(gt_self));
	gt_rec_finish();
}

Test(pause, after_the_end_there_is_none, .fini = gt_rec_clean)
{
	gt_rec_start(PAUSED);
	gt_rec_wait(&op, &object);
	gt_process_finish();
	gt_op_end(&op);
	cr_assert_eq(state_of(gt_self), GT_T_BLOCKED);
	cr_assert_not(gt_pause_end(gt_self));
	cr_assert_not(gt_process_may_record());
}
