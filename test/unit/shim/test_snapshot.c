/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Generation 2 of most of these recordings is silent: every thread and slot is in the state that generation 1 left, and
 * the switcher has to say so.
 */
#include "shim/snapshot.h"
#include "shim/advance.h"
#include "shim/output.h"
#include "shim/thread.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"
#include "test/lib/wire.h"

#include <criterion/criterion.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct gt_puppet one, two;
static struct gt_op op;
static int object;

static void keep_slot(void *unused)
{
	(void)unused;
	gt_rec_call(&op);
}

static void give_slot_up(void *unused)
{
	(void)unused;
	gt_syscall_begin_blocking(&op, SYS_read, -1, GT_REC_PC);
}

static void end_op(void *unused)
{
	(void)unused;
	gt_op_end(&op);
}

/* Ends generation 1, lets 2 be silent, and comes to 3. */
static void pass_silently(void)
{
	gt_advance_now();
	gt_advance_now();
}

/* Checks the only status of the thread in generation 2; `m` is whose thread it is bound to. */
static void is_told(const struct gt_rec_trace *t, int64_t g, uint64_t m, enum gt_gstatus status)
{
	const struct gt_rec_event *ev = gt_rec_find(t, 2, GT_EV_GoStatus, g);

	cr_assert_not_null(ev);
	cr_assert_eq(gt_rec_count(t, 2, GT_EV_GoStatus, g), 1);
	cr_assert_eq(ev->args[1], m);
	cr_assert_eq(ev->args[2], status);
	cr_assert_eq(ev->m, m == GT_NONE ? -1 : (int64_t)m);
}

static enum gt_pstatus slot_in(const struct gt_rec_trace *t, uint64_t gen, int64_t p)
{
	cr_assert_eq(gt_rec_count(t, gen, GT_EV_ProcStatus, p), 1);
	return (enum gt_pstatus)gt_rec_find(t, gen, GT_EV_ProcStatus, p)->args[1];
}

Test(snapshot, who_runs_runs_on_its_slot, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_one_slot();
	gt_rec_start(NULL);
	pass_silently();
	t = gt_rec_finish();
	is_told(t, 1, (uint64_t)getpid(), GT_G_Running);
	cr_assert_eq(slot_in(t, 2, 0), GT_P_Running);
}

Test(snapshot, who_waits_still_waits, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_one_slot();
	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_waits(&one, &object);
	pass_silently();
	gt_puppet_wakes(&one);
	gt_puppet_end(&one);
	t = gt_rec_finish();
	is_told(t, 2, GT_NONE, GT_G_Waiting);
	cr_assert_eq(slot_in(t, 2, 1), GT_P_Idle);
}

Test(snapshot, who_was_woken_is_runnable, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_waits(&one, &object);
	gt_wake_one(&object, GT_REC_PC);
	pass_silently();
	gt_puppet_wakes(&one);
	gt_puppet_end(&one);
	t = gt_rec_finish();
	is_told(t, 2, GT_NONE, GT_G_Runnable);
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoUnblock, 2), 1);
}

Test(snapshot, a_system_call_lasts_with_its_slot_and_without, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_one_slot();
	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_do(&one, keep_slot, NULL);
	pass_silently();
	gt_puppet_do(&one, end_op, NULL);
	gt_puppet_end(&one);
	t = gt_rec_finish();
	is_told(t, 2, (uint64_t)one.tid, GT_G_Syscall);
	cr_assert_eq(slot_in(t, 2, 1), GT_P_Syscall);
	cr_assert_eq(gt_rec_find(t, 2, GT_EV_ProcStatus, 1)->m, one.tid);
}

Test(snapshot, a_system_call_without_a_slot_lasts_too, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_one_slot();
	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_do(&one, give_slot_up, NULL);
	pass_silently();
	gt_puppet_do(&one, end_op, NULL);
	gt_puppet_end(&one);
	t = gt_rec_finish();
	is_told(t, 2, (uint64_t)one.tid, GT_G_Syscall);
	cr_assert_eq(slot_in(t, 2, 1), GT_P_Idle);
}

Test(snapshot, who_was_announced_and_never_came_is_runnable, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_start(NULL);
	cr_assert_not_null(gt_thread_create(GT_REC_PC, GT_REC_PC));
	pass_silently();
	t = gt_rec_finish();
	is_told(t, 2, GT_NONE, GT_G_Runnable);
}

Test(snapshot, who_has_ended_is_not_mentioned, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_end(&one);
	pass_silently();
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_GoDestroy, 2), 1);
	cr_assert_eq(gt_rec_count(t, 2, GT_EV_GoStatus, 2), 0);
	cr_assert_eq(gt_rec_count(t, 3, GT_EV_GoStatus, 2), 0);
}

/* Every one of them is mentioned by itself in generation 2. */
Test(snapshot, who_says_its_state_is_not_mentioned_again, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_one_slot();
	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_born(&two);
	gt_puppet_waits(&one, &object);
	gt_puppet_do(&two, keep_slot, NULL);
	gt_advance_now();
	gt_wake_one(&object, GT_REC_PC);
	gt_puppet_do(&two, end_op, NULL);
	gt_advance_now();
	gt_puppet_wakes(&one);
	gt_puppet_end(&one);
	gt_puppet_end(&two);
	t = gt_rec_finish();
	is_told(t, 1, (uint64_t)getpid(), GT_G_Running);
	cr_assert_eq(gt_rec_count(t, 2, GT_EV_GoStatus, 2), 1);
	cr_assert_eq(gt_rec_find(t, 2, GT_EV_GoStatus, 2)->m, getpid());
	is_told(t, 3, (uint64_t)two.tid, GT_G_Syscall);
	for (int64_t p = 0; p < 3; p++)
		slot_in(t, 2, p);
}

/* A reader may choose at random between batches of the same time. */
Test(snapshot, no_two_batches_have_the_same_time, .fini = gt_rec_clean)
{
	struct gt_wire w;
	size_t batches = 0;

	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_born(&two);
	gt_puppet_do(&one, keep_slot, NULL);
	gt_puppet_waits(&two, &object);
	pass_silently();
	gt_puppet_do(&one, end_op, NULL);
	gt_puppet_wakes(&two);
	gt_rec_finish();
	gt_wire_read(&w, gt_output_path());
	for (size_t i = 0; i < w.batches; i++) {
		if (w.batch[i].gen != 2 || w.batch[i].time == 0)
			continue;
		batches++;
		for (size_t k = 0; k < i; k++)
			cr_assert(w.batch[k].gen != 2 || w.batch[k].time != w.batch[i].time);
	}
	cr_assert_eq(batches, 3);
	gt_wire_free(&w);
}

Test(snapshot, many_threads_are_all_told, .fini = gt_rec_clean)
{
	enum { THREADS = 6000 };
	const struct gt_rec_trace *t;

	gt_rec_start(NULL);
	for (int i = 0; i < THREADS; i++)
		cr_assert_not_null(gt_thread_create(GT_REC_PC, GT_REC_PC));
	pass_silently();
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 2, GT_EV_GoStatus, GT_REC_ANY), THREADS + 1);
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_BUFFER), 0);
}
