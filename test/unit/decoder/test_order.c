/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The rules of what may follow what, one violation each, and what is allowed although it looks wrong.
 */
#include "decoder/order.h"

#include "test/lib/builder.h"

#include <criterion/criterion.h>
#include <string.h>

/* The trace ends in an error of order with `part` in its words, after `events` events. */
static void broken(struct gt_builder *b, int events, const char *part)
{
	struct gt_error err;
	int n;

	gt_build_end(b);
	n = gt_build_verdict(b, &err);
	cr_expect_eq(n, events, "%d events, not %d", n, events);
	cr_expect_eq(err.code, GT_ERR_ORDER, "code %d", err.code);
	cr_expect(strstr(err.words, part) != NULL, "no '%s' in: %s", part, err.words);
}

/* The trace is sound; `events` without the Sync at its end. */
static void sound(struct gt_builder *b, int events)
{
	struct gt_error err;
	int n;

	gt_build_end(b);
	n = gt_build_verdict(b, &err);
	cr_expect_eq(err.code, GT_ERR_NONE, "%s", err.words);
	cr_expect_eq(n, events + 1, "%d events, not %d", n - 1, events);
}

/* Opens a second generation with the states of the first. */
static void second(struct gt_builder *b)
{
	gt_build_end(b);
	gt_build_frequency(b, 2, 1000000000);
	gt_build_batch(b, 2, 1, 1000);
}

Test(order, a_thread_is_created_and_runs)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoCreate(&b, 1, 2, 0, 0);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_GoStart(&b, 1, 2, 1);
	gt_add_GoDestroy(&b, 1);
	gt_add_ProcStop(&b, 1);
	sound(&b, 7);
}

Test(order, a_thread_exists_once)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoCreate(&b, 1, 1, 0, 0);
	broken(&b, 2, "goroutine 1 already exists");
}

Test(order, numbers_have_no_gaps)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoCreate(&b, 1, 2, 0, 0);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_GoStart(&b, 1, 2, 2);
	broken(&b, 4, "no event of 1 threads can be next");
}

Test(order, a_syscall_takes_the_next_number_at_once)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoSyscallBegin(&b, 1, 2, 0);
	broken(&b, 2, "number 2 for proc 0 after 0");
}

Test(order, states_must_agree)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	second(&b);
	gt_add_ProcStatus(&b, 1, 0, GT_P_Idle);
	broken(&b, 3, "inconsistent status: proc 0 is Running, not Idle");
	gt_build_start(&b);
	second(&b);
	gt_add_GoStatus(&b, 1, 1, 1, GT_G_Waiting);
	broken(&b, 3, "inconsistent status: goroutine 1 is Running, not Waiting");
}

Test(order, threads_are_born_by_creation_only)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	second(&b);
	gt_add_GoStatus(&b, 1, 5, GT_NONE, GT_G_Waiting);
	broken(&b, 3, "goroutine 5 was not created");
}

Test(order, slots_are_born_by_their_status)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	second(&b);
	gt_add_ProcStatus(&b, 1, 5, GT_P_Idle);
	sound(&b, 4);
}

Test(order, a_slot_without_status_blocks_in_a_new_generation)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	second(&b);
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	broken(&b, 3, "of generation 1");
}

Test(order, unknown_states)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_ProcStatus(&b, 1, 1, 5);
	broken(&b, 2, "has state 5");
	gt_build_start(&b);
	gt_add_GoStatus(&b, 1, 3, GT_NONE, 5);
	broken(&b, 2, "has state 5");
	gt_build_start(&b);
	gt_add_GoStatus(&b, 1, 3, GT_NONE, GT_G_Syscall);
	broken(&b, 2, "without a thread");
}

Test(order, contexts)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_ProcStop(&b, 1);
	gt_add_HeapAlloc(&b, 1, 4096);
	broken(&b, 3, "expected a proc");
	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_GoLabel(&b, 1, 0);
	broken(&b, 3, "expected a goroutine");
	gt_build_start(&b);
	gt_add_GoCreateSyscall(&b, 1, 2);
	broken(&b, 2, "expected no goroutine");
}

