/* SPDX-License-Identifier: BSD-3-Clause */
/* Names of states and kinds. */
#include "trace_event.h"

#define LABEL(name)                                                                                                    \
	{                                                                                                              \
		sizeof(name) - 1, name                                                                                 \
	}

static const struct gt_label bad = LABEL("Bad");

const struct gt_label *gt_go_state_label(unsigned state)
{
	static const struct gt_label labels[] = {LABEL("Undetermined"), LABEL("NotExist"), LABEL("Runnable"),
						 LABEL("Running"),      LABEL("Waiting"),  LABEL("Syscall")};

	return state < sizeof(labels) / sizeof(labels[0]) ? &labels[state] : &bad;
}

const struct gt_label *gt_proc_state_label(unsigned state)
{
	static const struct gt_label labels[] = {LABEL("Undetermined"), LABEL("NotExist"), LABEL("Running"),
						 LABEL("Idle")};

	return state < sizeof(labels) / sizeof(labels[0]) ? &labels[state] : &bad;
}

const char *gt_go_state_name(unsigned state)
{
	return gt_go_state_label(state)->text;
}

const char *gt_proc_state_name(unsigned state)
{
	return gt_proc_state_label(state)->text;
}

const char *gt_kind_name(enum gt_kind kind)
{
	static const char *const names[] = {
		[GT_KIND_SYNC] = "Sync",
		[GT_KIND_METRIC] = "Metric",
		[GT_KIND_LABEL] = "Label",
		[GT_KIND_STACK_SAMPLE] = "StackSample",
		[GT_KIND_RANGE_BEGIN] = "RangeBegin",
		[GT_KIND_RANGE_ACTIVE] = "RangeActive",
		[GT_KIND_RANGE_END] = "RangeEnd",
		[GT_KIND_TASK_BEGIN] = "TaskBegin",
		[GT_KIND_TASK_END] = "TaskEnd",
		[GT_KIND_REGION_BEGIN] = "RegionBegin",
		[GT_KIND_REGION_END] = "RegionEnd",
		[GT_KIND_LOG] = "Log",
		[GT_KIND_TRANSITION] = "StateTransition",
		[GT_KIND_EXPERIMENTAL] = "Experimental",
	};

	return (unsigned)kind < sizeof(names) / sizeof(names[0]) ? names[kind] : "Bad";
}

uint8_t gt_go_state_of(uint64_t status)
{
	static const uint8_t map[] = {
		[GT_G_Bad] = GT_GO_UNDETERMINED, [GT_G_Runnable] = GT_GO_RUNNABLE, [GT_G_Running] = GT_GO_RUNNING,
		[GT_G_Syscall] = GT_GO_SYSCALL,  [GT_G_Waiting] = GT_GO_WAITING,
	};

	return map[status];
}

uint8_t gt_proc_state_of(uint64_t status)
{
	static const uint8_t map[] = {
		[GT_P_Bad] = GT_PROC_UNDETERMINED, [GT_P_Running] = GT_PROC_RUNNING,       [GT_P_Idle] = GT_PROC_IDLE,
		[GT_P_Syscall] = GT_PROC_RUNNING,  [GT_P_SyscallAbandoned] = GT_PROC_IDLE,
	};

	return map[status];
}
