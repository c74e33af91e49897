/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Coroutines as the wrappers tell of them, and as they are noticed when nobody tells. The contexts are real: what is said
 * is then done.
 */
#include "shim/coroutine.h"
#include "shim/context.h"
#include "shim/fiber_switch.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <setjmp.h>

enum { STACK = 64 << 10 };

static ucontext_t outside, inside;
static char stack[2][STACK] __attribute__((aligned(16)));
static jmp_buf back, forth;

/* As the wrappers do. */
static void make(ucontext_t *context, char *where, ucontext_t *link, void (*body)(void))
{
	getcontext(context);
	context->uc_stack.ss_sp = where;
	context->uc_stack.ss_size = STACK;
	context->uc_link = link;
	gt_coroutine_make(context, (const void *)body, GT_REC_PC);
	makecontext(context, body, 0);
}

static void swap(ucontext_t *from, ucontext_t *to)
{
	gt_coroutine_switch(to);
	swapcontext(from, to);
}

static void begin(void)
{
	gt_context_start(makecontext);
	gt_rec_start(NULL);
	gt_fiber_begin(gt_self, (uintptr_t)__builtin_frame_address(0) + 4096); /* a little above the test's own frame */
}

/* The G in which each yield was, in order. */
static bool yields(const struct gt_rec_trace *t, const int64_t *g, size_t n)
{
	const struct gt_rec_event *ev = gt_rec_find(t, 0, GT_EV_GoStop, GT_REC_ANY);

	for (size_t i = 0; i < n; i++, ev = gt_rec_after(t, ev, GT_EV_GoStop, GT_REC_ANY)) {
		if (!ev || ev->g != g[i])
			return false;
	}
	return ev == NULL;
}

static void yield_twice(void)
{
	gt_yield(GT_REC_PC);
	swap(&inside, &outside);
	gt_yield(GT_REC_PC);
}

Test(coroutine, runs_and_returns_into_its_link, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	const struct gt_rec_event *ev;

	begin();
	make(&inside, stack[0], &outside, yield_twice);
	swap(&outside, &inside);
	gt_yield(GT_REC_PC);
	swap(&outside, &inside);
	gt_yield(GT_REC_PC);
	t = gt_rec_finish();
	cr_assert(yields(t, (int64_t[]){2, 1, 2, 1}, 4));
	ev = gt_rec_find(t, 0, GT_EV_GoSwitchDestroy, 1);
	cr_assert(ev && ev->g == 2);
	cr_assert_eq(gt_rec_find(t, 0, GT_EV_GoCreateBlocked, 2)->pc, (uintptr_t)GT_REC_PC);
}

/* Contexts that lead into the stack that is in use, and those of nobody, are no switch. */
Test(coroutine, jumps_are_no_switches, .fini = gt_rec_clean)
{
	static ucontext_t here, nowhere;
	const struct gt_rec_trace *t;

	begin();
	make(&inside, stack[0], &outside, yield_twice);
	getcontext(&here);
	gt_coroutine_switch(&here);
	gt_yield(GT_REC_PC);
	gt_coroutine_switch(&nowhere);
	gt_coroutine_switch(NULL);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoSwitch, GT_REC_ANY), 0);
}

static void jump_to_and_fro(void)
{
	if (!_setjmp(forth))
		swap(&inside, &outside);
	for (;;) {
		gt_yield(GT_REC_PC);
		if (!_setjmp(forth))
			_longjmp(back, 1);
	}
}

Test(coroutine, jumps_between_stacks_are_noticed, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	begin();
	make(&inside, stack[0], NULL, jump_to_and_fro);
	swap(&outside, &inside);
	for (volatile int i = 0; i < 2; i++) {
		if (!_setjmp(back))
			_longjmp(forth, 1);
		gt_yield(GT_REC_PC);
	}
	t = gt_rec_finish();
	cr_assert(yields(t, (int64_t[]){2, 1, 2, 1}, 4));
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoSwitch, 2), 3);
}

/* What is left on a stack of its own is over when another one begins there. */
Test(coroutine, a_stack_is_used_again, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	begin();
	make(&inside, stack[0], &outside, yield_twice);
	swap(&outside, &inside);
	make(&inside, stack[0], &outside, yield_twice);
	swap(&outside, &inside);
	gt_yield(GT_REC_PC);
	t = gt_rec_finish();
	cr_assert(yields(t, (int64_t[]){2, 3, 1}, 3));
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoSwitchDestroy, 1), 1);
}

/* Its memory may be anybody's by then. */
Test(coroutine, nobody_goes_on_whose_first_frame_is_gone, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	static ucontext_t other;

	begin();
	make(&inside, stack[0], &outside, yield_twice);
	swap(&outside, &inside);
	memset(stack[0], 0, STACK);
	getcontext(&other);
	other.uc_stack.ss_sp = stack[0];
	other.uc_stack.ss_size = STACK / 2;
	other.uc_link = &outside;
	makecontext(&other, yield_twice, 0);
	swapcontext(&outside, &other);
	gt_yield(GT_REC_PC);
	t = gt_rec_finish();
	cr_assert(yields(t, (int64_t[]){2, 1, 1}, 3));
}

static void make_inner(void)
{
	char inner[STACK / 4] __attribute__((aligned(16)));
	static ucontext_t context;

	getcontext(&context);
	context.uc_stack.ss_sp = inner;
	context.uc_stack.ss_size = sizeof(inner);
	context.uc_link = &inside;
	gt_coroutine_make(&context, NULL, GT_REC_PC);
	makecontext(&context, yield_twice, 0);
	gt_coroutine_switch(&context);
	swapcontext(&inside, &context);
	gt_yield(GT_REC_PC);
}

/* The inner one leaves by way of inside, which is the outer's. */
Test(coroutine, a_stack_in_another, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	begin();
	make(&inside, stack[0], &outside, make_inner);
	swap(&outside, &inside);
	gt_yield(GT_REC_PC);
	t = gt_rec_finish();
	cr_assert(yields(t, (int64_t[]){3, 1}, 2));
	cr_assert_eq(gt_rec_find(t, 0, GT_EV_GoSwitch, 3)->g, 2);
}
