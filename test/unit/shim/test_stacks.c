/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The table of call sites: one id for each, marked with the generations that use it, and a full table is counted.
 */
#include "shim/stacks.h"
#include "shim/thread.h"

#include <criterion/criterion.h>
#include <pthread.h>

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

Test(stacks, ids_are_within_the_table_and_differ)
{
	static uintptr_t of[GT_STACKS_MAX + 1];

	cr_assert(gt_stacks_start());
	for (uintptr_t pc = 0x400000; pc < 0x400000 + 1000 * 16; pc += 16) {
		uint64_t id = gt_stack_at((void *)pc, 1).v;

		cr_assert(id >= 1 && id <= GT_STACKS_MAX);
		cr_assert_eq(of[id], 0);
		of[id] = pc;
		cr_assert_eq(atomic_load(&gt_stack_entry((uint32_t)id)->pc), pc);
	}
}

enum { SITES = 4000 };

static _Atomic int there;

static void *visit(void *ids)
{
	there++;
	while (there < 2)
		;
	for (uintptr_t i = 0; i < SITES; i++)
		((uint64_t *)ids)[i] = gt_stack_at((void *)(i + 1), 1).v;
	return NULL;
}

Test(stacks, threads_that_meet_at_a_new_place_agree_on_its_id)
{
	static uint64_t a[SITES], b[SITES];
	pthread_t other;

	cr_assert(gt_stacks_start());
	cr_assert_eq(pthread_create(&other, NULL, visit, a), 0);
	visit(b);
	pthread_join(other, NULL);
	for (int i = 0; i < SITES; i++)
		cr_assert_eq(a[i], b[i]);
}
