/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Slots: taken, given up, stolen, and what a status says about them.
 */
#include "test/lib/verdict.h"

#include <criterion/criterion.h>

Test(order_proc, a_slot_changes_hands)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_ProcStop(&b, 1);
	gt_build_other(&b, 2, 200);
	gt_add_ProcStart(&b, 1, 0, 1);
	gt_add_HeapAlloc(&b, 1, 1);
	gt_add_ProcStop(&b, 1);
	gt_add_ProcStart(&b, 1, 0, 2);
	gt_expect_story(&b, "1/0/1 GoBlock G1 Running>Waiting\n"
			    "1/0/- ProcStop P0 Running>Idle\n"
			    "2/-/- ProcStart P0 Idle>Running\n"
			    "2/0/- HeapAlloc\n"
			    "2/0/- ProcStop P0 Running>Idle\n"
			    "2/-/- ProcStart P0 Idle>Running\n");
}

Test(order_proc, a_start_waits_until_the_slot_is_idle)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_ProcStop(&b, 900);
	gt_build_other(&b, 2, 200);
	gt_add_ProcStart(&b, 1, 0, 1);
	gt_expect_story(&b, "1/0/1 ProcStop P0 Running>Idle\n"
			    "2/-/- ProcStart P0 Idle>Running\n");
	gt_build_start(&b);
	gt_build_other(&b, 2, 200);
	gt_add_ProcStart(&b, 1, 0, 1);
	gt_expect_stuck(&b, 2, "ProcStart");
}

Test(order_proc, a_start_waits_until_the_slot_is_known)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_ProcStatus(&b, 900, 5, GT_P_Idle);
	gt_build_other(&b, 2, 200);
	gt_add_ProcStart(&b, 1, 5, 1);
	gt_expect_sound(&b, 4);
	gt_build_start(&b);
	gt_build_other(&b, 2, 200);
	gt_add_ProcStart(&b, 1, 5, 1);
	gt_expect_stuck(&b, 2, "ProcStart");
}

Test(order_proc, a_start_takes_the_next_number)
{
	struct gt_builder b = {0};

	for (uint64_t n = 0; n <= 2; n++) {
		gt_build_start(&b);
		gt_add_ProcStop(&b, 1);
		gt_add_ProcStart(&b, 1, 0, n);
		if (n == 1)
			gt_expect_sound(&b, 4);
		else
			gt_expect_stuck(&b, 3, "ProcStart");
	}
}

Test(order_proc, a_start_waits_until_the_old_slot_was_stolen)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_ProcStatus(&b, 1, 1, GT_P_Idle);
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_add_ProcStart(&b, 1, 1, 1);
	gt_build_other(&b, 2, 900);
	gt_add_ProcSteal(&b, 1, 0, 2, 1);
	gt_expect_story(&b, "1/0/1 ProcStatus P1 Undetermined>Idle\n"
			    "1/0/1 GoSyscallBegin G1 Running>Syscall\n"
			    "2/-/- ProcSteal P0 Running>Idle\n"
			    "1/-/1 ProcStart P1 Idle>Running\n");
	gt_build_start(&b);
	gt_add_ProcStatus(&b, 1, 1, GT_P_Idle);
	gt_add_ProcStart(&b, 1, 1, 1);
	gt_expect_stuck(&b, 3, "ProcStart");
}

Test(order_proc, a_start_needs_a_thread)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_ProcStop(&b, 1);
	gt_build_other(&b, GT_NONE, 200);
	gt_add_ProcStart(&b, 1, 0, 1);
	gt_expect_broken(&b, 3, "ProcStart: expected a thread");
}

