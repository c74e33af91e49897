/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What lies at an address.
 */
#include "decoder/ranges.h"

#include <criterion/criterion.h>

static struct gt_ranges ranges;
static char names[4];

static void tear_down(void)
{
	gt_ranges_free(&ranges);
}

TestSuite(ranges, .fini = tear_down);

static void expect(uint64_t at, void *what)
{
	cr_expect_eq(gt_ranges_find(&ranges, at), what, "at %d", (int)at);
}

Test(ranges, nothing_is_in_none)
{
	gt_ranges_sort(&ranges);
	expect(0, NULL);
}

Test(ranges, the_end_is_behind)
{
	gt_ranges_add(&ranges, 30, 40, &names[1]);
	gt_ranges_add(&ranges, 10, 20, &names[0]);
	gt_ranges_sort(&ranges);
	expect(9, NULL);
	expect(10, &names[0]);
	expect(19, &names[0]);
	expect(20, NULL);
	expect(39, &names[1]);
	expect(40, NULL);
	expect(UINT64_MAX, NULL);
}

Test(ranges, empty_ones_are_left_out)
{
	cr_expect(gt_ranges_add(&ranges, 10, 10, &names[0]));
	cr_expect(gt_ranges_add(&ranges, 10, 5, &names[0]));
	gt_ranges_sort(&ranges);
	expect(10, NULL);
	expect(7, NULL);
}

Test(ranges, the_narrower_one_is_found)
{
	gt_ranges_add(&ranges, 10, 100, &names[0]);
	gt_ranges_add(&ranges, 20, 30, &names[1]);
	gt_ranges_add(&ranges, 20, 25, &names[2]);
	gt_ranges_add(&ranges, 0, 11, &names[3]);
	gt_ranges_sort(&ranges);
	expect(5, &names[3]);
	expect(10, &names[0]);
	expect(22, &names[2]);
	expect(27, &names[1]);
	expect(50, &names[0]);
	expect(100, NULL);
}

Test(ranges, there_is_an_end_to_them)
{
	for (int i = 0; i < GT_RANGES_MOST; i++)
		gt_ranges_add(&ranges, 1, 2, &names[0]);
	cr_expect_not(gt_ranges_add(&ranges, 3, 4, &names[1]));
	gt_ranges_sort(&ranges);
	expect(1, &names[0]);
	expect(3, NULL);
}
