/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * GTRACE_TRIGGER: what its rules are, what they are about, how often they may fire; and that recording asks them.
 */
#include "shim/trigger.h"
#include "shim/advance.h"
#include "shim/clock.h"
#include "shim/gate.h"
#include "shim/notes.h"
#include "shim/output.h"
#include "shim/thread.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MS UINT64_C(1000000)

static struct gt_puppet other;
static int object;

static void set(const char *rules)
{
	gt_trigger_set(rules);
	gt_trigger_start();
}

static struct gt_trigger_cause taken(void)
{
	struct gt_trigger_cause cause = {0};

	cr_assert(gt_trigger_is_pulled());
	cr_assert(gt_trigger_take(&cause));
	cr_assert_not(gt_trigger_is_pulled());
	cr_assert_not(gt_trigger_take(&cause));
	return cause;
}

Test(trigger, rules)
{
	static const char *const good[] = {"",
					   "wait>500ms",
					   "wait:mutex>1s",
					   "wait:rwlock>1ms,wait:timer>2s",
					   "syscall>20us",
					   "region>1s",
					   "region:a>b, c>1s",
					   "every=1s,most=3",
					   "most=0"};
	static const char *const bad[] = {
		"wait",       "wait>", "wait>x", "wait:>1s", "wait:nothing>1s", ",",   "wait>1s,", "syscall:read>1s",
		"region:>1s", "most=", "most=x", "every=",   "wait>1s;x>1s",    ">1s", "task>1s",  "wait<1s"};
	char many[512] = "";

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		cr_expect_eq(gt_trigger_parse(good[i]), i != 6, "'%s'", good[i]); /* no name has a comma */
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_not(gt_trigger_parse(bad[i]), "'%s'", bad[i]);
	for (int i = 0; i < 17; i++)
		strcat(many, i ? ",wait>1s" : "wait>1s");
	cr_assert_not(gt_trigger_parse(many));
	many[strlen(many) - strlen(",wait>1s")] = 0;
	cr_assert(gt_trigger_parse(many));
}

Test(trigger, the_least_limit_of_a_kind_is_looked_at_first)
{
	set("wait:mutex>2s,wait:cond>1s,region>3s");
	cr_assert_eq(gt_trigger_limits.wait, 1000 * MS);
	cr_assert_eq(gt_trigger_limits.syscall, UINT64_MAX);
	cr_assert_eq(gt_trigger_limits.region, 3000 * MS);
	set("");
	cr_assert_eq(gt_trigger_limits.wait, UINT64_MAX);
}

Test(trigger, waits_by_what_is_waited_for)
{
	struct gt_trigger_cause cause;

	set("wait:rwlock>10ms,every=0");
	cr_assert_not(gt_trigger_wait(7, GT_PRIM_RWLOCK_RD, 10 * MS));
	cr_assert_not(gt_trigger_wait(7, GT_PRIM_MUTEX, 11 * MS));
	cr_assert(gt_trigger_wait(7, GT_PRIM_RWLOCK_RD, 11 * MS));
	cause = taken();
	cr_assert(cause.why == GT_TRIGGER_WAIT && cause.goid == 7 && cause.ns == 11 * MS);
	cr_assert_str_eq(cause.name, "rwlock (read)");
	cr_assert(gt_trigger_wait(7, GT_PRIM_RWLOCK_WR, 11 * MS));
	taken();
	set("wait>10ms,every=0");
	cr_assert_not(gt_trigger_wait(7, GT_PRIM_SLEEP, 11 * MS), "a sleep is meant");
	cr_assert(gt_trigger_wait(7, GT_PRIM_MUTEX, 11 * MS));
	taken();
	set("wait:timer>10ms,every=0");
	cr_assert(gt_trigger_wait(7, GT_PRIM_SLEEP, 11 * MS));
}

Test(trigger, regions_by_name)
{
	set("region:checkout>10ms,every=0");
	cr_assert_not(gt_trigger_region(1, "browse", 11 * MS));
	cr_assert_not(gt_trigger_region(1, "checkout", 9 * MS));
	cr_assert(gt_trigger_region(1, "checkout", 11 * MS));
	cr_assert_str_eq(taken().name, "checkout");
	set("region>10ms,every=0");
	cr_assert(gt_trigger_region(1, "browse", 11 * MS));
}

