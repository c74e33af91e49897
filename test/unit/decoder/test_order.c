/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The ordering model as a whole: contexts, whose order counts, what outlives a generation. What single events need
 * is in test_order_*.c.
 */
#include "decoder/order.h"

#include "test/lib/verdict.h"

#include "shim/format/spec.h"

#include <criterion/criterion.h>

/* A model without a file: M 2 holds P 0 and G 1; others hold nothing. */
static struct gt_generation gen = {.gen = 1};
static struct gt_order *order;
static struct gt_error err;

static enum gt_advance happens(int64_t m, uint8_t type, uint64_t a, uint64_t b, uint64_t c)
{
	static struct gt_placed_event ev;

	ev = (struct gt_placed_event){.raw = {.type = type, .args = {a, b, c}}};
	return gt_order_advance(order, &gen, m, &ev, &err);
}

static void set_up(void)
{
	gt_error_clear(&err);
	order = gt_order_new();
	cr_assert_not_null(order);
	happens(2, GT_EV_ProcStatus, 0, GT_P_Running, 0);
	happens(2, GT_EV_GoStatus, 1, 2, GT_G_Running);
}

static void tear_down(void)
{
	gt_order_free(order);
}

TestSuite(order, .init = set_up, .fini = tear_down);

Test(order, an_event_is_taken_once)
{
	const struct gt_placed_event *ev;

	cr_assert_eq(happens(2, GT_EV_HeapAlloc, 4096, 0, 0), GT_ADVANCED);
	ev = gt_order_take(order);
	cr_assert_not_null(ev);
	cr_expect_eq(ev->raw.type, GT_EV_HeapAlloc);
	cr_expect_eq(ev->raw.args[0], 4096);
	cr_expect(ev->m == 2 && ev->p == 0 && ev->g == 1);
	cr_expect_null(gt_order_take(order));
}

Test(order, what_has_to_wait_changes_nothing)
{
	cr_expect_eq(happens(3, GT_EV_GoUnblock, 1, 1, 0), GT_NOT_YET);
	cr_expect_null(gt_order_take(order));
	cr_expect_eq(err.code, GT_ERR_NONE);
	cr_expect_eq(happens(2, GT_EV_GoBlock, 0, 0, 0), GT_ADVANCED);
	cr_expect_eq(happens(3, GT_EV_GoUnblock, 1, 1, 0), GT_ADVANCED);
	cr_expect_eq(happens(3, GT_EV_GoUnblock, 1, 2, 0), GT_NOT_YET);
}

Test(order, what_is_broken_is_said_with_the_name_of_the_event)
{
	cr_expect_eq(happens(3, GT_EV_HeapGoal, 0, 0, 0), GT_BROKEN);
	cr_expect_eq(err.code, GT_ERR_ORDER);
	cr_expect_str_eq(err.words, "HeapGoal: expected a proc but didn't have one");
	cr_expect_null(gt_order_take(order));
}

/* Events that only need their context. */
static bool only_annotates(int type)
{
	return type == GT_EV_ProcsChange || type == GT_EV_HeapAlloc || type == GT_EV_HeapGoal ||
	       type == GT_EV_GoLabel || type == GT_EV_UserLog || gt_event_spec[type].group == GT_GROUP_ALLOC;
}

Test(order, annotations_need_what_their_row_says)
{
	int seen = 0;

	cr_assert_eq(happens(4, GT_EV_ProcStatus, 7, GT_P_Running, 0), GT_ADVANCED);
	for (int type = 0; type < 256; type++) {
		int context = gt_event_spec[type].context;

		if (!gt_event_is_timed((uint8_t)type) || !only_annotates(type))
			continue;
		seen++;
		cr_expect_eq(happens(2, (uint8_t)type, 0, 0, 0), GT_ADVANCED, "%d with all", type);
		cr_expect_eq(happens(4, (uint8_t)type, 0, 0, 0) == GT_ADVANCED, context != GT_CTX_MPG, "%d with a slot",
			     type);
		cr_expect_eq(happens(5, (uint8_t)type, 0, 0, 0) == GT_ADVANCED, context == GT_CTX_M, "%d with nothing",
			     type);
		cr_expect_eq(happens(-1, (uint8_t)type, 0, 0, 0), GT_BROKEN, "%d without M", type);
	}
	cr_expect_eq(seen, 14);
}

