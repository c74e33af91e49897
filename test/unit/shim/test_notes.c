/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the program says about itself: the events, and what becomes of what does not fit.
 */
#include "shim/notes.h"
#include "shim/advance.h"
#include "shim/regions.h"
#include "shim/section.h"
#include "shim/tasks.h"
#include "shim/texts.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static uint64_t misused(void)
{
	return atomic_load(&gt_drops[GT_DROP_MISUSE]);
}

Test(notes, tasks_have_parents_and_are_ended_once, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	const struct gt_rec_event *ev;
	uint64_t task, part;

	gt_rec_start(NULL);
	task = gt_task_begin(0, "request", GT_REC_PC);
	part = gt_task_begin(task, "part", GT_REC_PC);
	gt_task_end(part, GT_REC_PC);
	gt_task_end(part, GT_REC_PC);
	gt_task_end(task, GT_REC_PC);
	gt_task_end(0, GT_REC_PC);
	gt_task_end(77, GT_REC_PC);
	cr_assert_eq(misused(), 3);
	t = gt_rec_finish();
	ev = gt_rec_find(t, 1, GT_EV_UserTaskBegin, GT_REC_ANY);
	cr_assert_eq(ev->args[0], task);
	cr_assert_eq(ev->pc, 0x5000);
	ev = gt_rec_after(t, ev, GT_EV_UserTaskBegin, GT_REC_ANY);
	cr_assert_eq(ev->args[0], part);
	cr_assert_eq(ev->args[1], task);
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_UserTaskEnd, GT_REC_ANY), 2);
}

/* Each generation has the names that its ends need. */
Test(notes, regions_nest_over_generations, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	char name[16];

	gt_rec_start(NULL);
	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof(name), "r%d", i);
		gt_region_begin(0, name, GT_REC_PC);
		if (i % 10 == 0)
			gt_advance_now();
	}
	for (int i = 39; i >= 0; i--) {
		snprintf(name, sizeof(name), "r%d", i);
		gt_region_end(0, name, GT_REC_PC);
		if (i % 10 == 0)
			gt_advance_now();
	}
	cr_assert_eq(misused(), 0);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_UserRegionBegin, GT_REC_ANY), 40);
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_UserRegionEnd, GT_REC_ANY), 40);
}

Test(notes, a_region_that_was_forgotten_ends_with_the_one_around_it, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_region_begin(0, "outer", GT_REC_PC);
	gt_region_begin(0, "inner", GT_REC_PC);
	gt_region_begin(0, "innermost", GT_REC_PC);
	gt_region_end(0, "outer", GT_REC_PC);
	cr_assert_eq(misused(), 2);
	gt_region_end(0, "inner", GT_REC_PC);
	gt_region_end(7, "outer", GT_REC_PC);
	cr_assert_eq(misused(), 4);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_UserRegionEnd, GT_REC_ANY), 3);
}

Test(notes, nothing_is_said_without_a_text, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_start(NULL);
	cr_assert_eq(gt_task_begin(0, NULL, GT_REC_PC), 0);
	gt_region_begin(0, NULL, GT_REC_PC);
	gt_region_end(0, NULL, GT_REC_PC);
	gt_log(0, NULL, "text", GT_REC_PC);
	gt_log(0, "category", NULL, GT_REC_PC);
	gt_label(NULL);
	cr_assert_eq(misused(), 6);
	t = gt_rec_finish();
	for (int type = GT_EV_GoLabel; type <= GT_EV_UserLog; type++)
		cr_assert_eq(gt_rec_count(t, 0, type, GT_REC_ANY), 0);
}

/* What is said for a task that the trace does not know is said for none. */
Test(notes, messages_are_for_tasks_that_there_are, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	const struct gt_rec_event *ev;
	uint64_t task;

	gt_rec_start(NULL);
	task = gt_task_begin(0, "request", GT_REC_PC);
	gt_log(task, "category", "text", GT_REC_PC);
	gt_task_end(task, GT_REC_PC);
	gt_log(task, "category", "late", GT_REC_PC);
	cr_assert_eq(misused(), 0);
	gt_log(77, "category", "", GT_REC_PC);
	cr_assert_eq(misused(), 1);
	t = gt_rec_finish();
	ev = gt_rec_find(t, 1, GT_EV_UserLog, GT_REC_ANY);
	cr_assert_eq(ev->args[0], task);
	ev = gt_rec_after(t, ev, GT_EV_UserLog, GT_REC_ANY);
	cr_assert_eq(ev->args[0], task);
	ev = gt_rec_after(t, ev, GT_EV_UserLog, GT_REC_ANY);
	cr_assert_eq(ev->args[0], 0);
}

/* The empty one takes the label away. What the kernel knows from elsewhere is a fact alone. */
Test(notes, labels_are_the_threads_own, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	const struct gt_rec_event *ev;
	uint64_t string;

	gt_rec_start(NULL);
	gt_thread_name("worker-1");
	gt_label("a label that is longer than a thread's name");
	string = gt_text_of("worker-1", 1);
	gt_thread_name("");
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_GoLabel, GT_REC_ANY), 3);
	ev = gt_rec_find(t, 1, GT_EV_GoLabel, GT_REC_ANY);
	cr_assert_eq(ev->args[0], string);
	ev = gt_rec_after(t, ev, GT_EV_GoLabel, GT_REC_ANY);
	cr_assert_neq(ev->args[0], 0);
	cr_assert_eq(gt_rec_after(t, ev, GT_EV_GoLabel, GT_REC_ANY)->args[0], 0);
	cr_assert_not_null(gt_rec_fact(t, NULL, GT_FACT_ThreadName));
}

