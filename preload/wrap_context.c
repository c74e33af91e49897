/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Coroutines of <ucontext.h>.
 *
 * Both ways to leave a context are jumps from here: what is saved is the program's own frame. makecontext() takes a list of
 * arguments, and so is in stubs.c; what it is asked for is said before, since there is nothing of ours to come back to.
 */
#include "wrap.h"

#include "../shim/coroutine.h"

/* Called by the stub. */
void gt_before_makecontext(const ucontext_t *context, const void *start, const void *pc)
	__attribute__((visibility("hidden")));

void gt_before_makecontext(const ucontext_t *context, const void *start, const void *pc)
{
	gt_coroutine_make(context, start, pc);
}

int gt_wrap_swapcontext(ucontext_t *from, const ucontext_t *to)
{
	gt_coroutine_switch(to);
	return gt_real_swapcontext(from, to);
}

int gt_wrap_setcontext(const ucontext_t *to)
{
	gt_coroutine_switch(to);
	return gt_real_setcontext(to);
}
