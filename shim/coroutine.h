/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Coroutines of makecontext(3), swapcontext(3) and setcontext(3).
 *
 * A coroutine is known by its stack, whichever context leads there: contexts are copied and used again, and those that lead
 * into the stack of who runs already are no switch but a jump. What switches behind our back (longjmp, assembler) is
 * noticed by the next operation, which is on another stack.
 */
#ifndef GT_COROUTINE_H
#define GT_COROUTINE_H

#include "thread.h"

#include <ucontext.h>

/* makecontext() is about to be called: GoCreateBlocked. Whoever had the stack before is over. */
void gt_coroutine_make(const ucontext_t *context, const void *start, const void *pc);

/* The thread is about to go on there: GoSwitch, if that is another coroutine, or what a thread began with. */
void gt_coroutine_switch(const ucontext_t *to);

/* The function of the coroutine has returned, and libc will go on with `link`: GoSwitchDestroy. From context.c. */
void gt_coroutine_end(const ucontext_t *link) __attribute__((visibility("hidden")));

/* The calling thread, which is `t` and in state RUN, may be on another stack than its G's: then finds out whose. Returns it. */
struct gt_thread *gt_coroutine_settle(struct gt_thread *t);

/* Whether it is on the stack of another G. */
bool gt_coroutine_is_elsewhere(const struct gt_thread *t);

#endif
