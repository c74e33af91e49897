/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Gaps beside a trace: where they are, how long, and why.
 */
#include "decoder/gap.h"
#include "shim/format/event.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

/* 1000 ns of CLOCK_MONOTONIC are the trace's 0. */
static const struct gt_anchor anchor = {.known = true, .trace = 0, .monotonic = 1000, .wall = 5000};

Test(gap, what_is_said_twice_is_one_and_others_are_none)
{
	struct gt_fact_record fact = {.number = GT_FACT_Gap, .field = {{.u = 1}, {.u = 2}, {.u = 3}, {.u = 4}}};
	struct gt_fact_record other = {.number = GT_FACT_Dropped, .field = {{.u = 1}, {.u = 2}}};
	struct gt_gaps gaps = {0};

	gt_gaps_fact(&gaps, &other);
	cr_assert_eq(gaps.n, 0);
	gt_gaps_fact(&gaps, &fact);
	gt_gaps_fact(&gaps, &fact);
	cr_assert_eq(gaps.n, 1);
	cr_assert(gaps.gap[0].from == 1 && gaps.gap[0].to == 2 && gaps.gap[0].cause == 3 && gaps.gap[0].error == 4);
	for (uint64_t from = 10; from < 15; from++) {
		fact.field[0].u = from;
		gt_gaps_fact(&gaps, &fact);
	}
	cr_assert_eq(gaps.n, GT_GAPS_MAX);
	cr_assert_eq(gaps.gap[1].from, 10);
}

Test(gap, it_is_before_the_trace_or_behind_it)
{
	struct gt_gap before = {.from = 400, .to = 900}, behind = {.from = 1500, .to = 2500}, open = {.from = 1500};
	struct gt_gap nearly = {.from = 1499, .to = 2500}; /* the clocks are not read at the same moment */

	cr_assert_not(gt_gap_is_behind(&before, &anchor, 500));
	cr_assert(gt_gap_is_behind(&behind, &anchor, 500));
	cr_assert(gt_gap_is_behind(&nearly, &anchor, 500));
	cr_assert(gt_gap_is_behind(&open, &anchor, 500));
	cr_assert_eq(gt_gap_wall(&behind, &anchor), 5500);
}

Test(gap, in_words)
{
	struct gt_gap full = {.from = 400, .to = 2400, .cause = GT_DROP_DISK, .error = ENOSPC};
	struct gt_gap slow = {.from = 400, .cause = GT_DROP_BUFFER}, strange = {.cause = 900, .error = 1u << 30};
	char words[GT_GAP_WORDS];

	cr_assert_str_eq(gt_gap_length(&full, words), "2.00us");
	cr_assert_str_eq(gt_gap_length(&slow, words), "an unknown time");
	cr_assert_not_null(strstr(gt_gap_reason(&full, words), ": No space left on device"));
	cr_assert_not_null(strstr(gt_gap_reason(&slow, words), "no free buffer"));
	cr_assert_str_eq(gt_gap_reason(&strange, words), "unknown");
}
