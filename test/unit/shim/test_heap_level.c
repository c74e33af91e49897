/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The level of the heap: written when it has changed by a step, and once a generation; a collector's word comes first.
 */
#include "shim/heap_level.h"
#include "shim/advance.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <sys/resource.h>
#include <unistd.h>

#define BEGINNING "ProcStatus GoStatus ProcsChange "

#define GIGABYTE (UINT64_C(1) << 30)

static struct gt_puppet other;

/* Below whatever the machine has, and for a moment only: a sanitizer's memory is more. */
static void limit_data(uint64_t bytes)
{
	cr_assert_eq(setrlimit(RLIMIT_DATA, &(struct rlimit){bytes, RLIM_INFINITY}), 0);
}

Test(heap_level, nothing_is_written_where_nobody_knows_it, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_heap_level_flush();
	gt_advance_now();
	gt_yield(GT_REC_PC);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_HeapAlloc, GT_REC_ANY), 0);
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_HeapGoal, GT_REC_ANY), 0);
}

Test(heap_level, the_count_is_written_at_steps_and_at_the_end, .fini = gt_rec_clean)
{
	const struct gt_rec_event *ev;
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_heap_level_count(1000);
	gt_heap_count(GT_HEAP_STEP - 1); /* not enough */
	gt_heap_count(1);
	gt_heap_count(-5);
	gt_heap_level_flush();
	gt_heap_level_flush(); /* no news */
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()), BEGINNING "HeapAlloc HeapGoal HeapAlloc HeapAlloc");
	ev = gt_rec_find(t, 1, GT_EV_HeapAlloc, GT_REC_ANY);
	cr_assert_eq(ev->args[0], 1000);
	ev = gt_rec_after(t, ev, GT_EV_HeapAlloc, GT_REC_ANY);
	cr_assert_eq(ev->args[0], 1000 + GT_HEAP_STEP);
	ev = gt_rec_after(t, ev, GT_EV_HeapAlloc, GT_REC_ANY);
	cr_assert_eq(ev->args[0], 995 + GT_HEAP_STEP);
}

Test(heap_level, each_generation_has_it_once_with_the_limit, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	limit_data(GIGABYTE);
	gt_heap_level_count(7);
	for (int gen = 2; gen <= 3; gen++) {
		gt_advance_now();
		gt_yield(GT_REC_PC);
		gt_yield(GT_REC_PC);
	}
	limit_data(RLIM_INFINITY);
	t = gt_rec_finish();
	for (uint64_t gen = 2; gen <= 3; gen++) {
		cr_assert_eq(gt_rec_count(t, gen, GT_EV_HeapAlloc, GT_REC_ANY), 1);
		cr_assert_eq(gt_rec_count(t, gen, GT_EV_HeapGoal, GT_REC_ANY), 1);
		cr_assert_eq(gt_rec_find(t, gen, GT_EV_HeapAlloc, GT_REC_ANY)->args[0], 7);
		cr_assert_eq(gt_rec_find(t, gen, GT_EV_HeapGoal, GT_REC_ANY)->args[0], GIGABYTE);
	}
}

Test(heap_level, where_a_collector_speaks_only_its_word_is_written, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_heap_level_count(7);
	gt_heap_level_set(5000);
	gt_heap_level_set_goal(6000);
	gt_heap_count(10 * GT_HEAP_STEP);
	gt_advance_now();
	gt_yield(GT_REC_PC);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()), BEGINNING "HeapAlloc HeapGoal HeapAlloc HeapGoal");
	cr_assert_eq(gt_rec_count(t, 2, GT_EV_HeapAlloc, GT_REC_ANY), 1);
	cr_assert_eq(gt_rec_find(t, 2, GT_EV_HeapAlloc, GT_REC_ANY)->args[0], 5000);
	cr_assert_eq(gt_rec_find(t, 2, GT_EV_HeapGoal, GT_REC_ANY)->args[0], 6000);
}

/* The bytes count, and whoever runs next may say so. */
static void add_while_away(void *arg)
{
	static int object;
	struct gt_op op;

	(void)arg;
	gt_rec_wait(&op, &object);
	gt_heap_thread_begins();
	gt_heap_count(2 * GT_HEAP_STEP);
	gt_op_end(&op);
}

