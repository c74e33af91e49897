/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who waits on what: seen while they wait, also in a bucket without a free place, and forgotten in a forked child.
 */
#include "shim/waiters.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <sched.h>

Test(waiters, seen_while_they_wait)
{
	static int object;
	uint32_t place;

	cr_assert_not(gt_waiters_any(&object));
	place = gt_waiters_enter(&object, 5);
	cr_assert(gt_waiters_any(&object));
	cr_assert_eq(gt_waiters_in(gt_bucket_of(&object), place), 5);
	gt_waiters_leave(&object, place);
	cr_assert_not(gt_waiters_any(&object));
	cr_assert_eq(gt_waiters_in(gt_bucket_of(&object), place), GT_NO_PLACE);
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
	for (uint32_t place = 0; place < GT_BUCKET_PLACES; place++) {
		gt_waiters_leave(&object, place);
		cr_assert_eq(gt_waiters_count(gt_bucket_of(&object)), GT_BUCKET_PLACES - 1);
		cr_assert_eq(gt_waiters_enter(&object, 77), place);
		cr_assert_eq(gt_waiters_in(gt_bucket_of(&object), place), 77);
	}
	cr_assert_eq(gt_waiters_enter(&object, 78), GT_BUCKET_PLACES);
	cr_assert_eq(gt_waiters_count(gt_bucket_of(&object)), GT_BUCKET_PLACES + 1);
}

/* An index that the first places have no room for. */
Test(waiters, a_thread_of_a_large_number_has_a_place_too)
{
	static int object;
	uint32_t place = gt_waiters_enter(&object, 1 << 20);

	cr_assert(gt_waiters_any(&object));
	cr_assert_eq(gt_waiters_in(gt_bucket_of(&object), place), 1 << 20);
	gt_waiters_leave(&object, place);
	cr_assert_not(gt_waiters_any(&object));
}

enum { CROWD = GT_BUCKET_PLACES + 4, TURNS = 20000 };

static int crowded;

/* Nobody else may get the place that one has. */
static void *come_and_go(void *index)
{
	uint32_t own = (uint32_t)(uintptr_t)index, lost = 0;

	for (int i = 0; i < TURNS; i++) {
		uint32_t place = gt_waiters_enter(&crowded, own);

		if (i % 100 == 0)
			sched_yield();
		lost += place < GT_BUCKET_PLACES && gt_waiters_in(gt_bucket_of(&crowded), place) != own;
		lost += !gt_waiters_any(&crowded);
		gt_waiters_leave(&crowded, place);
	}
	return (void *)(uintptr_t)lost;
}

Test(waiters, of_a_crowd_each_has_its_own_place)
{
	pthread_t thread[CROWD];

	for (uintptr_t i = 0; i < CROWD; i++)
		cr_assert_eq(pthread_create(&thread[i], NULL, come_and_go, (void *)(i + 1)), 0);
	for (int i = 0; i < CROWD; i++) {
		void *lost;

		cr_assert_eq(pthread_join(thread[i], &lost), 0);
		cr_assert_null(lost);
	}
	cr_assert_not(gt_waiters_any(&crowded));
}

Test(waiters, who_lets_go_is_known_to_those_who_waited_then)
{
	static int object;
	const char *neighbour = (const char *)&object + 1;
	uint64_t before = gt_waiters_released(&object);

	cr_assert_eq(gt_waiters_releaser(&object, before), 0);
	gt_waiters_release(&object, 7);
	cr_assert_eq(gt_waiters_releaser(&object, before), 7);
	before = gt_waiters_released(&object);
	cr_assert_eq(gt_waiters_releaser(&object, before), 0, "that was before");
	gt_waiters_release(&object, 7);
	cr_assert_eq(gt_waiters_releaser(&object, before), 7, "again");
	while (gt_bucket_of(neighbour) != gt_bucket_of(&object))
		neighbour++;
	before = gt_waiters_released(&object);
	gt_waiters_release(neighbour, 8);
	cr_assert_eq(gt_waiters_releaser(&object, before), 0, "of something else");
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
