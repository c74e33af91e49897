/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Status events: each slot and thread says its state once a generation, before its first event there, and counts anew.
 */
#include "shim/status.h"
#include "shim/advance.h"
#include "shim/notes.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <unistd.h>

static int object;

static void wait_once(void)
{
	struct gt_op op;

	gt_rec_wait(&op, &object);
	gt_op_end(&op);
}

Test(status, a_running_thread_says_so_once_a_generation, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	for (int gen = 1; gen <= 4; gen++) {
		gt_yield(GT_REC_PC);
		gt_yield(GT_REC_PC);
		gt_advance_now();
	}
	t = gt_rec_finish();
	for (uint64_t gen = 1; gen <= 4; gen++) {
		cr_assert_str_eq(gt_rec_story(t, gen, getpid()),
				 "ProcStatus GoStatus ProcsChange GoStop GoStart GoStop GoStart");
		cr_assert_eq(gt_rec_find(t, gen, GT_EV_ProcStatus, 0)->args[1], GT_P_Running);
		cr_assert_eq(gt_rec_find(t, gen, GT_EV_GoStatus, 1)->args[1], (uint64_t)getpid());
		cr_assert_eq(gt_rec_find(t, gen, GT_EV_GoStatus, 1)->args[2], GT_G_Running);
	}
}

Test(status, sequence_counters_start_again_with_each_generation, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	const struct gt_rec_event *go, *proc;

	gt_rec_start(NULL);
	for (int gen = 1; gen <= 3; gen++) {
		wait_once();
		wait_once();
		gt_advance_now();
	}
	t = gt_rec_finish();
	for (uint64_t gen = 1; gen <= 3; gen++) {
		go = gt_rec_find(t, gen, GT_EV_GoUnblock, 1);
		proc = gt_rec_find(t, gen, GT_EV_ProcStart, 0);
		cr_assert(go->args[1] == 1 && proc->args[1] == 1);
		cr_assert_eq(gt_rec_find(t, gen, GT_EV_GoStart, 1)->args[1], 2);
		cr_assert_eq(gt_rec_after(t, proc, GT_EV_ProcStart, 0)->args[1], 2);
	}
}

/* The state before the event: the thread waits, the slot is idle, a system call still lasts. */
Test(status, the_state_is_the_one_before_the_event, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;
	struct gt_op op;

	gt_rec_one_slot();
	gt_rec_start(NULL);
	gt_rec_wait(&op, &object);
	gt_advance_now();
	gt_op_end(&op);
	gt_rec_call(&op);
	gt_advance_now();
	gt_op_end(&op);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_find(t, 2, GT_EV_GoStatus, 1)->args[2], GT_G_Waiting);
	cr_assert_eq(gt_rec_find(t, 2, GT_EV_GoStatus, 1)->args[1], GT_NONE);
	cr_assert_eq(gt_rec_find(t, 2, GT_EV_ProcStatus, 0)->args[1], GT_P_Idle);
	cr_assert_eq(gt_rec_find(t, 3, GT_EV_GoStatus, 1)->args[2], GT_G_Syscall);
	cr_assert_eq(gt_rec_find(t, 3, GT_EV_GoStatus, 1)->args[1], (uint64_t)getpid());
	cr_assert_eq(gt_rec_find(t, 3, GT_EV_ProcStatus, 0)->args[1], GT_P_Syscall);
	cr_assert_str_eq(gt_rec_story(t, 3, getpid()), "ProcStatus GoStatus GoSyscallEnd ProcsChange");
}

Test(status, the_number_of_slots_is_said_again_when_it_grew, .fini = gt_rec_clean)
{
	static struct gt_puppet other;
	const struct gt_rec_trace *t;
	const struct gt_rec_event *ev;

	gt_rec_one_slot();
	gt_rec_start(NULL);
	gt_puppet_born(&other);
	gt_puppet_yields(&other);
	wait_once();
	gt_puppet_end(&other);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_ProcsChange, GT_REC_ANY), 2);
	ev = gt_rec_find(t, 1, GT_EV_ProcsChange, GT_REC_ANY);
	cr_assert_eq(ev->args[0], 1);
	ev = gt_rec_after(t, ev, GT_EV_ProcsChange, GT_REC_ANY);
	cr_assert_eq(ev->args[0], 2);
	cr_assert_eq(ev->m, other.tid);
}

Test(status, strings_of_reasons_have_ids_of_their_own)
{
	cr_assert_eq(gt_block_string(GT_BLOCK_GENERIC).v, GT_STRING_BLOCK);
	cr_assert_neq(gt_block_string(GT_BLOCK_GENERIC).v, 0);
	cr_assert_lt(gt_block_string(GT_BLOCK_REASONS - 1).v, gt_stop_string(GT_STOP_GENERIC).v);
	cr_assert_eq(gt_stop_string(GT_STOP_GOSCHED).v, gt_stop_string(GT_STOP_GENERIC).v + 1);
}

/* One slot; G 1 runs on it, and G 2, whose label says that it collects, comes back on the one that was announced for it. */
static void labelled(void *unused)
{
	(void)unused;
	gt_label("GC helper");
}

Test(status, a_collectors_thread_starts_on_slots_that_were_announced, .fini = gt_rec_clean)
{
	const struct gt_rec_event *said, *started;
	static struct gt_puppet one, two;
	const struct gt_rec_trace *t;

	gt_rec_one_slot();
	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_do(&one, labelled, NULL);
	gt_puppet_waits(&one, &object);
	gt_puppet_born(&two);
	gt_puppet_yields(&two);
	gt_puppet_wakes(&one);
	gt_puppet_end(&one);
	gt_puppet_end(&two);
	t = gt_rec_finish();
	said = gt_rec_after(t, gt_rec_find(t, 1, GT_EV_GoStart, 2), GT_EV_GoLabel, GT_REC_ANY);
	started = gt_rec_after(t, said, GT_EV_GoStart, 2);
	cr_assert_eq(started->p, 2);
	cr_assert_eq(gt_rec_find(t, 1, GT_EV_GoStart, 3)->p, 1);
	for (const struct gt_rec_event *ev = started; ev >= t->event; ev--) {
		if (ev->type == GT_EV_ProcsChange) {
			cr_assert_eq(ev->args[0], 3);
			return;
		}
	}
	cr_assert_fail("it was not announced");
}
