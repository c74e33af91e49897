/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Collections: numbered events, one collection at a time, and a word in each generation that one lasts over.
 */
#include "shim/gc.h"
#include "shim/advance.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <unistd.h>

static struct gt_puppet other;

static void begin(void *unused __attribute__((unused)))
{
	gt_gc_begin(GT_PUPPET_PC);
}

static void end(void *unused __attribute__((unused)))
{
	gt_gc_end();
}

Test(gc, a_collection_has_numbers_and_a_place, .fini = gt_rec_clean)
{
	const struct gt_rec_event *ev;
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	cr_assert_not(gt_gc_is_active());
	gt_gc_begin(GT_REC_PC);
	cr_assert(gt_gc_is_active());
	gt_gc_end();
	cr_assert_not(gt_gc_is_active());
	gt_gc_begin(GT_REC_PC);
	gt_gc_end();
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()), "ProcStatus GoStatus ProcsChange GCBegin GCEnd GCBegin GCEnd");
	ev = gt_rec_find(t, 1, GT_EV_GCBegin, GT_REC_ANY);
	cr_assert_eq(ev->args[0], 1);
	cr_assert_eq(ev->pc, (uintptr_t)GT_REC_PC);
	cr_assert_eq(gt_rec_find(t, 1, GT_EV_GCEnd, GT_REC_ANY)->args[0], 2);
	cr_assert_eq(gt_rec_after(t, ev, GT_EV_GCBegin, GT_REC_ANY)->args[0], 3);
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_MISUSE), 0);
}

Test(gc, each_generation_hears_of_it_once, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_puppet_born(&other);
	gt_gc_begin(GT_REC_PC);
	for (int i = 0; i < 2; i++) {
		gt_advance_now();
		gt_yield(GT_REC_PC);
		gt_puppet_yields(&other);
		gt_yield(GT_REC_PC);
	}
	gt_puppet_do(&other, end, NULL);
	gt_advance_now();
	gt_yield(GT_REC_PC);
	gt_puppet_end(&other);
	t = gt_rec_finish();
	for (uint64_t gen = 1; gen <= 4; gen++)
		cr_assert_eq(gt_rec_count(t, gen, GT_EV_GCActive, GT_REC_ANY), gen == 2 || gen == 3);
	cr_assert_eq(gt_rec_find(t, 2, GT_EV_GCActive, GT_REC_ANY)->args[0], 2);
	cr_assert_eq(gt_rec_find(t, 3, GT_EV_GCActive, GT_REC_ANY)->args[0], 3);
	cr_assert_eq(gt_rec_find(t, 3, GT_EV_GCEnd, GT_REC_ANY)->args[0], 4);
}

Test(gc, a_generation_in_which_nobody_runs_does_not_tell_of_it, .fini = gt_rec_clean)
{
	gt_rec_start(NULL);
	cr_assert(gt_gc_is_told(1));
	gt_gc_begin(GT_REC_PC);
	cr_assert(gt_gc_is_told(1));
	gt_advance_now();
	cr_assert_not(gt_gc_is_told(2));
	gt_yield(GT_REC_PC);
	cr_assert(gt_gc_is_told(2));
	gt_gc_end();
	gt_advance_now();
	cr_assert(gt_gc_is_told(3));
}

Test(gc, an_end_that_comes_first_in_its_generation, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_gc_begin(GT_REC_PC);
	gt_advance_now();
	gt_gc_end();
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 2, getpid()), "ProcStatus GoStatus ProcsChange GCActive GCEnd");
}

Test(gc, mistakes_are_counted_and_not_written, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_puppet_born(&other);
	gt_gc_end();
	gt_gc_begin(GT_REC_PC);
	gt_puppet_do(&other, begin, NULL);
	gt_puppet_do(&other, end, NULL);
	gt_gc_end();
	gt_puppet_end(&other);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GCBegin, GT_REC_ANY), 1);
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GCEnd, GT_REC_ANY), 1);
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_MISUSE), 3);
}

Test(gc, nothing_is_written_where_nothing_is_recorded)
{
	gt_gc_begin(GT_REC_PC);
	gt_gc_end();
	cr_assert_not(gt_gc_is_active());
	cr_assert_eq(atomic_load(&gt_drops[GT_DROP_MISUSE]), 0);
}
