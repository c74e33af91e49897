/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads outside system calls: what each event needs, what it changes, and when it waits instead of failing.
 */
#include "test/lib/verdict.h"

#include <criterion/criterion.h>

Test(order_go, a_thread_is_created_and_runs)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoCreate(&b, 1, 2, 0, 0);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_GoStart(&b, 1, 2, 1);
	gt_add_GoStop(&b, 1, 0, 0);
	gt_add_GoStart(&b, 1, 2, 2);
	gt_add_GoDestroy(&b, 1);
	gt_expect_story(&b, "1/0/1 GoCreate G2 NotExist>Runnable\n"
			    "1/0/1 GoBlock G1 Running>Waiting\n"
			    "1/0/- GoStart G2 Runnable>Running\n"
			    "1/0/2 GoStop G2 Running>Runnable\n"
			    "1/0/- GoStart G2 Runnable>Running\n"
			    "1/0/2 GoDestroy G2 Running>NotExist\n");
}

Test(order_go, a_thread_exists_once)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoCreate(&b, 1, 1, 0, 0);
	gt_expect_broken(&b, 2, "goroutine 1 already exists");
	gt_build_start(&b);
	gt_add_GoCreateBlocked(&b, 1, 1, 0, 0);
	gt_expect_broken(&b, 2, "goroutine 1 already exists");
}

Test(order_go, a_thread_that_ended_may_exist_again)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoDestroy(&b, 1);
	gt_add_GoCreate(&b, 1, 1, 0, 0);
	gt_add_GoStart(&b, 1, 1, 1);
	gt_expect_sound(&b, 5);
}

Test(order_go, a_creator_is_optional_but_runs)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_GoCreate(&b, 1, 2, 0, 0);
	gt_expect_sound(&b, 4);
	gt_build_start(&b);
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_add_GoCreate(&b, 1, 2, 0, 0);
	gt_expect_broken(&b, 3, "GoCreate: goroutine 1 is not Running");
	gt_build_start(&b);
	gt_build_other(&b, 2, 200);
	gt_add_GoCreate(&b, 1, 2, 0, 0);
	gt_expect_broken(&b, 2, "GoCreate: expected a proc");
}

Test(order_go, a_start_waits_until_the_thread_exists)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_ProcStatus(&b, 1, 1, GT_P_Idle);
	gt_add_GoCreate(&b, 900, 2, 0, 0);
	gt_build_other(&b, 2, 200);
	gt_add_ProcStart(&b, 1, 1, 1);
	gt_add_GoStart(&b, 1, 2, 1);
	gt_expect_story(&b, "1/0/1 ProcStatus P1 Undetermined>Idle\n"
			    "2/-/- ProcStart P1 Idle>Running\n"
			    "1/0/1 GoCreate G2 NotExist>Runnable\n"
			    "2/1/- GoStart G2 Runnable>Running\n");
	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_GoStart(&b, 1, 2, 1);
	gt_expect_stuck(&b, 3, "GoStart");
}

Test(order_go, a_start_waits_until_the_thread_is_ready)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_GoStart(&b, 1, 1, 2);
	gt_build_other(&b, 2, 900);
	gt_add_GoUnblock(&b, 1, 1, 1, 0);
	gt_expect_story(&b, "1/0/1 GoBlock G1 Running>Waiting\n"
			    "2/-/- GoUnblock G1 Waiting>Runnable\n"
			    "1/0/- GoStart G1 Runnable>Running\n");
	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_GoStart(&b, 1, 1, 1);
	gt_expect_stuck(&b, 3, "GoStart");
}

Test(order_go, numbers_have_no_gaps)
{
	struct gt_builder b = {0};

	for (uint64_t n = 0; n <= 2; n++) {
		gt_build_start(&b);
		gt_add_GoStop(&b, 1, 0, 0);
		gt_add_GoStart(&b, 1, 1, n);
		if (n == 1)
			gt_expect_sound(&b, 4);
		else
			gt_expect_stuck(&b, 3, "GoStart");
	}
}

Test(order_go, a_start_needs_a_slot_and_no_thread)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoCreate(&b, 1, 2, 0, 0);
	gt_add_GoStart(&b, 1, 2, 1);
	gt_expect_broken(&b, 3, "GoStart: expected no goroutine");
	gt_build_start(&b);
	gt_add_GoStop(&b, 1, 0, 0);
	gt_add_ProcStop(&b, 1);
	gt_add_GoStart(&b, 1, 1, 1);
	gt_expect_broken(&b, 4, "GoStart: expected a proc");
}

Test(order_go, who_stops_must_run)
{
	struct gt_builder b = {0};

	for (int i = 0; i < 3; i++) {
		gt_build_start(&b);
		gt_add_GoSyscallBegin(&b, 1, 1, 0);
		if (i == 0)
			gt_add_GoStop(&b, 1, 0, 0);
		else if (i == 1)
			gt_add_GoBlock(&b, 1, 0, 0);
		else
			gt_add_GoDestroy(&b, 1);
		gt_expect_broken(&b, 3, "goroutine 1 is Syscall, not Running");
	}
	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_expect_broken(&b, 3, "GoBlock: expected a goroutine");
}

