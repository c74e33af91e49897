/* SPDX-License-Identifier: BSD-3-Clause */
#include "context.h"

#include <ucontext.h>

enum { STACK = 512 };

/* A context that nobody enters: its stack holds the address. */
const void *gt_context_start(void)
{
	static char stack[STACK] __attribute__((aligned(16)));
	static ucontext_t context;

	context.uc_stack.ss_sp = stack;
	context.uc_stack.ss_size = sizeof(stack);
	makecontext(&context, (void (*)(void))gt_context_start, 0);
	return *(const void *const *)context.uc_mcontext.gregs[REG_RSP];
}
