/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * System calls: with the slot and without it, threads that appear inside one, and threads that end there.
 */
#include "test/lib/verdict.h"

#include <criterion/criterion.h>

Test(order_syscall, a_syscall_keeps_its_slot)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_add_GoSyscallEnd(&b, 1);
	gt_add_GoSyscallBegin(&b, 1, 2, 0);
	gt_add_GoSyscallEnd(&b, 1);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_expect_story(&b, "1/0/1 GoSyscallBegin G1 Running>Syscall\n"
			    "1/0/1 GoSyscallEnd G1 Syscall>Running\n"
			    "1/0/1 GoSyscallBegin G1 Running>Syscall\n"
			    "1/0/1 GoSyscallEnd G1 Syscall>Running\n"
			    "1/0/1 GoBlock G1 Running>Waiting\n");
}

Test(order_syscall, a_slot_that_came_back_is_not_stolen)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_add_GoSyscallEnd(&b, 1);
	gt_build_other(&b, 2, 200);
	gt_add_ProcSteal(&b, 1, 0, 2, 1);
	gt_expect_stuck(&b, 4, "ProcSteal");
}

Test(order_syscall, a_syscall_takes_the_next_number_at_once)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoSyscallBegin(&b, 1, 2, 0);
	gt_expect_broken(&b, 2, "number 2 for proc 0 after 0");
	gt_build_start(&b);
	gt_add_GoSyscallBegin(&b, 1, 0, 0);
	gt_expect_broken(&b, 2, "number 0 for proc 0 after 0");
}

Test(order_syscall, a_slot_without_status_breaks_in_a_new_generation)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_build_second(&b);
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_expect_broken(&b, 3, "of generation 1");
}

Test(order_syscall, a_syscall_needs_a_running_thread_and_a_slot)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_add_GoSyscallBegin(&b, 1, 2, 0);
	gt_expect_broken(&b, 3, "goroutine 1 is Syscall, not Running");
	gt_build_start(&b);
	gt_add_ProcStop(&b, 1);
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_expect_broken(&b, 3, "GoSyscallBegin: expected a proc");
	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_expect_broken(&b, 3, "GoSyscallBegin: expected a goroutine");
}

Test(order_syscall, an_end_needs_a_beginning)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoSyscallEnd(&b, 1);
	gt_expect_broken(&b, 2, "goroutine 1 is Running, not Syscall");
	gt_build_start(&b);
	gt_add_GoSyscallEndBlocked(&b, 1);
	gt_expect_broken(&b, 2, "goroutine 1 is Running, not Syscall");
	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_GoSyscallEndBlocked(&b, 1);
	gt_expect_broken(&b, 3, "GoSyscallEndBlocked: expected a goroutine");
}

Test(order_syscall, an_end_with_the_slot_needs_the_slot_in_the_syscall)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_add_ProcStop(&b, 1);
	gt_add_GoSyscallEnd(&b, 1);
	gt_expect_broken(&b, 4, "GoSyscallEnd: expected a proc");
	gt_build_start(&b);
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_add_ProcStop(&b, 1);
	gt_add_ProcStart(&b, 1, 0, 2);
	gt_add_GoSyscallEnd(&b, 1);
	gt_expect_broken(&b, 5, "proc 0 is Running, not Syscall");
}

Test(order_syscall, a_blocked_end_waits_until_the_slot_was_taken)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_add_GoSyscallEndBlocked(&b, 1);
	gt_build_other(&b, 2, 900);
	gt_add_ProcSteal(&b, 1, 0, 2, 1);
	gt_expect_story(&b, "1/0/1 GoSyscallBegin G1 Running>Syscall\n"
			    "2/-/- ProcSteal P0 Running>Idle\n"
			    "1/-/1 GoSyscallEndBlocked G1 Syscall>Runnable\n");
	gt_build_start(&b);
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_add_GoSyscallEndBlocked(&b, 1);
	gt_expect_stuck(&b, 3, "GoSyscallEndBlocked");
}

Test(order_syscall, a_blocked_end_takes_another_slot_or_none)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_add_ProcStop(&b, 1);
	gt_add_GoSyscallEndBlocked(&b, 1);
	gt_add_ProcStart(&b, 1, 0, 2);
	gt_add_GoStart(&b, 1, 1, 1);
	gt_expect_sound(&b, 7);
	gt_build_start(&b);
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_add_ProcStop(&b, 1);
	gt_add_ProcStart(&b, 1, 0, 2);
	gt_add_GoSyscallEndBlocked(&b, 1);
	gt_add_GoStart(&b, 1, 1, 1);
	gt_expect_story(&b, "1/0/1 GoSyscallBegin G1 Running>Syscall\n"
			    "1/0/1 ProcStop P0 Running>Idle\n"
			    "1/-/1 ProcStart P0 Idle>Running\n"
			    "1/0/1 GoSyscallEndBlocked G1 Syscall>Runnable\n"
			    "1/0/- GoStart G1 Runnable>Running\n");
}

