/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Records of fibers: a reference is good as long as its fiber is there, and never for the next one in the same record.
 */
#include "shim/fiber.h"
#include "shim/thread.h"

#include <criterion/criterion.h>

static bool is_good(gt_fiber_ref ref)
{
	uint64_t word;

	return gt_fiber_of(ref, &word) != NULL;
}

Test(fiber, a_word_keeps_its_parts)
{
	uint64_t word = gt_fiber_word(GT_FIBER_PARKED, 0x3fffffff, UINT64_C(0x1deadbeef));

	cr_assert_eq(gt_fiber_word_state(word), GT_FIBER_PARKED);
	cr_assert_eq(gt_fiber_word_gen(word), 0x1fffffff);
	cr_assert_eq(gt_fiber_word_serial(word), 0xdeadbeef);
}

Test(fiber, nobody_is_meant_by_what_was_never_given_out)
{
	cr_assert(!gt_fiber_any());
	cr_assert(!is_good(0));
	cr_assert(!is_good(UINT64_C(1) << 32 | 1));
	cr_assert(!is_good(UINT64_MAX));
}

Test(fiber, a_reference_is_not_good_for_the_next_one)
{
	struct gt_fiber *f = gt_fiber_take();
	gt_fiber_ref first = gt_fiber_ref_of(f);
	uint64_t word;

	cr_assert(gt_fiber_any());
	cr_assert_eq(gt_fiber_of(first, &word), f);
	cr_assert_eq(gt_fiber_word_state(word), GT_FIBER_RUNNING);
	gt_fiber_give_back(f);
	cr_assert(!is_good(first));
	cr_assert_eq(gt_fiber_take(), f);
	cr_assert(!is_good(first));
	cr_assert(is_good(gt_fiber_ref_of(f)));
}

Test(fiber, a_child_knows_none_of_its_parents)
{
	gt_fiber_ref ref = gt_fiber_ref_of(gt_fiber_take());

	gt_fiber_start();
	cr_assert(!gt_fiber_any());
	cr_assert(!is_good(ref));
	gt_fiber_take();
	cr_assert(!is_good(ref));
}

Test(fiber, when_all_are_taken_that_is_counted)
{
	uint32_t n = 0;

	while (gt_fiber_take())
		n++;
	cr_assert_eq(n, GT_FIBERS_MAX - 1);
	cr_assert_eq(gt_fiber_count, n);
	cr_assert_eq(gt_drops[GT_DROP_FIBERS], 1);
	gt_fiber_give_back(gt_fiber_at(n));
	cr_assert_eq(gt_fiber_take(), gt_fiber_at(n));
}
