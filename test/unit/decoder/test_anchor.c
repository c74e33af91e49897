/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Three clocks tied together at one moment, and times that are too far away.
 */
#include "decoder/anchor.h"

#include <criterion/criterion.h>

static struct gt_anchor anchored(uint64_t trace, uint64_t monotonic, uint64_t seconds, uint64_t ns)
{
	struct gt_fact_record fact = {.number = GT_FACT_Clock,
				      .field = {{.u = trace}, {.u = monotonic}, {.u = seconds}, {.u = ns}}};
	struct gt_anchor anchor = {0};

	gt_anchor_fact(&anchor, &fact);
	return anchor;
}

Test(anchor, the_three_clocks_run_alike)
{
	struct gt_anchor a = anchored(1000, 50000, 7, 5);

	cr_expect(a.known);
	cr_expect_eq(gt_anchor_monotonic(&a, 1000), 50000);
	cr_expect_eq(gt_anchor_monotonic(&a, 900), 49900);
	cr_expect_eq(gt_anchor_wall(&a, 1001), 7000000006);
	cr_expect_eq(gt_anchor_from_monotonic(&a, 50010), 1010);
	cr_expect_eq(gt_anchor_from_wall(&a, 7000000000), 995);
}

Test(anchor, only_clock_facts_count_and_the_last_one_most)
{
	struct gt_fact_record other = {.number = GT_FACT_Dropped, .field = {{.u = 1}, {.u = 2}}};
	struct gt_fact_record clock = {.number = GT_FACT_Clock, .field = {{.u = 1}, {.u = 2}, {.u = 0}, {.u = 3}}};
	struct gt_anchor a = {0};

	gt_anchor_fact(&a, &other);
	cr_expect_not(a.known);
	cr_expect_eq(gt_anchor_wall(&a, 77), 77);
	gt_anchor_fact(&a, &clock);
	clock.field[1].u = 9;
	gt_anchor_fact(&a, &clock);
	cr_expect_eq(gt_anchor_monotonic(&a, 1), 9);
}

Test(anchor, nothing_wraps_around)
{
	struct gt_anchor a = anchored(0, INT64_MAX, UINT64_MAX / 2, 0);

	cr_expect_eq(gt_anchor_monotonic(&a, 5), INT64_MAX);
	cr_expect_eq(gt_anchor_wall(&a, 0), INT64_MAX);
	cr_expect_eq(gt_anchor_from_monotonic(&a, INT64_MIN), INT64_MIN);
	cr_expect_eq(gt_time_add(INT64_MIN, -1), INT64_MIN);
	cr_expect_eq(gt_time_sub(INT64_MAX, -1), INT64_MAX);
	cr_expect_eq(gt_time_sub(-2, INT64_MAX), INT64_MIN);
}

Test(anchor, what_opens_a_generation_of_go)
{
	struct gt_anchor a = {0};
	struct gt_snapshot snapshot = {.time = 1, .mono = 500, .sec = 2, .nsec = 7};

	gt_anchor_snapshot(&a, 100, &snapshot);
	cr_expect_not(a.known);
	snapshot.known = true;
	gt_anchor_snapshot(&a, 100, &snapshot);
	cr_expect(a.known && a.trace == 100 && a.monotonic == 500 && a.wall == 2000000007);
}
