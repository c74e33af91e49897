/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A stack stands in the table of its generation once, whatever is like it. What is taken with real stacks, and a full
 * table: test_stacks.c.
 */
#include "shim/stack_table.h"
#include "shim/stacks.h"
#include "test/lib/live.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>

static void start(void)
{
	gt_test_live(1 << 20);
	gt_callers_start(32, false);
	cr_assert(gt_stack_table_start());
	gt_stacks_attach();
}

Test(stack_table, the_same_addresses_have_one_id, .fini = gt_temp_clean)
{
	const uint64_t pc[] = {1, 2, 3}, other[] = {1, 3, 2};
	const uint64_t *found;
	uint32_t n;
	uint64_t id;

	start();
	id = gt_stack_intern(1, pc, 3).v;
	cr_assert_neq(id, 0);
	cr_assert_eq(gt_stack_intern(1, pc, 3).v, id);
	cr_assert_neq(gt_stack_intern(1, pc, 2).v, id);
	cr_assert_neq(gt_stack_intern(1, other, 3).v, id);
	cr_assert_eq(gt_stacks_next(1, 0, &found, &n), id);
	cr_assert(n == 3 && found[0] == 1 && found[2] == 3);
}

Test(stack_table, a_generation_begins_with_nothing, .fini = gt_temp_clean)
{
	const uint64_t pc[] = {1, 2, 3};
	const uint64_t *found;
	uint32_t n;

	start();
	gt_stack_intern(1, pc, 3);
	cr_assert_eq(gt_stacks_next(2, 0, &found, &n), 0);
	gt_stacks_forget(1);
	cr_assert_eq(gt_stacks_next(3, 0, &found, &n), 0);
	cr_assert_neq(gt_stack_intern(3, pc, 3).v, 0);
	cr_assert_neq(gt_stacks_next(3, 0, &found, &n), 0);
}
