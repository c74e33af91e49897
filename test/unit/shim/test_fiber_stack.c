/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whose stack it is: of sizes and places of all kinds, of one in another, and of what was left there before.
 */
#include "shim/fiber_stack.h"
#include "shim/thread.h"

#include <criterion/criterion.h>

static struct gt_fiber *with_stack(uintptr_t lo, uintptr_t hi)
{
	static uint64_t goid;
	struct gt_fiber *f = gt_fiber_take();

	f->goid = ++goid;
	cr_assert(gt_fiber_stack_add(f, lo, hi));
	return f;
}

static struct gt_fiber *at(uintptr_t address)
{
	uint64_t word;

	return gt_fiber_of(gt_fiber_stack_at(address), &word);
}

Test(fiber_stack, all_of_it_and_nothing_else, .timeout = 60)
{
	static const uintptr_t sizes[] = {1, 1024, 4096, 5000, 8192, 65535, 65536, 65537, 1 << 20, 8 << 20};
	uintptr_t lo = 0x7f0000000010;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct gt_fiber *f = with_stack(lo, lo + sizes[i]);

		cr_assert_eq(at(lo), f);
		cr_assert_eq(at(lo + sizes[i] / 2), f);
		cr_assert_eq(at(lo + sizes[i] - 1), f);
		cr_assert_null(at(lo - 1));
		cr_assert_null(at(lo + sizes[i]));
		lo += sizes[i] + 4096 * i + 1;
	}
	for (size_t i = 1; i <= gt_fiber_count; i++)
		gt_fiber_stack_remove(gt_fiber_at((uint32_t)i));
	for (uintptr_t a = 0x7f0000000000; a < lo; a += 512)
		cr_assert_null(at(a));
}

Test(fiber_stack, the_newest_is_meant)
{
	struct gt_fiber *outer = with_stack(0x100000, 0x140000);
	struct gt_fiber *inner = with_stack(0x110000, 0x112000);

	cr_assert_eq(at(0x111000), inner);
	cr_assert_eq(at(0x10ffff), outer);
	cr_assert_eq(at(0x112000), outer);
	gt_fiber_stack_remove(inner);
	cr_assert_eq(at(0x111000), outer);
}

Test(fiber_stack, what_lies_over_a_first_frame_ends_it)
{
	uint64_t word;
	struct gt_fiber *f = with_stack(0x100000, 0x110000);

	cr_assert_eq(gt_fiber_stack_under(0x0f0000, 0x100000), 0);
	cr_assert_eq(gt_fiber_stack_under(0x0f8000, 0x10ffff), 0, "the frames above are not touched");
	cr_assert_eq(gt_fiber_of(gt_fiber_stack_under(0x0f8000, 0x110000), &word), f);
	cr_assert_eq(gt_fiber_of(gt_fiber_stack_under(0x10ffff, 0x11ffff), &word), f);
	cr_assert_eq(gt_fiber_stack_under(0x110000, 0x120000), 0);
	gt_fiber_give_back(f);
	cr_assert_eq(gt_fiber_stack_under(0x100000, 0x110000), 0, "nobody is there");
}

Test(fiber_stack, odd_stacks_are_none)
{
	struct gt_fiber *f = gt_fiber_take();

	cr_assert(!gt_fiber_stack_add(f, 0x1000, 0x1000));
	cr_assert(!gt_fiber_stack_add(f, 0x2000, 0x1000));
	cr_assert(!gt_fiber_stack_add(f, 0, UINTPTR_MAX));
	cr_assert_eq(gt_fiber_stack_at(0x1000), 0);
}

Test(fiber_stack, a_table_that_is_full_is_counted)
{
	struct gt_fiber *f = gt_fiber_take();
	int n = 0;

	while (gt_fiber_stack_add(f, 0x100000, 0x102000) && n < 1000)
		n++;
	cr_assert_eq(n, 16);
	cr_assert_eq(gt_drops[GT_DROP_FIBERS], 1);
	cr_assert_eq(gt_fiber_stack_at(0x100000), 0, "without a place it is in none");
}

Test(fiber_stack, a_child_begins_without)
{
	with_stack(0x100000, 0x102000);
	gt_fiber_start();
	gt_fiber_stack_clear();
	cr_assert_eq(gt_fiber_stack_at(0x100000), 0);
	cr_assert_eq(at(0x100000), NULL);
	cr_assert_eq(at(0x100000), NULL);
	cr_assert_neq(with_stack(0x100000, 0x102000), NULL);
	cr_assert_neq(gt_fiber_stack_at(0x100000), 0);
}