Test(order_proc, a_stop_needs_a_slot_that_is_in_use)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_ProcStop(&b, 1);
	gt_add_ProcStop(&b, 1);
	gt_expect_broken(&b, 3, "ProcStop: expected a proc");
	gt_build_start(&b);
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_add_ProcStop(&b, 1);
	gt_expect_sound(&b, 4);
	gt_build_start(&b);
	gt_build_other(&b, 2, 200);
	gt_add_ProcStatus(&b, 1, 0, GT_P_Running);
	gt_build_other(&b, 1, 300);
	gt_add_ProcStop(&b, 1);
	gt_build_other(&b, 2, 400);
	gt_add_ProcStop(&b, 1);
	gt_expect_broken(&b, 4, "proc 0 is Idle, not Running or Syscall");
}

/* M 1 in a system call with P 0; M 2, whose batch stays open, holds nothing. */
static void in_syscall(struct gt_builder *b)
{
	gt_build_start(b);
	gt_add_GoSyscallBegin(b, 1, 1, 0);
	gt_add_GoSyscallEndBlocked(b, 50);
	gt_build_other(b, 2, 110);
}

Test(order_proc, a_slot_is_stolen_in_a_syscall)
{
	struct gt_builder b = {0};

	in_syscall(&b);
	gt_add_ProcSteal(&b, 1, 0, 2, 1);
	gt_add_ProcStart(&b, 1, 0, 3);
	gt_expect_story(&b, "1/0/1 GoSyscallBegin G1 Running>Syscall\n"
			    "2/-/- ProcSteal P0 Running>Idle\n"
			    "2/-/- ProcStart P0 Idle>Running\n"
			    "1/-/1 GoSyscallEndBlocked G1 Syscall>Runnable\n");
}

Test(order_proc, a_theft_waits_for_the_syscall)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoSyscallBegin(&b, 900, 1, 0);
	gt_build_other(&b, 2, 200);
	gt_add_ProcSteal(&b, 1, 0, 2, 1);
	gt_expect_sound(&b, 4);
	gt_build_start(&b);
	gt_build_other(&b, 2, 200);
	gt_add_ProcSteal(&b, 1, 0, 1, 1);
	gt_expect_stuck(&b, 2, "ProcSteal");
	gt_build_start(&b);
	gt_build_other(&b, 2, 200);
	gt_add_ProcSteal(&b, 1, 5, 1, 1);
	gt_expect_stuck(&b, 2, "ProcSteal");
}

Test(order_proc, a_theft_takes_the_next_number)
{
	struct gt_builder b = {0};

	for (uint64_t n = 1; n <= 3; n += 2) {
		gt_build_start(&b);
		gt_add_GoSyscallBegin(&b, 1, 1, 0);
		gt_build_other(&b, 2, 200);
		gt_add_ProcSteal(&b, 1, 0, n, 1);
		gt_expect_stuck(&b, 3, "ProcSteal");
	}
}

Test(order_proc, theft_from_the_wrong_thread)
{
	struct gt_builder b = {0};

	in_syscall(&b);
	gt_add_ProcSteal(&b, 1, 0, 2, 9);
	gt_expect_broken(&b, 3, "thread 9, which doesn't exist");
	in_syscall(&b);
	gt_build_other(&b, 3, 105);
	gt_add_ProcStatus(&b, 1, 4, GT_P_Running);
	gt_add_ProcSteal(&b, 1, 0, 2, 3);
	gt_expect_broken(&b, 4, "tried to steal proc 0 from itself, but has proc 4");
	in_syscall(&b);
	gt_add_ProcStatus(&b, 1, 4, GT_P_Running);
	gt_build_other(&b, 3, 120);
	gt_add_ProcSteal(&b, 1, 0, 2, 2);
	gt_expect_broken(&b, 4, "tried to steal proc 0 from thread 2, which has proc 4");
}

Test(order_proc, a_theft_needs_a_thread)
{
	struct gt_builder b = {0};

	in_syscall(&b);
	gt_build_other(&b, GT_NONE, 110);
	gt_add_ProcSteal(&b, 1, 0, 2, 1);
	gt_expect_broken(&b, 3, "ProcSteal: expected a thread");
}

