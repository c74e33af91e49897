/* SPDX-License-Identifier: BSD-3-Clause */
#include "coroutine.h"

#include "context.h"
#include "fiber_stack.h"
#include "fiber_switch.h"
#include "os.h"
#include "resume.h"

enum {
	BLOCK = 16 << 10, /* what a thread's stack is found to be larger by at once */
	REACH = 64 << 10, /* of a stack whose end nobody knows, above what it was left with */
	DEAD_MOST = 64, /* coroutines that one stack may overwrite */
};

static bool is_running(const struct gt_thread *t, gt_fiber_ref ref)
{
	return t->fiber && gt_fiber_ref_of(t->fiber) == ref;
}

/* Whether the address is in what is in use of a stack that a thread began with, and has left. */
static bool is_parked_home(gt_fiber_ref ref, uintptr_t at)
{
	uint64_t word;
	struct gt_fiber *f = gt_fiber_of(ref, &word);
	uintptr_t hi;

	if (!f || gt_fiber_word_state(word) != GT_FIBER_PARKED)
		return false;
	hi = atomic_load_explicit(&f->hi, memory_order_relaxed);
	return at >= f->sp && at < (hi ? hi : f->sp + REACH);
}

/* The thread that began there may be any; such programs are rare. */
static gt_fiber_ref home_at(const struct gt_thread *t, uintptr_t at)
{
	uint32_t n = gt_thread_count();

	if (is_parked_home(t->home, at))
		return t->home;
	for (uint32_t i = 1; i <= n; i++) {
		gt_fiber_ref ref = *(volatile gt_fiber_ref *)&gt_thread_at(i)->home;

		if (ref && is_parked_home(ref, at))
			return ref;
	}
	return 0;
}

static bool in_own_stack(const struct gt_thread *t, uintptr_t at)
{
	return t->stack_hi && at - t->stack_lo < t->stack_hi - t->stack_lo;
}

/* The fiber whose stack the address is in; 0: it is that of the G that runs, or nobody's. */
static gt_fiber_ref other_at(const struct gt_thread *t, uintptr_t at)
{
	gt_fiber_ref ref = gt_fiber_stack_at(at);

	if (ref)
		return is_running(t, ref) ? 0 : ref;
	return in_own_stack(t, at) ? 0 : home_at(t, at);
}

/* The same for where the thread is already: a coroutine that can go on still has its first frame. */
static gt_fiber_ref other_here(const struct gt_thread *t, uintptr_t sp)
{
	gt_fiber_ref ref = other_at(t, sp);
	uint64_t word;
	struct gt_fiber *f = ref ? gt_fiber_of(ref, &word) : NULL;

	if (!f || gt_fiber_word_state(word) != GT_FIBER_PARKED)
		return 0;
	if (!f->is_home && !gt_context_is_intact(f->base))
		return 0;
	return ref;
}

/* Leaves a mark on a context that runs for the first time. */
static void prepare(gt_fiber_ref ref, uintptr_t sp)
{
	uint64_t word;
	struct gt_fiber *f = gt_fiber_of(ref, &word);

	if (f && !f->is_home && f->base == 0 && gt_context_lead(sp))
		f->base = sp;
}

/* A fiber whose stack is somebody else's by now. */
static void bury(struct gt_thread *t, gt_fiber_ref ref)
{
	uint64_t word;
	struct gt_fiber *f = gt_fiber_of(ref, &word);

	if (!f || gt_fiber_end(t, ref))
		return;
	gt_fiber_stack_remove(f);
	if (gt_fiber_word_state(word) == GT_FIBER_RUNNING)
		f->is_over = true;
}

void gt_coroutine_make(const ucontext_t *context, const void *start, const void *pc)
{
	uintptr_t lo = (uintptr_t)context->uc_stack.ss_sp;
	struct gt_fiber_made made = {.lo = lo, .hi = lo + context->uc_stack.ss_size, .start = start};
	struct gt_thread *t = gt_resume_ready();
	gt_fiber_ref dead;

	if (!t)
		return;
	for (int i = 0; i < DEAD_MOST && (dead = gt_fiber_stack_under(made.lo, made.hi)); i++) {
		if (is_running(t, dead))
			return; /* a coroutine that makes itself anew goes on as it is */
		bury(t, dead);
	}
	gt_fiber_make(t, &made, pc);
}

void gt_coroutine_switch(const ucontext_t *to)
{
	struct gt_thread *t;
	gt_fiber_ref ref;

	if (!gt_fiber_any() || (uintptr_t)to < BLOCK)
		return;
	t = gt_resume_ready();
	ref = t ? other_at(t, gt_context_sp(to)) : 0;
	if (!ref)
		return;
	prepare(ref, gt_context_sp(to));
	gt_fiber_run(t, ref, false);
}

/* Where it goes on may be unknown; then the G ends as soon as that is known. */
void gt_coroutine_end(const ucontext_t *link)
{
	struct gt_thread *t = gt_resume_ready();
	gt_fiber_ref ref;

	if (!t || gt_fiber_is_home(t))
		return;
	ref = link ? other_at(t, gt_context_sp(link)) : 0;
	if (ref) {
		prepare(ref, gt_context_sp(link));
		if (gt_fiber_run(t, ref, true))
			return;
	}
	gt_fiber_stack_remove(t->fiber);
	t->fiber->is_over = true;
}

bool gt_coroutine_is_elsewhere(const struct gt_thread *t)
{
	uintptr_t sp = gt_stack_pointer();

	return gt_fiber_any() && !in_own_stack(t, sp) && other_here(t, sp) != 0;
}

/* A thread's own stack, whose size nobody knows, is in use further down than ever. */
static bool has_grown(struct gt_thread *t, uintptr_t sp)
{
	if (!gt_fiber_is_home(t) || sp >= t->stack_hi || gt_os_on_signal_stack())
		return false;
	t->stack_lo = sp & ~(uintptr_t)(BLOCK - 1);
	return true;
}

struct gt_thread *gt_coroutine_settle(struct gt_thread *t)
{
	uintptr_t sp = gt_stack_pointer();
	gt_fiber_ref ref = 0;

	if (sp - t->stack_lo < t->stack_len || atomic_load_explicit(&t->seq, memory_order_relaxed) & 1)
		return t;
	if (!in_own_stack(t, sp) && gt_fiber_any())
		ref = other_here(t, sp);
	if (ref && gt_fiber_run(t, ref, false))
		return t;
	if (in_own_stack(t, sp) || has_grown(t, sp))
		gt_fiber_stands(t);
	else
		gt_fiber_strays(t);
	return t;
}
