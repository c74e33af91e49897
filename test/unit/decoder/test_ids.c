/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ids, near and far: what was added is found, and nothing else.
 */
#include "decoder/ids.h"

#include <criterion/criterion.h>

static struct gt_ids ids;
static char what[100000];

static void tear_down(void)
{
	gt_ids_free(&ids);
}

TestSuite(ids, .fini = tear_down);

Test(ids, an_empty_one_knows_nothing)
{
	cr_expect_null(gt_ids_find(&ids, 0));
	cr_expect_null(gt_ids_find(&ids, 1));
	cr_expect_null(gt_ids_find(&ids, UINT64_MAX));
}

Test(ids, dense_ids_in_any_order)
{
	for (uint64_t i = 0; i < 100000; i++)
		cr_assert(gt_ids_add(&ids, i * 7919 % 100000, &what[i * 7919 % 100000]));
	for (uint64_t i = 0; i < 100000; i++)
		cr_assert_eq(gt_ids_find(&ids, i), &what[i]);
	cr_expect_null(gt_ids_find(&ids, 100000));
}

Test(ids, far_ids)
{
	static const uint64_t far[] = {0, 1, 65535, 65536, 1 << 20, 1ull << 32, 1ull << 63, UINT64_MAX};
	size_t n = sizeof(far) / sizeof(far[0]);

	for (size_t i = 0; i < n; i++)
		cr_assert(gt_ids_add(&ids, far[i], &what[i]));
	for (size_t i = 0; i < n; i++)
		cr_expect_eq(gt_ids_find(&ids, far[i]), &what[i]);
	cr_expect_null(gt_ids_find(&ids, 2));
	cr_expect_null(gt_ids_find(&ids, (1ull << 32) + 1));
	cr_expect(ids.size <= 1 << 17, "few ids do not make a large array");
}

Test(ids, a_far_id_is_found_when_the_array_has_grown_beyond_it)
{
	cr_assert(gt_ids_add(&ids, 70000, &what[70000]));
	for (uint64_t i = 0; i < 70000; i++)
		cr_assert(gt_ids_add(&ids, i, &what[i]));
	cr_assert(gt_ids_add(&ids, 70001, &what[70001]));
	cr_expect(ids.size > 70001);
	cr_expect_eq(gt_ids_find(&ids, 70000), &what[70000]);
	cr_expect_eq(gt_ids_find(&ids, 69999), &what[69999]);
}

Test(ids, what_is_cleared_is_forgotten)
{
	cr_assert(gt_ids_add(&ids, 5, what) && gt_ids_add(&ids, UINT64_MAX, what));
	gt_ids_clear(&ids);
	cr_expect_null(gt_ids_find(&ids, 5));
	cr_expect_null(gt_ids_find(&ids, UINT64_MAX));
	cr_assert(gt_ids_add(&ids, 5, &what[1]));
	cr_expect_eq(gt_ids_find(&ids, 5), &what[1]);
}
