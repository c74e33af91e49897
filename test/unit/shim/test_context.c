/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The place is the one to which the function of a context returns.
 */
#include "shim/context.h"

#include <criterion/criterion.h>
#include <ucontext.h>

static ucontext_t here, there;
static const void *returns_to;

static void enter(void)
{
	returns_to = __builtin_return_address(0);
}

Test(context, its_function_returns_there)
{
	static char stack[64 << 10];

	getcontext(&there);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = sizeof(stack);
	there.uc_link = &here;
	makecontext(&there, enter, 0);
	swapcontext(&here, &there);
	cr_assert_eq(gt_context_start(makecontext), returns_to);
}

static int turns;

static void turn(void)
{
	turns++;
}

/* Nothing is recorded: gt_context_end() finds that and goes on. */
Test(context, it_can_be_led_elsewhere_and_still_goes_on_with_its_link)
{
	static char stack[64 << 10];
	uintptr_t sp;

	gt_context_start(makecontext);
	getcontext(&there);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = sizeof(stack);
	there.uc_link = &here;
	makecontext(&there, turn, 0);
	sp = gt_context_sp(&there);
	cr_assert(gt_context_lead(sp));
	cr_assert(gt_context_is_intact(sp));
	cr_assert_eq(*(const void **)sp, gt_context_end());
	swapcontext(&here, &there);
	cr_assert_eq(turns, 1);
	cr_assert(!gt_context_is_intact(sp), "its function has returned");
	cr_assert(!gt_context_lead(sp));
	cr_assert(!gt_context_is_intact(0));
	cr_assert(!gt_context_is_intact(16));
}
