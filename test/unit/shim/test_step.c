/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A step finds the caller's registers where the rule says they are, notes what it has read, and stays inside what may be
 * read.
 */
#include "shim/step.h"

#include <criterion/criterion.h>

enum { WORDS = 8 };

static uint64_t stack[WORDS] __attribute__((aligned(16)));
static struct gt_reads reads;
static struct gt_span span;
static struct gt_walk walk = {.span = &span, .reads = &reads};

/* A copy: what is not in the span is nowhere. */
static struct gt_registers start(void)
{
	struct gt_registers r = {0x1000, (uint64_t)stack, (uint64_t)&stack[4]};

	gt_callers_start(32, false);
	for (int i = 0; i < WORDS; i++)
		stack[i] = 0x100 + (uint64_t)i;
	span = (struct gt_span){(uint64_t)stack, (uint64_t)&stack[WORDS]};
	walk.from = r;
	walk.is_copy = true;
	walk.fp_at = GT_FP_IN_REGISTER;
	reads = (struct gt_reads){.is_all = true};
	return r;
}

static struct gt_rule rule_of(int ra, int sp)
{
	return (struct gt_rule){.ra = {.base = GT_BASE_SP, .offset = ra},
				.sp = {.base = GT_BASE_SP, .offset = sp},
				.kind = GT_RULE_FRAME};
}

Test(step, registers_are_where_the_rule_says)
{
	struct gt_registers r = start();
	struct gt_rule rule = rule_of(16, 24);

	rule.flags = GT_RULE_FP_SAVED;
	rule.fp = (struct gt_place){.base = GT_BASE_SP, .offset = 8};
	cr_assert(gt_step(&walk, &rule, &r));
	cr_assert(r.pc == 0x102 && r.fp == 0x101 && r.sp == (uint64_t)&stack[3]);
	cr_assert(reads.n == 1 && reads.at[0] == 2 && reads.is_all);
	cr_assert_eq(walk.fp_at, (uint64_t)&stack[1]);
}

Test(step, nothing_outside_is_read)
{
	struct gt_registers r = start();
	struct gt_rule rule = rule_of(8 * WORDS, 8 * WORDS + 8);

	cr_assert_not(gt_step(&walk, &rule, &r));
	cr_assert_not(reads.is_all);
	cr_assert_eq(r.sp, (uint64_t)stack, "it has not moved");
}

Test(step, a_stack_does_not_shrink)
{
	struct gt_registers r = start();
	struct gt_rule rule = rule_of(8, 0);

	cr_assert_not(gt_step(&walk, &rule, &r));
	rule.flags = GT_RULE_SIGNAL;
	cr_assert(gt_step(&walk, &rule, &r));
}

Test(step, a_frame_pointer_below_a_copy_is_in_its_register)
{
	struct gt_registers r = start();
	struct gt_rule rule = rule_of(0, 8);

	rule.flags = GT_RULE_FP_SAVED;
	rule.fp = (struct gt_place){.base = GT_BASE_SP, .offset = -8};
	cr_assert(gt_step(&walk, &rule, &r));
	cr_assert(r.fp == (uint64_t)&stack[4] && walk.fp_at == GT_FP_IN_REGISTER);
}

Test(step, frame_pointers_lead_upwards)
{
	struct gt_registers r = start();

	cr_assert(gt_step_fp(&walk, &r));
	cr_assert(r.pc == 0x105 && r.fp == 0x104 && r.sp == (uint64_t)&stack[6] && reads.fp);
	cr_assert_not(gt_step_fp(&walk, &r));
}
