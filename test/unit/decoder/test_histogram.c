/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Quantiles with a stated precision, and sums that are exact.
 */
#include "decoder/histogram.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct gt_histogram h;

static void tear_down(void)
{
	gt_histogram_free(&h);
}

TestSuite(histogram, .fini = tear_down);

Test(histogram, nothing_is_zero)
{
	cr_expect(gt_histogram_mean(&h) == 0 && gt_histogram_quantile(&h, 50) == 0);
}

Test(histogram, sums_are_exact)
{
	for (uint64_t v = 1; v <= 1000; v++)
		gt_histogram_add(&h, v * 1001);
	cr_expect_eq(h.count, 1000);
	cr_expect_eq(h.total, 1001 * 500500);
	cr_expect(h.min == 1001 && h.max == 1001000);
	cr_expect_eq(gt_histogram_mean(&h), 501000);
}

Test(histogram, merged_sets_are_as_if_added_one_by_one)
{
	struct gt_histogram more = {0}, all = {0};

	for (uint64_t v = 1; v <= 1000; v++) {
		gt_histogram_add(v % 3 == 0 ? &more : &h, v * v);
		gt_histogram_add(&all, v * v);
	}
	gt_histogram_merge(&h, &more);
	cr_expect(h.count == 1000 && h.total == all.total && h.min == 1 && h.max == 1000000);
	for (unsigned percent = 0; percent <= 100; percent++)
		cr_expect_eq(gt_histogram_quantile(&h, percent), gt_histogram_quantile(&all, percent));
	gt_histogram_free(&more);
	gt_histogram_merge(&h, &more);
	cr_expect(h.count == 1000 && h.min == 1);
	gt_histogram_merge(&more, &all);
	cr_expect(more.count == 1000 && more.min == 1 && more.max == 1000000);
	gt_histogram_free(&more);
	gt_histogram_free(&all);
}

Test(histogram, one_value_is_every_quantile)
{
	gt_histogram_add(&h, 123456789);
	for (unsigned percent = 0; percent <= 100; percent += 25)
		cr_expect_eq(gt_histogram_quantile(&h, percent), 123456789);
}

Test(histogram, small_values_are_exact)
{
	for (uint64_t v = 0; v < 100; v++)
		gt_histogram_add(&h, v);
	cr_expect_eq(gt_histogram_quantile(&h, 0), 0);
	cr_expect_eq(gt_histogram_quantile(&h, 1), 0);
	cr_expect_eq(gt_histogram_quantile(&h, 50), 49);
	cr_expect_eq(gt_histogram_quantile(&h, 99), 98);
	cr_expect_eq(gt_histogram_quantile(&h, 100), 99);
}

static int ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

Test(histogram, quantiles_are_off_by_less_than_one_percent)
{
	enum { N = 5000 };
	static uint64_t values[N];
	uint64_t x = 88172645463325252u;

	for (int i = 0; i < N; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		values[i] = x >> (x % 60);
		gt_histogram_add(&h, values[i]);
	}
	qsort(values, N, sizeof(*values), ascending);
	for (unsigned percent = 1; percent <= 100; percent++) {
		double exact = (double)values[(N * percent + 99) / 100 - 1];
		double got = (double)gt_histogram_quantile(&h, percent);

		cr_expect(got >= exact * 0.99 && got <= exact * 1.01, "p%u: %f, not %f", percent, got, exact);
	}
}

Test(histogram, every_value_has_a_place_and_memory_is_bounded)
{
	for (int shift = 0; shift < 64; shift++) {
		for (uint64_t part = 0; part < 256; part++)
			gt_histogram_add(&h, (UINT64_C(1) << shift) +
						     (shift >= 8 ? part << (shift - 8) : part >> (8 - shift)));
	}
	gt_histogram_add(&h, UINT64_MAX);
	cr_expect_leq(h.cells, 3776);
	cr_expect_geq(h.cells, 3700, "%u", h.cells);
	cr_expect_eq(gt_histogram_quantile(&h, 100), UINT64_MAX);
	for (unsigned i = 1; i < h.cells; i++)
		cr_assert(h.cell[i - 1] < h.cell[i]);
}

/* Each value comes between others again and again, while the cells move. */
Test(histogram, what_was_found_is_found_again_when_it_has_moved)
{
	for (uint64_t round = 0; round < 3; round++) {
		for (uint64_t v = 0; v < 100; v++)
			gt_histogram_add(&h, v * 61 % 100);
	}
	cr_expect_eq(h.cells, 100);
	for (unsigned percent = 1; percent <= 100; percent++)
		cr_expect_eq(gt_histogram_quantile(&h, percent), percent - 1);
}