Test(order_proc, a_thread_may_rob_itself)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_add_ProcSteal(&b, 1, 0, 2, 1);
	gt_add_GoSyscallEndBlocked(&b, 1);
	gt_expect_story(&b, "1/0/1 GoSyscallBegin G1 Running>Syscall\n"
			    "1/0/1 ProcSteal P0 Running>Idle\n"
			    "1/-/1 GoSyscallEndBlocked G1 Syscall>Runnable\n");
}

Test(order_proc, slots_are_born_by_their_status)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_build_second(&b);
	gt_add_ProcStatus(&b, 1, 5, GT_P_Idle);
	gt_expect_story(&b, "-/-/- Sync\n"
			    "1/0/1 ProcStatus P5 NotExist>Idle\n");
}

Test(order_proc, states_must_agree)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_build_second(&b);
	gt_add_ProcStatus(&b, 1, 0, GT_P_Idle);
	gt_expect_broken(&b, 3, "inconsistent status: proc 0 is Running, not Idle");
	gt_build_start(&b);
	gt_add_ProcStatus(&b, 1, 1, 5);
	gt_expect_broken(&b, 2, "proc 1 has state 5");
}

Test(order_proc, a_status_starts_the_numbers_again)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_add_GoSyscallEnd(&b, 1);
	gt_build_second(&b);
	gt_add_ProcStatus(&b, 1, 0, GT_P_Running);
	gt_add_ProcStop(&b, 1);
	gt_add_ProcStart(&b, 1, 0, 1);
	gt_expect_sound(&b, 8);
	gt_build_start(&b);
	gt_build_second(&b);
	gt_add_ProcStop(&b, 1);
	gt_add_ProcStart(&b, 1, 0, 1);
	gt_expect_stuck(&b, 4, "ProcStart");
}

Test(order_proc, slots_in_use_are_bound_to_the_stream_of_their_status)
{
	static const uint8_t states[] = {GT_P_Running, GT_P_Syscall, GT_P_Idle, GT_P_SyscallAbandoned};

	for (size_t i = 0; i < sizeof(states); i++) {
		struct gt_builder b = {0};

		gt_build_start(&b);
		gt_build_other(&b, 2, 200);
		gt_add_ProcStatus(&b, 1, 3, states[i]);
		gt_add_HeapAlloc(&b, 1, 1);
		if (i < 2)
			gt_expect_sound(&b, 4);
		else
			gt_expect_broken(&b, 3, "HeapAlloc: expected a proc");
	}
}

Test(order_proc, an_abandoned_slot_may_be_stolen_from_anybody)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_build_other(&b, 2, 200);
	gt_add_ProcStatus(&b, 1, 3, GT_P_SyscallAbandoned);
	gt_add_ProcSteal(&b, 1, 3, 1, 77);
	gt_add_ProcStart(&b, 1, 3, 2);
	gt_expect_story(&b, "2/-/- ProcStatus P3 Undetermined>Idle\n"
			    "2/-/- ProcSteal P3 Idle>Idle\n"
			    "2/-/- ProcStart P3 Idle>Running\n");
}

Test(order_proc, an_abandoned_slot_that_we_know_is_shown_where_it_is)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_build_end(&b);
	gt_build_frequency(&b, 2, 1000000000);
	gt_build_batch(&b, 2, 2, 1000);
	gt_add_ProcStatus(&b, 1, 0, GT_P_SyscallAbandoned);
	gt_add_ProcSteal(&b, 1, 0, 1, 1);
	gt_expect_story(&b, "1/0/1 GoSyscallBegin G1 Running>Syscall\n"
			    "-/-/- Sync\n"
			    "1/0/1 ProcStatus P0 Running>Running\n"
			    "2/-/- ProcSteal P0 Running>Idle\n");
}

Test(order_proc, an_abandoned_slot_that_nobody_holds)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_build_other(&b, GT_NONE, 200);
	gt_add_ProcStatus(&b, 1, 3, GT_P_Syscall);
	gt_build_second(&b);
	gt_add_ProcStatus(&b, 1, 3, GT_P_SyscallAbandoned);
	gt_expect_broken(&b, 4, "nobody holds proc 3");
}