Test(trigger, one_at_a_time_and_only_so_often)
{
	set("syscall>1ms,every=0,most=2");
	cr_assert(gt_trigger_syscall(1, 2 * MS));
	cr_assert_not(gt_trigger_syscall(2, 2 * MS), "the first has no trace yet");
	cr_assert_eq(taken().goid, 1);
	cr_assert(gt_trigger_syscall(2, 2 * MS));
	cr_assert_eq(taken().goid, 2);
	cr_assert_not(gt_trigger_syscall(3, 2 * MS), "that was all");
	set("syscall>1ms,every=1h");
	cr_assert(gt_trigger_syscall(1, 2 * MS));
	taken();
	cr_assert_not(gt_trigger_syscall(2, 2 * MS), "not so soon");
}

/* The fact of the trace that was written, or NULL. */
static const struct gt_rec_fact *snapshot(void)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s.1", gt_output_path());
	return gt_temp_exists(path) ? gt_rec_fact(gt_rec_read(path), NULL, GT_FACT_Snapshot) : NULL;
}

Test(trigger, a_wait_that_ends_late_is_reported, .fini = gt_rec_clean)
{
	struct gt_op op;

	gt_rec_start(GT_REC_ENV("GTRACE_FLIGHT=1M", "GTRACE_TRIGGER=wait:mutex>200ms"));
	gt_rec_wait(&op, &object);
	gt_op_end(&op); /* soon, also on a busy machine */
	cr_assert_null(snapshot());
	gt_rec_wait(&op, &object);
	usleep(250000);
	gt_op_end(&op);
	cr_assert_not_null(snapshot());
	cr_assert_eq(snapshot()->v[0], GT_TRIGGER_WAIT);
	cr_assert_eq(snapshot()->v[1], 1);
	cr_assert_geq(snapshot()->v[2], 250000000);
	cr_assert_str_eq(snapshot()->text[3], "mutex");
	gt_rec_finish();
}

Test(trigger, a_wait_that_does_not_end_is_seen_and_not_reported_twice, .fini = gt_rec_clean)
{
	struct gt_trigger_cause cause;

	gt_rec_start(GT_REC_ENV("GTRACE_FLIGHT=1M", "GTRACE_TRIGGER=wait>1ms,every=0"));
	gt_puppet_start(&other);
	gt_puppet_waits(&other, &object);
	usleep(3000);
	cr_assert(gt_advance_lock());
	gt_trigger_look(atomic_load(&gt_gate.gen));
	cr_assert(gt_trigger_take(&cause));
	cr_assert_eq(cause.goid, 2);
	gt_trigger_look(atomic_load(&gt_gate.gen));
	cr_assert_not(gt_trigger_is_pulled());
	gt_advance_release();
	gt_puppet_wakes(&other);
	cr_assert_null(snapshot());
	gt_puppet_end(&other);
	gt_rec_finish();
}

Test(trigger, a_long_system_call_is_reported_with_or_without_late_stacks, .fini = gt_rec_clean)
{
	struct gt_op op;

	gt_rec_start(GT_REC_ENV("GTRACE_FLIGHT=1M", "GTRACE_TRIGGER=syscall>200ms", "GTRACE_SYSCALL_STACKS=0"));
	gt_rec_call(&op);
	gt_op_end(&op);
	cr_assert_null(snapshot());
	gt_rec_call(&op);
	usleep(250000);
	gt_op_end(&op);
	cr_assert_eq(snapshot()->v[0], GT_TRIGGER_SYSCALL);
	gt_rec_finish();
}

Test(trigger, a_long_region_is_reported_by_name, .fini = gt_rec_clean)
{
	gt_rec_start(GT_REC_ENV("GTRACE_FLIGHT=1M", "GTRACE_TRIGGER=region:slow>1ms"));
	gt_region_begin(0, "fast", GT_REC_PC);
	usleep(3000);
	gt_region_end(0, "fast", GT_REC_PC);
	cr_assert_null(snapshot());
	gt_region_begin(0, "slow", GT_REC_PC);
	usleep(3000);
	gt_region_end(0, "slow", GT_REC_PC);
	cr_assert_eq(snapshot()->v[0], GT_TRIGGER_REGION);
	cr_assert_str_eq(snapshot()->text[3], "slow");
	gt_rec_finish();
}

Test(trigger, without_a_flight_recorder_there_are_no_rules, .fini = gt_rec_clean)
{
	gt_rec_start(GT_REC_ENV("GTRACE_TRIGGER=wait>1ns"));
	cr_assert_eq(gt_trigger_limits.wait, UINT64_MAX);
	gt_rec_finish();
}
