/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Tasks and regions: live ids are unique, regions nest, names are compared and kept as texts.
 */
#include "test/lib/decode.h"
#include "test/lib/text.h"
#include "test/lib/verdict.h"

#include <criterion/criterion.h>

/* A trace in which string 1 is "load" and string 2 is "save"; the batch of M 1 is open. */
static void with_names(struct gt_builder *b)
{
	gt_build_start(b);
	gt_build_end(b);
	gt_build_string(b, 1, 1, "load", 4);
	gt_build_string(b, 1, 2, "save", 4);
	gt_build_batch(b, 1, 1, 200);
}

/* Goes on in a generation in which string 2 is "load". */
static void with_other_ids(struct gt_builder *b)
{
	gt_build_second(b);
	gt_build_end(b);
	gt_build_string(b, 2, 2, "load", 4);
	gt_build_batch(b, 2, 1, 1200);
}

Test(order_user, a_live_task_is_unique)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_UserTaskBegin(&b, 1, 8, 0, 0, 0);
	gt_add_UserTaskBegin(&b, 1, 9, 8, 0, 0);
	gt_add_UserTaskEnd(&b, 1, 8, 0);
	gt_add_UserTaskBegin(&b, 1, 8, 0, 0, 0);
	gt_add_UserTaskBegin(&b, 1, 9, 0, 0, 0);
	gt_expect_broken(&b, 6, "UserTaskBegin: task 9 already exists");
}

static void look_at_unknown_task(const struct gt_trace_event *ev)
{
	cr_expect_eq(ev->kind, GT_KIND_TASK_END);
	cr_expect_eq(ev->task, 8);
	cr_expect_eq(ev->parent, GT_NONE);
	gt_expect_string(ev->text[0], "");
}

Test(order_user, a_task_may_have_begun_before_the_trace)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_UserTaskEnd(&b, 1, 8, 0);
	gt_decode_event(&b, 2, look_at_unknown_task);
}

static void look_at_begin(const struct gt_trace_event *ev)
{
	cr_expect_eq(ev->kind, GT_KIND_TASK_BEGIN);
	cr_expect_eq(ev->task, 8);
	cr_expect_eq(ev->parent, GT_NONE);
	gt_expect_string(ev->text[0], "load");
}

static void look_at_end(const struct gt_trace_event *ev)
{
	cr_expect_eq(ev->kind, GT_KIND_TASK_END);
	cr_expect_eq(ev->task, 9);
	cr_expect_eq(ev->parent, 8);
	gt_expect_string(ev->text[0], "save");
}

Test(order_user, the_end_of_a_task_knows_its_beginning)
{
	struct gt_builder b = {0};

	with_names(&b);
	gt_add_UserTaskBegin(&b, 1, 8, 0, 1, 0);
	gt_decode_event(&b, 2, look_at_begin);
	with_names(&b);
	gt_add_UserTaskBegin(&b, 1, 8, 0, 1, 0);
	gt_add_UserTaskBegin(&b, 1, 9, 8, 2, 0);
	with_other_ids(&b);
	gt_add_UserTaskEnd(&b, 1, 9, 0);
	gt_decode_event(&b, 5, look_at_end);
}

Test(order_user, tasks_need_a_thread_with_a_slot)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_UserTaskBegin(&b, 1, 8, 0, 0, 0);
	gt_expect_broken(&b, 3, "UserTaskBegin: expected a goroutine");
	gt_build_start(&b);
	gt_add_ProcStop(&b, 1);
	gt_add_UserTaskEnd(&b, 1, 8, 0);
	gt_expect_broken(&b, 3, "UserTaskEnd: expected a proc");
}

Test(order_user, names_must_be_there)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_UserTaskBegin(&b, 1, 8, 0, 33, 0);
	gt_expect_broken(&b, 2, "UserTaskBegin: string 33 is not there");
	gt_build_start(&b);
	gt_add_UserRegionBegin(&b, 1, 8, 33, 0);
	gt_expect_broken(&b, 2, "UserRegionBegin: string 33 is not there");
	gt_build_start(&b);
	gt_add_UserRegionEnd(&b, 1, 8, 33, 0);
	gt_expect_broken(&b, 2, "UserRegionEnd: string 33 is not there");
}

Test(order_user, regions_nest)
{
	struct gt_builder b = {0};

	with_names(&b);
	for (uint64_t task = 1; task <= 5; task++)
		gt_add_UserRegionBegin(&b, 1, task, 1, 0);
	for (uint64_t task = 5; task >= 1; task--)
		gt_add_UserRegionEnd(&b, 1, task, 1, 0);
	gt_expect_sound(&b, 12);
	with_names(&b);
	gt_add_UserRegionBegin(&b, 1, 8, 1, 0);
	gt_add_UserRegionBegin(&b, 1, 8, 2, 0);
	gt_add_UserRegionEnd(&b, 1, 8, 1, 0);
	gt_expect_broken(&b, 4, "the innermost region of goroutine 1 is another");
	with_names(&b);
	gt_add_UserRegionBegin(&b, 1, 8, 1, 0);
	gt_add_UserRegionEnd(&b, 1, 9, 1, 0);
	gt_expect_broken(&b, 3, "the innermost region of goroutine 1 is another");
}

Test(order_user, regions_are_compared_by_the_text_of_their_names)
{
	struct gt_builder b = {0};

	with_names(&b);
	gt_add_UserRegionBegin(&b, 1, 8, 1, 0);
	with_other_ids(&b);
	gt_add_UserRegionEnd(&b, 1, 8, 2, 0);
	gt_expect_sound(&b, 5);
	with_names(&b);
	gt_add_UserRegionBegin(&b, 1, 8, 2, 0);
	with_other_ids(&b);
	gt_add_UserRegionEnd(&b, 1, 8, 2, 0);
	gt_expect_broken(&b, 4, "the innermost region of goroutine 1 is another");
}

Test(order_user, a_region_may_have_begun_before_the_trace)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_UserRegionEnd(&b, 1, 8, 0, 0);
	gt_add_UserRegionBegin(&b, 1, 8, 0, 0);
	gt_add_UserRegionEnd(&b, 1, 8, 0, 0);
	gt_add_UserRegionEnd(&b, 1, 8, 0, 0);
	gt_expect_sound(&b, 6);
}

Test(order_user, regions_belong_to_one_thread)
{
	struct gt_builder b = {0};

	with_names(&b);
	gt_add_UserRegionBegin(&b, 1, 8, 1, 0);
	gt_add_GoCreate(&b, 1, 2, 0, 0);
	gt_add_GoStop(&b, 1, 0, 0);
	gt_add_GoStart(&b, 1, 2, 1);
	gt_add_UserRegionEnd(&b, 1, 7, 2, 0);
	gt_add_GoStop(&b, 1, 0, 0);
	gt_add_GoStart(&b, 1, 1, 1);
	gt_add_UserRegionEnd(&b, 1, 8, 1, 0);
	gt_expect_sound(&b, 10);
}

Test(order_user, regions_need_a_thread_with_a_slot)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_UserRegionBegin(&b, 1, 8, 0, 0);
	gt_expect_broken(&b, 3, "UserRegionBegin: expected a goroutine");
	gt_build_start(&b);
	gt_add_ProcStop(&b, 1);
	gt_add_UserRegionEnd(&b, 1, 8, 0, 0);
	gt_expect_broken(&b, 3, "UserRegionEnd: expected a proc");
}