Test(order_go, anybody_may_wake_a_thread)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_ProcStop(&b, 1);
	gt_add_GoUnblock(&b, 1, 1, 1, 0);
	gt_expect_sound(&b, 5);
	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_build_other(&b, GT_NONE, 300);
	gt_add_GoUnblock(&b, 1, 1, 1, 0);
	gt_expect_story(&b, "1/0/1 GoBlock G1 Running>Waiting\n"
			    "-/-/- GoUnblock G1 Waiting>Runnable\n");
	gt_build_start(&b);
	gt_add_GoCreateBlocked(&b, 1, 2, 0, 0);
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_add_GoUnblock(&b, 1, 2, 1, 0);
	gt_expect_sound(&b, 5);
}

Test(order_go, waking_waits_for_the_wait)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoBlock(&b, 900, 0, 0);
	gt_build_other(&b, 2, 200);
	gt_add_GoUnblock(&b, 1, 1, 1, 0);
	gt_expect_sound(&b, 4);
	gt_build_start(&b);
	gt_add_GoUnblock(&b, 1, 1, 1, 0);
	gt_expect_stuck(&b, 2, "GoUnblock");
	gt_build_start(&b);
	gt_add_GoUnblock(&b, 1, 9, 1, 0);
	gt_expect_stuck(&b, 2, "GoUnblock");
	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_GoUnblock(&b, 1, 1, 2, 0);
	gt_expect_stuck(&b, 3, "GoUnblock");
}

Test(order_go, a_switch_is_three_events)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoCreateBlocked(&b, 1, 2, 0, 0);
	gt_add_GoSwitch(&b, 1, 2, 1);
	gt_add_GoSwitchDestroy(&b, 1, 1, 1);
	gt_expect_story(&b, "1/0/1 GoCreateBlocked G2 NotExist>Waiting\n"
			    "1/0/1 GoSwitch G2 Waiting>Runnable\n"
			    "1/0/1 GoBlock G1 Running>Waiting\n"
			    "1/0/- GoStart G2 Runnable>Running\n"
			    "1/0/2 GoSwitchDestroy G1 Waiting>Runnable\n"
			    "1/0/2 GoDestroy G2 Running>NotExist\n"
			    "1/0/- GoStart G1 Runnable>Running\n");
}

Test(order_go, a_switch_takes_a_number)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoCreateBlocked(&b, 1, 2, 0, 0);
	gt_add_GoSwitch(&b, 1, 2, 1);
	gt_add_GoStop(&b, 1, 0, 0);
	gt_add_GoStart(&b, 1, 2, 2);
	gt_expect_sound(&b, 8);
}

Test(order_go, a_switch_waits_for_the_other)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoCreateBlocked(&b, 1, 2, 0, 0);
	gt_add_GoSwitch(&b, 1, 2, 2);
	gt_expect_stuck(&b, 3, "GoSwitch");
	gt_build_start(&b);
	gt_add_GoCreate(&b, 1, 2, 0, 0);
	gt_add_GoSwitch(&b, 1, 2, 1);
	gt_expect_stuck(&b, 3, "GoSwitch");
	gt_build_start(&b);
	gt_add_GoSwitchDestroy(&b, 1, 9, 1);
	gt_expect_stuck(&b, 2, "GoSwitchDestroy");
}

Test(order_go, a_switch_needs_a_running_thread)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoCreateBlocked(&b, 1, 2, 0, 0);
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_add_GoSwitch(&b, 1, 2, 1);
	gt_expect_broken(&b, 4, "GoSwitch: goroutine 1 is Syscall, not Running");
	gt_build_start(&b);
	gt_add_GoCreateBlocked(&b, 1, 2, 0, 0);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_GoSwitch(&b, 1, 2, 1);
	gt_expect_broken(&b, 4, "GoSwitch: expected a goroutine");
}

Test(order_go, the_first_generation_says_what_was_there)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoStatus(&b, 1, 2, GT_NONE, GT_G_Waiting);
	gt_add_GoStatusStack(&b, 1, 3, GT_NONE, GT_G_Runnable, 0);
	gt_add_GoStop(&b, 1, 0, 0);
	gt_add_GoStart(&b, 1, 3, 1);
	gt_add_GoUnblock(&b, 1, 2, 1, 0);
	gt_expect_story(&b, "1/0/1 GoStatus G2 Undetermined>Waiting\n"
			    "1/0/1 GoStatusStack G3 Undetermined>Runnable\n"
			    "1/0/1 GoStop G1 Running>Runnable\n"
			    "1/0/- GoStart G3 Runnable>Running\n"
			    "1/0/3 GoUnblock G2 Waiting>Runnable\n");
}

