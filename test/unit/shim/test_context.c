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
	cr_assert_eq(gt_context_start(), returns_to);
}