/* As a handler that interrupts a section does: not even the regions may be touched. */
Test(notes, inside_a_section_all_is_dropped, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	struct gt_section s;

	gt_rec_start(NULL);
	gt_region_begin(0, "outer", GT_REC_PC);
	cr_assert(gt_section_enter(&s, gt_self));
	gt_self->sp = UINTPTR_MAX;
	cr_assert_not(gt_notes_are_on());
	gt_region_begin(0, "handler", GT_REC_PC);
	gt_region_end(0, "handler", GT_REC_PC);
	gt_region_end(0, "outer", GT_REC_PC);
	cr_assert_eq(gt_task_begin(0, "handler", GT_REC_PC), 0);
	gt_section_leave(&s);
	cr_assert(gt_notes_are_on());
	gt_region_end(0, "outer", GT_REC_PC);
	cr_assert_eq(misused(), 0);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_UserRegionBegin, GT_REC_ANY), 1);
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_UserRegionEnd, GT_REC_ANY), 1);
}

static struct gt_op op;

/* On top of a wait nothing is written, but the stack of regions is right afterwards. */
Test(notes, pairs_on_top_of_a_wait_stay_pairs, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_region_begin(0, "outer", GT_REC_PC);
	gt_rec_wait(&op, &op);
	op.thread = gt_self;
	gt_self->op = (const struct gt_op *)UINTPTR_MAX;
	gt_region_begin(0, "outer", GT_REC_PC);
	gt_region_end(0, "outer", GT_REC_PC);
	gt_self->op = &op;
	gt_op_end(&op);
	gt_region_end(0, "outer", GT_REC_PC);
	cr_assert_eq(misused(), 0);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_UserRegionEnd, GT_REC_ANY), 1);
}

/* A name that is kept is the same at both ends; one that found no room is empty at both, though others are found again. */
Test(notes, a_region_whose_name_is_lost_ends_without_one, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	char name[16];

	gt_rec_start(NULL);
	gt_region_begin(0, "kept", GT_REC_PC);
	for (int i = 0; i < 2 * GT_KEPT_MAX; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		gt_text_keep(name);
	}
	cr_assert_eq(gt_text_keep(name), 0);
	gt_region_begin(0, name, GT_REC_PC);
	gt_region_begin(0, "n0", GT_REC_PC);
	gt_advance_now();
	gt_region_end(0, "n0", GT_REC_PC);
	gt_region_end(0, name, GT_REC_PC);
	gt_region_end(0, "kept", GT_REC_PC);
	cr_assert_eq(misused(), 0);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 2, GT_EV_UserRegionEnd, GT_REC_ANY), 3);
}

/* While nothing can be written: the end of what was begun comes later, that of what was not never. */
Test(notes, an_end_that_finds_no_room_comes_with_the_next, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_region_begin(0, "outer", GT_REC_PC);
	gt_region_begin(0, "inner", GT_REC_PC);
	atomic_store(&gt_gate.gen, 0);
	gt_region_begin(0, "unseen", GT_REC_PC);
	gt_region_end(0, "unseen", GT_REC_PC);
	gt_region_end(0, "inner", GT_REC_PC);
	gt_region_begin(0, "half seen", GT_REC_PC);
	atomic_store(&gt_gate.gen, 1);
	gt_region_end(0, "half seen", GT_REC_PC);
	gt_region_end(0, "outer", GT_REC_PC);
	cr_assert_eq(misused(), 0);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_UserRegionBegin, GT_REC_ANY), 2);
	cr_assert_not_null(
		strstr(gt_rec_story(t, 1, getpid()), "UserRegionBegin UserRegionBegin UserRegionEnd UserRegionEnd"));
}

static struct gt_puppet puppet;

static void end_region(void *task)
{
	gt_region_end(*(uint64_t *)task, "mine", GT_REC_PC);
	gt_task_end(*(uint64_t *)task, GT_REC_PC);
}

static void leave_open(void *task)
{
	gt_region_begin(*(uint64_t *)task, "mine", GT_REC_PC);
}

/* A task may end anywhere, a region only where it began. */
Test(notes, regions_belong_to_threads, .fini = gt_rec_clean)
{
	static uint64_t task;
	const struct gt_rec_trace *t;

	gt_rec_start(NULL);
	task = gt_task_begin(0, "request", GT_REC_PC);
	gt_region_begin(task, "mine", GT_REC_PC);
	gt_puppet_born(&puppet);
	gt_puppet_do(&puppet, end_region, &task);
	cr_assert_eq(misused(), 1);
	gt_puppet_do(&puppet, leave_open, &task);
	gt_puppet_end(&puppet);
	cr_assert_eq(misused(), 2);
	gt_region_end(task, "mine", GT_REC_PC);
	cr_assert_eq(misused(), 2);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_UserTaskEnd, GT_REC_ANY), 1);
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_UserRegionEnd, GT_REC_ANY), 1);
}

Test(notes, nothing_is_said_while_nothing_is_recorded)
{
	cr_assert_not(gt_notes_are_on());
	cr_assert_eq(gt_task_begin(0, "request", GT_REC_PC), 0);
	gt_region_begin(0, "region", GT_REC_PC);
	gt_region_end(0, "region", GT_REC_PC);
	cr_assert_eq(misused(), 0);
}