Test(order, batches_of_a_thread_keep_their_order)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_build_end(&b);
	gt_build_batch(&b, 1, 1, 300);
	gt_add_GoStart(&b, 1, 1, 2);
	gt_build_end(&b);
	gt_build_batch(&b, 1, 1, 200);
	gt_add_GoStop(&b, 1, 0, 0);
	gt_add_GoStart(&b, 1, 1, 1);
	broken(&b, 2, "no event of 1 threads can be next");
}

Test(order, clocks_may_disagree)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoCreate(&b, 1, 2, 0, 0);
	gt_add_ProcStatus(&b, 1, 1, GT_P_Idle);
	gt_build_end(&b);
	gt_build_batch(&b, 1, 2, 1);
	gt_add_ProcStart(&b, 1, 1, 1);
	gt_add_GoStart(&b, 1, 2, 1);
	sound(&b, 6);
}

/* M 1 in a system call with P 0; M 2, whose batch stays open, holds nothing. */
static void in_syscall(struct gt_builder *b)
{
	gt_build_start(b);
	gt_add_GoSyscallBegin(b, 1, 1, 0);
	gt_add_GoSyscallEndBlocked(b, 50);
	gt_build_end(b);
	gt_build_batch(b, 1, 2, 110);
}

Test(order, a_slot_is_stolen_in_a_syscall)
{
	struct gt_builder b = {0};

	in_syscall(&b);
	gt_add_ProcSteal(&b, 1, 0, 2, 1);
	sound(&b, 5);
}

Test(order, theft_from_the_wrong_thread)
{
	struct gt_builder b = {0};

	in_syscall(&b);
	gt_add_ProcSteal(&b, 1, 0, 2, 9);
	broken(&b, 3, "thread 9, which doesn't exist");
}

Test(order, a_switch_is_three_events)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoCreateBlocked(&b, 1, 2, 0, 0);
	gt_add_GoSwitch(&b, 1, 2, 1);
	gt_add_GoSwitchDestroy(&b, 1, 1, 1);
	sound(&b, 9);
}

Test(order, tasks_and_regions)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_UserTaskEnd(&b, 1, 8, 0);
	gt_add_UserRegionEnd(&b, 1, 8, 0, 0);
	gt_add_UserTaskBegin(&b, 1, 8, 0, 0, 0);
	gt_add_UserTaskBegin(&b, 1, 8, 0, 0, 0);
	broken(&b, 5, "task 8 already exists");
	gt_build_start(&b);
	gt_add_UserRegionBegin(&b, 1, 8, 0, 0);
	gt_add_UserRegionEnd(&b, 1, 9, 0, 0);
	broken(&b, 3, "innermost region");
}

Test(order, ranges_begin_once_and_end_after)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_STWBegin(&b, 1, 0, 0);
	gt_add_STWEnd(&b, 1);
	gt_add_STWEnd(&b, 1);
	broken(&b, 4, "STWEnd: has not begun");
	gt_build_start(&b);
	gt_add_GCSweepBegin(&b, 1, 0);
	gt_add_GCSweepBegin(&b, 1, 0);
	broken(&b, 3, "already under way");
	gt_build_start(&b);
	gt_add_GCBegin(&b, 1, 3, 0);
	gt_add_GCEnd(&b, 1, 5);
	broken(&b, 3, "can be next");
}

Test(order, experiments_need_a_thread)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_ProcStop(&b, 1);
	gt_add_Span(&b, 1, 1, 2, 3);
	sound(&b, 5);
	gt_build_start(&b);
	gt_build_end(&b);
	gt_build_batch(&b, 1, GT_NONE, 500);
	gt_add_Span(&b, 1, 1, 2, 3);
	broken(&b, 2, "expected a thread");
}