Test(order_go, threads_are_born_by_creation_only)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_build_second(&b);
	gt_add_GoStatus(&b, 1, 5, GT_NONE, GT_G_Waiting);
	gt_expect_broken(&b, 3, "goroutine 5 was not created");
	gt_build_start(&b);
	gt_build_second(&b);
	gt_add_GoStatusStack(&b, 1, 5, GT_NONE, GT_G_Waiting, 0);
	gt_expect_broken(&b, 3, "goroutine 5 was not created");
}

Test(order_go, states_must_agree)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_build_second(&b);
	gt_add_GoStatus(&b, 1, 1, 1, GT_G_Waiting);
	gt_expect_broken(&b, 3, "inconsistent status: goroutine 1 is Running, not Waiting");
	gt_build_start(&b);
	gt_add_GoStatus(&b, 1, 3, GT_NONE, 5);
	gt_expect_broken(&b, 2, "goroutine 3 has state 5");
}

Test(order_go, a_thread_without_status_blocks_in_a_new_generation)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoStop(&b, 1, 0, 0);
	gt_build_second(&b);
	gt_add_GoStart(&b, 1, 1, 1);
	gt_expect_stuck(&b, 4, "GoStart");
	gt_build_start(&b);
	gt_add_GoStop(&b, 1, 0, 0);
	gt_build_second(&b);
	gt_add_GoStatus(&b, 1, 1, GT_NONE, GT_G_Runnable);
	gt_add_GoStart(&b, 1, 1, 1);
	gt_expect_sound(&b, 6);
}

Test(order_go, a_running_thread_is_bound_to_its_stream)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_build_other(&b, 2, 200);
	gt_add_GoStatus(&b, 1, 2, 2, GT_G_Running);
	gt_add_ProcStatus(&b, 1, 1, GT_P_Running);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_expect_story(&b, "2/-/- GoStatus G2 Undetermined>Running\n"
			    "2/-/2 ProcStatus P1 Undetermined>Running\n"
			    "2/1/2 GoBlock G2 Running>Waiting\n");
	gt_build_start(&b);
	gt_build_other(&b, GT_NONE, 200);
	gt_add_GoStatus(&b, 1, 2, 2, GT_G_Running);
	gt_build_other(&b, 2, 300);
	gt_add_ProcStatus(&b, 1, 1, GT_P_Running);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_expect_broken(&b, 4, "GoBlock: expected a goroutine");
}

Test(order_go, a_status_in_a_system_call_names_the_thread)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoStatus(&b, 1, 3, GT_NONE, GT_G_Syscall);
	gt_expect_broken(&b, 2, "goroutine 3 is in a system call without a thread");
	gt_build_start(&b);
	gt_add_GoStatus(&b, 1, 3, 7, GT_G_Syscall);
	gt_build_other(&b, 7, 300);
	gt_add_GoDestroySyscall(&b, 1);
	gt_expect_story(&b, "7/0/1 GoStatus G3 Undetermined>Syscall\n"
			    "7/-/3 GoDestroySyscall G3 Syscall>NotExist\n");
	gt_build_start(&b);
	gt_build_other(&b, 7, 300);
	gt_add_GoStatus(&b, 1, 3, 7, GT_G_Syscall);
	gt_add_GoDestroySyscall(&b, 1);
	gt_expect_story(&b, "7/-/- GoStatus G3 Undetermined>Syscall\n"
			    "7/-/3 GoDestroySyscall G3 Syscall>NotExist\n");
}

Test(order_go, a_status_in_a_system_call_names_the_right_thread)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_build_other(&b, GT_NONE, 300);
	gt_add_GoStatus(&b, 1, 3, 1, GT_G_Syscall);
	gt_expect_broken(&b, 2, "goroutine 3 is not on thread 1, 1 is");
	gt_build_start(&b);
	gt_build_other(&b, 2, 300);
	gt_add_GoStatus(&b, 1, 3, 2, GT_G_Syscall);
	gt_build_second(&b);
	gt_add_GoStatus(&b, 1, 3, 1, GT_G_Syscall);
	gt_expect_broken(&b, 4, "goroutine 3 is not on this thread, 1 is");
	gt_build_start(&b);
	gt_build_other(&b, 2, 300);
	gt_add_GoStatus(&b, 1, 3, 2, GT_G_Syscall);
	gt_build_second(&b);
	gt_add_GoStatus(&b, 1, 3, 2, GT_G_Syscall);
	gt_expect_sound(&b, 5);
	gt_build_start(&b);
	gt_build_other(&b, 2, 300);
	gt_add_GoStatus(&b, 1, 3, 2, GT_G_Syscall);
	gt_build_second(&b);
	gt_add_GoStatus(&b, 1, 3, 2, GT_G_Syscall);
	gt_expect_story(&b, "2/-/- GoStatus G3 Undetermined>Syscall\n"
			    "-/-/- Sync\n"
			    "2/0/3 GoStatus G3 Syscall>Syscall\n");
}
