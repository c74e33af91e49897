/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Gaps: what they cost is counted once, in the recording that follows, and attempts to record become rare.
 */
#include "shim/gap.h"
#include "shim/clock.h"
#include "shim/gate.h"
#include "shim/live.h"
#include "shim/notes.h"
#include "shim/output.h"
#include "shim/recording.h"
#include "shim/sched.h"
#include "shim/sink.h"
#include "test/lib/record.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>
#include <sys/resource.h>

static char first_path[4200];

static void limit_files(rlim_t bytes)
{
	struct rlimit limit = {bytes, RLIM_INFINITY};

	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A generation that is complete, and one that is thrown away with so many logs. */
static void fall(int logs, const char *period)
{
	gt_rec_start(GT_REC_ENV(period));
	gt_yield(GT_REC_PC);
	cr_assert(gt_recording_flush());
	strcpy(first_path, gt_output_path());
	for (int i = 0; i < logs; i++)
		gt_log(0, "a", "b", GT_REC_PC);
	limit_files(0);
	cr_assert_not(gt_recording_flush());
	limit_files(RLIM_INFINITY);
	cr_assert(gt_gap_is_on());
}

Test(gap, all_that_it_costs_is_in_the_next_trace, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	uint64_t before = gt_clock_monotonic();

	fall(3, "GTRACE_PERIOD=1h");
	for (int i = 0; i < 4; i++)
		gt_log(0, "a", "b", GT_REC_PC);
	gt_yield(GT_REC_PC);
	cr_assert(gt_recording_start());
	cr_assert_not(gt_gap_is_on());
	cr_assert_eq(atomic_load(&gt_gate.gap), 0);
	gt_log(0, "a", "b", GT_REC_PC);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_UserLog, -1), 1);
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_NOTES), 3 + 4);
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_GAP), 1);
	cr_assert_gt(gt_rec_fact(t, NULL, GT_FACT_Gap)->v[0], before);
	cr_assert_lt(gt_rec_fact(t, NULL, GT_FACT_Gap)->v[1], gt_clock_monotonic());
	cr_assert_eq(gt_rec_fact(t, NULL, GT_FACT_Gap)->v[3], EFBIG);
	t = gt_rec_read(first_path);
	cr_assert_null(gt_rec_fact(t, NULL, GT_FACT_Gap));
	cr_assert_leq(gt_rec_dropped(t, GT_DROP_NOTES), 0);
}

/* The head of the live file is all that is left then, and enough. */
Test(gap, without_another_trace_the_old_one_tells_with_its_live_file, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	fall(3, "GTRACE_PERIOD=1h");
	gt_log(0, "a", "b", GT_REC_PC);
	cr_assert_not(gt_recording_stop(), "the trace is not complete");
	cr_assert_not(gt_gap_is_on());
	gt_log(0, "a", "b", GT_REC_PC);
	t = gt_rec_read(first_path);
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoStop, 1), 1);
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_NOTES), 3 + 1);
	cr_assert_eq(gt_rec_fact(t, NULL, GT_FACT_Gap)->v[2], GT_DROP_DISK);
	cr_assert_gt(gt_rec_fact(t, NULL, GT_FACT_Gap)->v[1], gt_rec_fact(t, NULL, GT_FACT_Gap)->v[0]);
}

/* Without a writer the thread itself tries it, at an operation of its own. */
Test(gap, it_ends_by_itself, .fini = gt_rec_clean)
{
	fall(1, "GTRACE_PERIOD=1ms");
	while (gt_gap_is_on())
		gt_log(0, "a", "b", GT_REC_PC);
	cr_assert(gt_recording_is_on());
	cr_assert_str_neq(gt_output_path(), first_path);
}

Test(gap, attempts_become_rare, .fini = gt_rec_clean)
{
	uint64_t wait = 1000000000;

	fall(1, "GTRACE_PERIOD=1h");
	for (int i = 0; i < 8; i++) {
		cr_assert_leq(gt_gap_wait(), wait);
		cr_assert_gt(gt_gap_wait(), wait / 2);
		gt_gap_tried();
		wait = wait < UINT64_C(30000000000) ? 2 * wait : UINT64_C(60000000000);
	}
}

Test(gap, a_process_may_begin_with_one, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	limit_files(0);
	gt_rec_start(NULL);
	cr_assert(gt_gap_is_on());
	gt_log(0, "a", "b", GT_REC_PC);
	gt_log(0, "a", "b", GT_REC_PC);
	limit_files(RLIM_INFINITY);
	cr_assert(gt_recording_start());
	gt_log(0, "a", "b", GT_REC_PC);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_UserLog, -1), 1);
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_NOTES), 2);
	cr_assert_eq(gt_rec_fact(t, NULL, GT_FACT_Gap)->v[3], EFBIG);
}

/* A generation that was never complete is worth no file. */
Test(gap, a_trace_of_nothing_is_removed, .fini = gt_rec_clean)
{
	gt_rec_start(NULL);
	gt_yield(GT_REC_PC);
	limit_files(0);
	cr_assert_not(gt_recording_flush());
	cr_assert_eq(gt_temp_count(), 0);
	limit_files(RLIM_INFINITY);
	cr_assert(gt_recording_start());
	cr_assert_geq(gt_rec_dropped(gt_rec_finish(), GT_DROP_EVENTS), 1);
}
