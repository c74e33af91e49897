/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Names of states and kinds as Go spells them, states from the wire, and facts found by number.
 */
#include "decoder/trace_event.h"

#include <criterion/criterion.h>

Test(trace_event, states_of_threads_have_names)
{
	cr_expect_str_eq(gt_go_state_name(GT_GO_UNDETERMINED), "Undetermined");
	cr_expect_str_eq(gt_go_state_name(GT_GO_NOT_EXIST), "NotExist");
	cr_expect_str_eq(gt_go_state_name(GT_GO_RUNNABLE), "Runnable");
	cr_expect_str_eq(gt_go_state_name(GT_GO_RUNNING), "Running");
	cr_expect_str_eq(gt_go_state_name(GT_GO_WAITING), "Waiting");
	cr_expect_str_eq(gt_go_state_name(GT_GO_SYSCALL), "Syscall");
	cr_expect_str_eq(gt_go_state_name(GT_GO_SYSCALL + 1), "Bad");
	cr_expect_str_eq(gt_go_state_name(UINT32_MAX), "Bad");
}

Test(trace_event, states_of_slots_have_names)
{
	cr_expect_str_eq(gt_proc_state_name(GT_PROC_UNDETERMINED), "Undetermined");
	cr_expect_str_eq(gt_proc_state_name(GT_PROC_NOT_EXIST), "NotExist");
	cr_expect_str_eq(gt_proc_state_name(GT_PROC_RUNNING), "Running");
	cr_expect_str_eq(gt_proc_state_name(GT_PROC_IDLE), "Idle");
	cr_expect_str_eq(gt_proc_state_name(GT_PROC_IDLE + 1), "Bad");
}

Test(trace_event, kinds_have_names)
{
	static const char *const names[] = {
		"Sync",      "Metric",  "Label",       "StackSample", "RangeBegin", "RangeActive",     "RangeEnd",
		"TaskBegin", "TaskEnd", "RegionBegin", "RegionEnd",   "Log",        "StateTransition", "Experimental",
	};

	cr_assert_eq(sizeof(names) / sizeof(names[0]), GT_KIND_EXPERIMENTAL + 1);
	for (int kind = 0; kind <= GT_KIND_EXPERIMENTAL; kind++)
		cr_expect_str_eq(gt_kind_name((enum gt_kind)kind), names[kind]);
	cr_expect_str_eq(gt_kind_name((enum gt_kind)(GT_KIND_EXPERIMENTAL + 1)), "Bad");
}

Test(trace_event, states_on_the_wire)
{
	cr_expect_eq(gt_go_state_of(GT_G_Bad), GT_GO_UNDETERMINED);
	cr_expect_eq(gt_go_state_of(GT_G_Runnable), GT_GO_RUNNABLE);
	cr_expect_eq(gt_go_state_of(GT_G_Running), GT_GO_RUNNING);
	cr_expect_eq(gt_go_state_of(GT_G_Syscall), GT_GO_SYSCALL);
	cr_expect_eq(gt_go_state_of(GT_G_Waiting), GT_GO_WAITING);
	cr_expect_eq(gt_proc_state_of(GT_P_Bad), GT_PROC_UNDETERMINED);
	cr_expect_eq(gt_proc_state_of(GT_P_Running), GT_PROC_RUNNING);
	cr_expect_eq(gt_proc_state_of(GT_P_Idle), GT_PROC_IDLE);
	cr_expect_eq(gt_proc_state_of(GT_P_Syscall), GT_PROC_RUNNING);
	cr_expect_eq(gt_proc_state_of(GT_P_SyscallAbandoned), GT_PROC_IDLE);
}

Test(trace_event, facts_are_found_by_number)
{
	static const struct gt_fact_record facts[] = {
		{.number = GT_FACT_Wait},
		{.number = GT_FACT_SleepTime},
		{.number = GT_FACT_SleepTime},
	};
	struct gt_trace_event ev = {.facts = facts, .nfacts = 3};

	cr_expect_eq(gt_event_fact(&ev, GT_FACT_Wait), &facts[0]);
	cr_expect_eq(gt_event_fact(&ev, GT_FACT_SleepTime), &facts[1]);
	cr_expect_null(gt_event_fact(&ev, GT_FACT_Waker));
	ev.nfacts = 1;
	cr_expect_null(gt_event_fact(&ev, GT_FACT_SleepTime));
	ev = (struct gt_trace_event){.kind = GT_KIND_SYNC};
	cr_expect_null(gt_event_fact(&ev, GT_FACT_Wait));
}

Test(trace_event, of_a_transition_the_stack_of_the_resource_counts)
{
	struct gt_stack own = {.id = 1}, other = {.id = 2};
	struct gt_trace_event ev = {.stack = &own};

	cr_expect_eq(gt_event_stack(&ev), &own);
	ev.transition_stack = &other;
	cr_expect_eq(gt_event_stack(&ev), &other);
	cr_expect_null(gt_event_stack(&(struct gt_trace_event){0}));
}
