/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The tables of call sites and of waiters: what they find, and what happens when they are full.
 */
#include "shim/heap.h"
#include "shim/stacks.h"
#include "shim/thread.h"
#include "shim/waiters.h"

#include <criterion/criterion.h>

Test(heap, memory_is_aligned_zeroed_and_apart)
{
	unsigned char *a = gt_heap_take(100);
	unsigned char *b = gt_heap_take(1);

	cr_assert(a && b);
	cr_assert_eq((uintptr_t)a % 64, 0);
	cr_assert_eq((uintptr_t)b % 64, 0);
	cr_assert(b >= a + 100 || b < a);
	for (int i = 0; i < 100; i++)
		cr_assert_eq(a[i], 0);
}

Test(stacks, one_id_per_place_marked_with_its_generation)
{
	uint32_t id;

	cr_assert(gt_stacks_start());
	id = (uint32_t)gt_stack_at((void *)0x1000, 3).v;
	cr_assert_neq(id, 0);
	cr_assert_eq(gt_stack_at((void *)0x1000, 4).v, id);
	cr_assert_neq(gt_stack_at((void *)0x1001, 4).v, id);
	cr_assert_eq(atomic_load(&gt_stack_entry(id)->pc), 0x1000);
	cr_assert_eq(atomic_load(&gt_stack_entry(id)->used[1]), 3);
	cr_assert_eq(atomic_load(&gt_stack_entry(id)->used[0]), 4);
	cr_assert_eq(gt_stack_at(NULL, 3).v, 0);
}

Test(stacks, a_full_table_is_counted)
{
	uint64_t without = 0;

	cr_assert(gt_stacks_start());
	for (uintptr_t pc = 1; pc <= 2 * GT_STACKS_MAX; pc++)
		without += gt_stack_at((void *)pc, 1).v == 0;
	cr_assert_geq(without, GT_STACKS_MAX);
	cr_assert_eq(atomic_load(&gt_drops[GT_DROP_STACKS]), without);
}

Test(waiters, seen_while_they_wait)
{
	int object;
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
	int object;

	for (uint32_t i = 0; i < GT_BUCKET_PLACES; i++)
		cr_assert_eq(gt_waiters_enter(&object, i + 1), i);
	cr_assert_eq(gt_waiters_enter(&object, 99), GT_BUCKET_PLACES);
	for (uint32_t i = 0; i <= GT_BUCKET_PLACES; i++) {
		cr_assert(gt_waiters_any(&object));
		gt_waiters_leave(&object, i);
	}
	cr_assert_not(gt_waiters_any(&object));
}
