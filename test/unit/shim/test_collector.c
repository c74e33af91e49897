/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Why threads wait that a collector holds up, and what its own threads are called.
 */
#include "shim/collector.h"
#include "shim/format/spec.h"
#include "shim/gc.h"
#include "shim/ranges.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <unistd.h>

#define CODE ((const void *)0x91000)

static const struct gt_waiting stopped = {GT_BLOCK_PREEMPTED, GT_PRIM_SIGNAL, GT_NO_CALL};
static const struct gt_waiting condition = {GT_BLOCK_COND_WAIT, GT_PRIM_COND, GT_NO_CALL};
static const struct gt_waiting locked = {GT_BLOCK_SYNC, GT_PRIM_MUTEX, GT_NO_CALL};
static const struct gt_waiting semaphore = {GT_BLOCK_SYNC, GT_PRIM_SEM, GT_NO_CALL};

static void start(void)
{
	gt_rec_start(NULL);
	gt_collector = (struct gt_collector){0x90000, 0x2000};
}

/* The reason with which the calling thread waits there. */
static const char *why(struct gt_waiting what, const void *pc)
{
	return gt_block_reason_text[gt_collector_reason(gt_self, what, pc)];
}

Test(collector, where_a_wait_was_called_says_what_it_is_for, .fini = gt_rec_clean)
{
	start();
	cr_assert_str_eq(why(stopped, CODE), "wait until GC ends");
	cr_assert_str_eq(why(condition, CODE), "GC background sweeper wait");
	cr_assert_str_eq(why(locked, CODE), "sync");
	gt_gc_begin(GT_REC_PC);
	cr_assert_str_eq(why(locked, CODE), "wait until GC ends");
	cr_assert_str_eq(why(semaphore, CODE), "sync");
	gt_stw_begin("GC mark", GT_REC_PC);
	cr_assert_str_eq(why(condition, CODE), "GC mark assist wait for work");
	cr_assert_str_eq(why(locked, CODE), "sync");
}

Test(collector, the_program_waits_for_what_it_always_did, .fini = gt_rec_clean)
{
	start();
	gt_gc_begin(GT_REC_PC);
	for (uintptr_t pc = 0x8ffff; pc <= 0x92000; pc += 0x2001) {
		cr_assert_str_eq(why(stopped, (const void *)pc), "preempted");
		cr_assert_str_eq(why(condition, (const void *)pc), "sync.(*Cond).Wait");
		cr_assert_str_eq(why(locked, (const void *)pc), "sync");
	}
	gt_collector.size = 0;
	cr_assert_str_eq(why(stopped, CODE), "preempted");
}

Test(collector, the_reason_is_in_the_trace, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;
	struct gt_op op;

	start();
	gt_wait_begin(&op, stopped, NULL, CODE);
	gt_op_end(&op);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_find(t, 1, GT_EV_GoBlock, 1)->reason, "wait until GC ends");
}

Test(collector, what_a_thread_says_that_it_waits_for_goes_first, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_gc_wait_begin(GT_BLOCK_GC_SWEEP);
	cr_assert_str_eq(why(locked, GT_REC_PC), "GC background sweeper wait");
	gt_gc_wait_end();
	cr_assert_str_eq(why(locked, GT_REC_PC), "sync");
	gt_gc_wait_end();
	gt_gc_wait_begin(GT_BLOCK_UNTIL_GC_ENDS);
	gt_gc_wait_begin(GT_BLOCK_GC_MARK_ASSIST);
	cr_assert_str_eq(why(condition, GT_REC_PC), "GC mark assist wait for work");
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_MISUSE), 2);
}

Test(collector, a_marker_is_labelled_as_viewers_know_it, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	start();
	gt_thread_name("GC-marker-1");
	cr_assert_str_eq(why(condition, CODE), "GC mark assist wait for work");
	cr_assert_str_eq(gt_self->name, "GC-marker-1");
	gt_thread_name("GC-makers");
	cr_assert_str_eq(why(condition, CODE), "GC background sweeper wait");
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_find(t, 1, GT_EV_GoLabel, GT_REC_ANY)->reason, "GC marker-1");
	cr_assert_str_eq(
		gt_rec_after(t, gt_rec_find(t, 1, GT_EV_GoLabel, GT_REC_ANY), GT_EV_GoLabel, GT_REC_ANY)->reason,
		"GC-makers");
}

Test(collector, without_one_a_name_is_a_name, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_thread_name("GC-marker-1");
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_find(t, 1, GT_EV_GoLabel, GT_REC_ANY)->reason, "GC-marker-1");
}
