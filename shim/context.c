/* SPDX-License-Identifier: BSD-3-Clause */
#include "context.h"

#include "coroutine.h"
#include "peek.h"

enum { STACK = 512 };

/* Read by the code below. */
const void *gt_context_libc __attribute__((visibility("hidden")));

/*
 * libc keeps the address of the place where uc_link stands in rbx, which the function preserves, and loads it anew from
 * there. What is called here uses the stack below, as the function did. An unwinder ends here, as it would in libc's code;
 * it looks at the byte before.
 */
__asm__(".pushsection .text, \"ax\", @progbits\n"
	".type context_end, @function\n"
	"context_end:\n"
	".cfi_startproc\n"
	".cfi_undefined rip\n"
	"nop\n"
	"context_returns:\n"
	"movq (%rbx), %rdi\n"
	"call gt_coroutine_end\n"
	"jmp *gt_context_libc(%rip)\n"
	".cfi_endproc\n"
	".size context_end, . - context_end\n"
	".popsection");

const void *gt_context_end(void)
{
	const void *end;

	__asm__("leaq context_returns(%%rip), %0" : "=r"(end));
	return end;
}

/* A context that nobody enters: its stack holds the address. */
const void *gt_context_start(gt_makecontext_fn *make)
{
	static char stack[STACK] __attribute__((aligned(16)));
	static ucontext_t context;

	context.uc_stack.ss_sp = stack;
	context.uc_stack.ss_size = sizeof(stack);
	make(&context, (void (*)(void))gt_context_start, 0);
	gt_context_libc = *(const void *const *)gt_context_sp(&context);
	return gt_context_libc;
}

/* 0 without a shadow stack: the instruction does nothing then. */
static uint64_t shadow_stack(void)
{
	uint64_t sp = 0;

	__asm__ volatile("rdsspq %0" : "+r"(sp));
	return sp;
}

bool gt_context_lead(uintptr_t sp)
{
	const void **returns_to = (const void **)sp;

	if (sp & 7 || !gt_context_libc || *returns_to != gt_context_libc)
		return false;
	if (!shadow_stack())
		*returns_to = gt_context_end();
	return true;
}

bool gt_context_is_intact(uintptr_t sp)
{
	const void *returns_to;

	return sp && gt_peek(sp, &returns_to, sizeof(returns_to)) &&
	       (returns_to == gt_context_end() || returns_to == gt_context_libc);
}