Test(order_syscall, a_thread_that_nobody_announced_appears_in_a_syscall)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_ProcStatus(&b, 1, 1, GT_P_Idle);
	gt_build_other(&b, 2, 200);
	gt_add_GoCreateSyscall(&b, 1, 5);
	gt_add_ProcStart(&b, 1, 1, 1);
	gt_add_GoSyscallEndBlocked(&b, 1);
	gt_add_GoStart(&b, 1, 5, 1);
	gt_expect_story(&b, "1/0/1 ProcStatus P1 Undetermined>Idle\n"
			    "2/-/- GoCreateSyscall G5 NotExist>Syscall\n"
			    "2/-/5 ProcStart P1 Idle>Running\n"
			    "2/1/5 GoSyscallEndBlocked G5 Syscall>Runnable\n"
			    "2/1/- GoStart G5 Runnable>Running\n");
}

Test(order_syscall, an_unannounced_thread_is_new_and_alone)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoCreateSyscall(&b, 1, 5);
	gt_expect_broken(&b, 2, "GoCreateSyscall: expected no goroutine");
	gt_build_start(&b);
	gt_build_other(&b, 2, 200);
	gt_add_GoCreateSyscall(&b, 1, 1);
	gt_expect_broken(&b, 2, "goroutine 1 already exists");
	gt_build_start(&b);
	gt_build_other(&b, GT_NONE, 200);
	gt_add_GoCreateSyscall(&b, 1, 5);
	gt_expect_broken(&b, 2, "GoCreateSyscall: expected a thread");
	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_GoCreateSyscall(&b, 1, 5);
	gt_expect_sound(&b, 4);
}

Test(order_syscall, a_thread_may_end_in_a_syscall_without_its_slot)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_add_ProcStop(&b, 1);
	gt_add_GoDestroySyscall(&b, 1);
	gt_add_ProcStart(&b, 1, 0, 2);
	gt_add_GoCreate(&b, 1, 1, 0, 0);
	gt_expect_story(&b, "1/0/1 GoSyscallBegin G1 Running>Syscall\n"
			    "1/0/1 ProcStop P0 Running>Idle\n"
			    "1/-/1 GoDestroySyscall G1 Syscall>NotExist\n"
			    "1/-/- ProcStart P0 Idle>Running\n"
			    "1/0/- GoCreate G1 NotExist>Runnable\n");
}

/* M 1 ended in a system call, and its slot 0 is nobody's. */
static void abandoned(struct gt_builder *b)
{
	gt_build_start(b);
	gt_add_GoSyscallBegin(b, 1, 1, 0);
	gt_add_GoDestroySyscall(b, 1);
}

Test(order_syscall, the_slot_of_a_thread_that_ends_in_a_syscall_is_lost)
{
	struct gt_builder b = {0};

	abandoned(&b);
	gt_add_HeapAlloc(&b, 1, 1);
	gt_expect_story(&b, "1/0/1 GoSyscallBegin G1 Running>Syscall\n"
			    "1/0/1 ProcSteal P0 Running>Idle\n"
			    "1/0/1 GoDestroySyscall G1 Syscall>NotExist\n"
			    "broken: HeapAlloc: expected a proc but didn't have one\n");
}

Test(order_syscall, a_lost_slot_comes_back_by_theft_only)
{
	struct gt_builder b = {0};

	abandoned(&b);
	gt_build_other(&b, 2, 200);
	gt_add_ProcSteal(&b, 1, 0, 2, 1);
	gt_add_ProcStart(&b, 1, 0, 3);
	gt_expect_sound(&b, 7);
	abandoned(&b);
	gt_build_other(&b, 2, 200);
	gt_add_ProcStart(&b, 1, 0, 2);
	gt_expect_stuck(&b, 5, "ProcStart");
	abandoned(&b);
	gt_build_second(&b);
	gt_add_ProcStatus(&b, 1, 0, GT_P_Idle);
	gt_expect_broken(&b, 6, "proc 0 is SyscallAbandoned, not Idle");
}

Test(order_syscall, an_end_in_a_syscall_needs_one)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoDestroySyscall(&b, 1);
	gt_expect_broken(&b, 2, "goroutine 1 is Running, not Syscall");
	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_GoDestroySyscall(&b, 1);
	gt_expect_broken(&b, 3, "GoDestroySyscall: expected a goroutine");
	gt_build_start(&b);
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_add_ProcStop(&b, 1);
	gt_add_ProcStart(&b, 1, 0, 2);
	gt_add_GoDestroySyscall(&b, 1);
	gt_expect_broken(&b, 5, "proc 0 is Running, not Syscall");
}
