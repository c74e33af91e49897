/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who waits on what: seen while they wait, also in a bucket without a free place, and forgotten in a forked child.
 */
#include "shim/waiters.h"

#include <criterion/criterion.h>

Test(waiters, seen_while_they_wait)
{
	static int object;
	uint32_t place;

	cr_assert_not(gt_waiters_any(&object));
	place = gt_waiters_enter(&object, 5);
	cr_assert(gt_waiters_any(&object));
	cr_assert_eq(atomic_load(&gt_bucket_of(&object)->place[place]), 5);
	gt_waiters_leave(&object, place);
	cr_assert_not(gt_waiters_any(&object));
	cr_assert_eq(atomic_load(&gt_bucket_of(&object)->place[place]), GT_NO_PLACE);
}

Test(waiters, a_full_bucket_still_counts)
{
	static int object;

	for (uint32_t i = 0; i < GT_BUCKET_PLACES; i++)
		cr_assert_eq(gt_waiters_enter(&object, i + 1), i);
	cr_assert_eq(gt_waiters_enter(&object, 99), GT_BUCKET_PLACES);
	for (uint32_t i = 0; i <= GT_BUCKET_PLACES; i++) {
		cr_assert(gt_waiters_any(&object));
		gt_waiters_leave(&object, i);
	}
	cr_assert_not(gt_waiters_any(&object));
}

Test(waiters, a_place_that_was_left_is_taken_again)
{
	static int object;

	for (uint32_t i = 0; i < GT_BUCKET_PLACES; i++)
		gt_waiters_enter(&object, i + 1);
	gt_waiters_leave(&object, 3);
	cr_assert_eq(gt_waiters_enter(&object, 77), 3);
	cr_assert_eq(atomic_load(&gt_bucket_of(&object)->place[3]), 77);
	cr_assert_eq(gt_waiters_enter(&object, 78), GT_BUCKET_PLACES);
}

Test(waiters, clearing_forgets_all_of_them)
{
	static int object, another;

	gt_waiters_enter(&object, 1);
	gt_waiters_enter(&another, 2);
	gt_waiters_clear();
	cr_assert_not(gt_waiters_any(&object));
	cr_assert_not(gt_waiters_any(&another));
	cr_assert_eq(gt_waiters_enter(&object, 3), 0);
}

Test(waiters, neighbouring_objects_spread_over_the_buckets)
{
	static char used[GT_BUCKETS];
	int distinct = 0;

	for (uintptr_t at = 0x555500000000; at < 0x555500000000 + 40 * 64; at += 40) {
		char *seen = &used[gt_bucket_of((void *)at) - gt_buckets];

		distinct += !*seen;
		*seen = 1;
	}
	cr_assert_geq(distinct, 56);
}
