/* SPDX-License-Identifier: BSD-3-Clause */
#include "pause.h"

#include "advance.h"
#include "emit.h"
#include "fiber_switch.h"
#include "resume.h"
#include "status.h"
#include "wake.h"

bool gt_pause_enter(struct gt_thread *t)
{
	if (atomic_load_explicit(&t->seq, memory_order_relaxed) & 1)
		return false;
	gt_delay();
	gt_section_step(t);
	t->sp = gt_stack_pointer();
	if (gt_gate.fences)
		atomic_thread_fence(memory_order_seq_cst);
	atomic_signal_fence(memory_order_seq_cst);
	if (atomic_load_explicit(&gt_gate.gen, memory_order_acquire) == 0 && gt_pause_gen() != 0) {
		gt_delay();
		return true;
	}
	gt_section_step(t);
	return false;
}

void gt_pause_leave(struct gt_thread *t)
{
	gt_delay();
	gt_section_step(t);
	if (__builtin_expect(t->wants_flush, 0))
		gt_section_flush(t);
}

bool gt_pause_is_over(void)
{
	return atomic_load(&gt_gate.gen) != 0;
}

uint32_t gt_pause_gen(void)
{
	return atomic_load_explicit(&gt_gate.next, memory_order_relaxed);
}

void gt_pause_stop_proc(struct gt_thread *t)
{
	struct gt_proc *p = t->proc;

	if (!p)
		return;
	t->proc = NULL;
	gt_delay();
	gt_proc_stop(p, gt_pause_gen());
}

/* The slot that the thread had when its call began, and that thieves of the last recording may have taken. */
static bool regain(struct gt_thread *t, enum gt_proc_state to)
{
	uint64_t word = atomic_load_explicit(&t->proc->word, memory_order_acquire);

	gt_delay();
	return gt_proc_word_state(word) == GT_PROC_SYS && gt_proc_word_tid(word) == t->tid &&
	       atomic_compare_exchange_strong(&t->proc->word, &word, gt_proc_word(to, gt_pause_gen(), t->tid));
}

bool gt_pause_resume(struct gt_thread *t)
{
	uint32_t state = atomic_load_explicit(&t->state, memory_order_relaxed);
	uint64_t word = 0;

	if (gt_pause_is_over() || (state != GT_T_READY && state != GT_T_BLOCKED && state != GT_T_SYSCALL))
		return false;
	if (state == GT_T_BLOCKED)
		word = gt_wake_decide(t);
	if (!gt_pause_enter(t))
		return false;
	if (state != GT_T_SYSCALL || !t->proc)
		gt_section_closed(t); /* else its own section was */
	if (GT_RULE_HOLDS(8) && gt_wait_word_state(word) == GT_WAIT_UNBLOCKED)
		gt_wake_count(t, gt_wait_word_gen(word));
	if (state == GT_T_SYSCALL && t->proc && !regain(t, GT_PROC_RUN))
		t->proc = NULL;
	atomic_store_explicit(&t->state, GT_T_RUN, memory_order_relaxed);
	gt_pause_leave(t);
	return true;
}

bool gt_pause_end(struct gt_thread *t)
{
	if (!gt_pause_enter(t))
		return false;
	if (atomic_load_explicit(&t->state, memory_order_relaxed) == GT_T_RUN)
		gt_pause_stop_proc(t);
	else if (t->proc)
		regain(t, GT_PROC_IDLE);
	t->proc = NULL;
	gt_fiber_forget(t);
	atomic_store_explicit(&t->state, GT_T_EXITED, memory_order_relaxed);
	gt_section_step(t);
	return true;
}

/* When there is none at all, which takes thousands of slots lost to signal handlers that were left by longjmp(). */
static struct gt_proc *no_proc(void)
{
	static struct gt_proc none;

	gt_advance_break();
	return &none;
}

/* An idle slot is taken inside the section here, so rule 2 is for it, too. */
static struct gt_proc *take_proc(struct gt_section *s)
{
	uint64_t now = 0;
	uint32_t victim;
	bool newer;
	struct gt_proc *p = s->t->kept ? gt_proc_kept(s->t->kept, s->t->tid) : NULL;

	if (p)
		return p;
	p = gt_proc_claim_old(s->t->last_proc, s->gen, s->t->tid, &now);
	if (p) {
		gt_section_time(s, now);
		return p;
	}
	p = gt_proc_steal(s->gen, s->t->tid, &victim, &newer, &now);
	if (p) {
		gt_section_time(s, now);
		gt_status_proc(s, p, GT_P_SyscallAbandoned);
		gt_emit_ProcSteal(s, (gt_p_t){p->id}, gt_next_pseq(p), (gt_m_t){victim});
		return p;
	}
	p = gt_proc_grow();
	return p ? p : no_proc();
}

struct gt_proc *gt_pause_start_proc(struct gt_section *s)
{
	struct gt_proc *p = take_proc(s);

	gt_resume_start_proc(s, p);
	return p;
}