static void add_unseen(void *arg)
{
	(void)arg;
	gt_heap_count(2 * GT_HEAP_STEP);
}

Test(heap_level, who_waits_or_was_never_seen_writes_nothing_and_drops_nothing, .fini = gt_rec_clean)
{
	const struct gt_rec_event *ev;
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_heap_level_count(0);
	gt_puppet_start(&other);
	gt_puppet_do(&other, add_unseen, NULL);
	gt_puppet_do(&other, add_while_away, NULL);
	gt_heap_level_flush();
	gt_puppet_end(&other);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_HeapAlloc, GT_REC_ANY), 2);
	ev = gt_rec_after(t, gt_rec_find(t, 1, GT_EV_HeapAlloc, GT_REC_ANY), GT_EV_HeapAlloc, GT_REC_ANY);
	cr_assert_eq(ev->args[0], 4 * GT_HEAP_STEP);
	for (int cause = 0; cause < GT_DROPS; cause++)
		cr_assert_eq(gt_rec_dropped(t, (enum gt_drop)cause), 0, "%d", cause);
}

/* Who took it does not run, or can't write; nobody else does either. */
Test(heap_level, the_writer_tells_what_nobody_has_written, .fini = gt_rec_clean)
{
	enum { WRITER = 0x7ffffff0 };
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_heap_level_count(0);
	gt_heap_level_look(WRITER);
	gt_puppet_start(&other);
	gt_puppet_do(&other, add_unseen, NULL);
	gt_heap_level_look(0);
	gt_heap_level_look(WRITER);
	gt_heap_level_look(WRITER);
	gt_advance_now();
	gt_puppet_end(&other);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, WRITER), "ProcStatus ProcStart HeapAlloc ProcStop");
	cr_assert_eq(
		gt_rec_after(t, gt_rec_find(t, 1, GT_EV_HeapAlloc, GT_REC_ANY), GT_EV_HeapAlloc, GT_REC_ANY)->args[0],
		2 * GT_HEAP_STEP);
}

/* Frees of what nobody counted. */
Test(heap_level, it_does_not_fall_below_nothing, .fini = gt_rec_clean)
{
	const struct gt_rec_event *ev;
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_heap_level_count(GT_HEAP_STEP);
	gt_heap_count(-2 * (int64_t)GT_HEAP_STEP);
	t = gt_rec_finish();
	ev = gt_rec_find(t, 1, GT_EV_HeapAlloc, GT_REC_ANY);
	cr_assert_eq(gt_rec_after(t, ev, GT_EV_HeapAlloc, GT_REC_ANY)->args[0], 0);
}

static const int step = GT_HEAP_STEP;

static void take_and_end(void *arg)
{
	gt_heap_thread_begins();
	gt_heap_count(*(const int *)arg - 1); /* pending */
	gt_heap_thread_ends();
	gt_heap_count(1); /* after its last word */
}

/* What many threads take, little each, is there when they are gone. */
Test(heap_level, nothing_is_lost_with_a_thread, .fini = gt_rec_clean)
{
	const struct gt_rec_event *ev;
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_heap_level_count(0);
	gt_puppet_born(&other);
	gt_puppet_do(&other, take_and_end, (void *)&step);
	gt_puppet_end(&other);
	gt_heap_level_flush();
	t = gt_rec_finish();
	ev = gt_rec_after(t, gt_rec_find(t, 1, GT_EV_HeapAlloc, GT_REC_ANY), GT_EV_HeapAlloc, GT_REC_ANY);
	cr_assert_eq(ev->args[0], GT_HEAP_STEP);
}

/* What is pending is added with a thread's first event of a generation. */
Test(heap_level, a_generation_begins_with_what_is_so, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_heap_level_count(0);
	gt_heap_count(12345);
	gt_advance_now();
	gt_yield(GT_REC_PC);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_find(t, 1, GT_EV_HeapAlloc, GT_REC_ANY)->args[0], 0);
	cr_assert_eq(gt_rec_find(t, 2, GT_EV_HeapAlloc, GT_REC_ANY)->args[0], 12345);
}
