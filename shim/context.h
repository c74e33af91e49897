/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Coroutines of makecontext(3): where they return to.
 *
 * libc lets the function of a context return into code of its own, which has no name and no unwind information, and which
 * goes on with uc_link. Once a context runs, the return address on its stack leads to gt_context_end() instead, which tells
 * of the end and jumps on to libc's code, with the stack and all that it looks at as they were.
 */
#ifndef GT_CONTEXT_H
#define GT_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <ucontext.h>

typedef void gt_makecontext_fn(ucontext_t *, void (*)(void), int, ...);

/* Learns where that is, and returns it. `make` is libc's makecontext(). At start. */
const void *gt_context_start(gt_makecontext_fn *make);

/* Where a context that was led here returns to. */
const void *gt_context_end(void);

/*
 * Leads a context that has not run yet, and would return to libc, to gt_context_end(). `sp`: its stack pointer. False when
 * it isn't one. Not where the processor checks return addresses: then it still returns to libc, unseen.
 */
bool gt_context_lead(uintptr_t sp);

/* Whether the return address of a context that was led still lies there: else its function is over, and its stack may be gone. */
bool gt_context_is_intact(uintptr_t sp);

static inline uintptr_t gt_context_sp(const ucontext_t *context)
{
	return (uintptr_t)context->uc_mcontext.gregs[REG_RSP];
}

#endif
