/* SPDX-License-Identifier: BSD-3-Clause */
#include "summed.h"

#include "builder.h"
#include "tempdir.h"

char *gt_summed_trace(const char *name, uint64_t pid)
{
	struct gt_fact_record facts[] = {
		{.number = GT_FACT_Clock, .field = {{.u = 0}, {.u = pid}, {.u = 1}}},
		{.number = GT_FACT_Process,
		 .field = {{.u = pid}, {.u = 10}, {.t = GT_TEXT("a\033pp")}, {.t = GT_TEXT("0.1.0")}}},
		{.number = GT_FACT_ThreadName, .field = {{.u = 1}, {.u = 1}, {.t = GT_TEXT("main")}}},
		{.number = GT_FACT_Dropped, .field = {{.u = GT_DROP_DISK}, {.u = 4}}},
		{.number = GT_FACT_Option, .field = {{.t = GT_TEXT("PERIOD")}, {.t = GT_TEXT("soon")}, {.u = 2}}},
		{.number = GT_FACT_Module,
		 .field = {{.u = 0x1000}, {.u = 0x2000}, {.t = GT_TEXT("ab")}, {.t = GT_TEXT("/x")}}},
	};
	struct gt_fact_record tied[] = {
		{.number = GT_FACT_Wait, .position = 2, .field = {{.u = GT_PRIM_MUTEX}, {.u = 0xab0}}},
		{.number = GT_FACT_Wait, .position = 5, .field = {{.u = GT_PRIM_MUTEX}, {.u = 0xab0}}},
		{.number = GT_FACT_Syscall, .position = 8, .field = {{.u = 0}, {.s = 3}}},
		{.number = GT_FACT_SyscallResult, .position = 9, .field = {{.s = -9}}},
	};
	struct gt_builder b = {0};
	const char *path;

	gt_build_start(&b);
	for (uint64_t i = 0; i < 2; i++) {
		gt_add_GoBlock(&b, 8, 4, 6);
		gt_add_GoUnblock(&b, 1000 + 2000 * i, 1, 2 * i + 1, 0);
		gt_add_GoStart(&b, 5, 1, 2 * i + 2);
	}
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_add_GoSyscallEnd(&b, 40);
	gt_build_end(&b);
	gt_build_facts(&b, 1, 1);
	for (size_t i = 0; i < sizeof(tied) / sizeof(tied[0]); i++)
		gt_build_fact(&b, &tied[i]);
	gt_build_end(&b);
	gt_build_string(&b, 1, 4, "sync", 4);
	gt_build_stack(&b, 1, 6, 0x77, 1);
	gt_build_facts(&b, 1, GT_NONE);
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		gt_build_fact(&b, &facts[i]);
	gt_build_end(&b);
	path = gt_temp_file(name, b.bytes, b.len);
	gt_build_free(&b);
	return (char *)path;
}