Test(order, contexts)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_ProcStop(&b, 1);
	gt_add_HeapAlloc(&b, 1, 4096);
	gt_expect_broken(&b, 3, "expected a proc");
	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_GoLabel(&b, 1, 0);
	gt_expect_broken(&b, 3, "expected a goroutine");
	gt_build_start(&b);
	gt_add_GoCreateSyscall(&b, 1, 2);
	gt_expect_broken(&b, 2, "expected no goroutine");
}

Test(order, annotations_are_accepted_in_a_system_call)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_add_UserLog(&b, 1, 0, 0, 0, 0);
	gt_add_GoLabel(&b, 1, 0);
	gt_add_Span(&b, 1, 1, 2, 3);
	gt_expect_sound(&b, 6);
}

Test(order, experiments_need_a_thread)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_ProcStop(&b, 1);
	gt_add_Span(&b, 1, 1, 2, 3);
	gt_expect_sound(&b, 5);
	gt_build_start(&b);
	gt_build_other(&b, GT_NONE, 500);
	gt_add_Span(&b, 1, 1, 2, 3);
	gt_expect_broken(&b, 2, "expected a thread");
}

Test(order, batches_of_a_thread_keep_their_order)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_build_other(&b, 1, 300);
	gt_add_GoStart(&b, 1, 1, 2);
	gt_build_other(&b, 1, 200);
	gt_add_GoStop(&b, 1, 0, 0);
	gt_add_GoStart(&b, 1, 1, 1);
	gt_expect_stuck(&b, 2, "GoStart");
}

Test(order, clocks_may_disagree)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoCreate(&b, 1, 2, 0, 0);
	gt_add_ProcStatus(&b, 1, 1, GT_P_Idle);
	gt_build_other(&b, 2, 1);
	gt_add_ProcStart(&b, 1, 1, 1);
	gt_add_GoStart(&b, 1, 2, 1);
	gt_expect_sound(&b, 6);
}

Test(order, what_threads_hold_outlives_a_generation)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_build_second(&b);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_ProcStop(&b, 1);
	gt_expect_story(&b, "-/-/- Sync\n"
			    "1/0/1 GoBlock G1 Running>Waiting\n"
			    "1/0/- ProcStop P0 Running>Idle\n");
}

Test(order, numbers_of_an_older_generation_do_not_count)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_build_second(&b);
	gt_add_GoUnblock(&b, 1, 1, 1, 0);
	gt_expect_stuck(&b, 4, "GoUnblock");
}

Test(order, a_stream_without_a_thread_holds_nothing)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_build_other(&b, GT_NONE, 200);
	gt_add_GoStatus(&b, 1, 2, 2, GT_G_Running);
	gt_add_ProcStatus(&b, 1, 1, GT_P_Running);
	gt_add_GoStatus(&b, 1, 3, GT_NONE, GT_G_Waiting);
	gt_expect_story(&b, "-/-/- GoStatus G2 Undetermined>Running\n"
			    "-/-/- ProcStatus P1 Undetermined>Running\n"
			    "-/-/- GoStatus G3 Undetermined>Waiting\n");
}

Test(order, numbers_start_again_with_the_status_of_each_generation)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoStop(&b, 1, 0, 0);
	gt_add_GoStart(&b, 1, 1, 1);
	gt_build_second(&b);
	gt_add_GoStatus(&b, 1, 1, 1, GT_G_Running);
	gt_add_GoStop(&b, 1, 0, 0);
	gt_add_GoStart(&b, 1, 1, 1);
	gt_expect_sound(&b, 8);
}

Test(order, a_thread_id_may_be_used_again_when_nothing_is_held)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoCreate(&b, 1, 2, 0, 0);
	gt_add_GoDestroy(&b, 1);
	gt_add_ProcStop(&b, 1);
	gt_add_ProcStart(&b, 1, 0, 1);
	gt_add_GoStart(&b, 1, 2, 1);
	gt_expect_sound(&b, 7);
}

Test(order, a_creation_that_failed_is_a_short_life)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoCreate(&b, 1, 2, 0, 0);
	gt_add_GoStop(&b, 1, 0, 0);
	gt_add_GoStart(&b, 1, 2, 1);
	gt_add_GoDestroy(&b, 1);
	gt_add_GoStart(&b, 1, 1, 1);
	gt_expect_sound(&b, 7);
	gt_build_start(&b);
	gt_add_GoCreateBlocked(&b, 1, 2, 0, 0);
	gt_add_GoSwitch(&b, 1, 2, 1);
	gt_add_GoSwitchDestroy(&b, 1, 1, 1);
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_expect_sound(&b, 10);
}

Test(order, nothing_to_free_is_no_harm)
{
	gt_order_free(NULL);
}
