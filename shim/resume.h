/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How a thread gets (back) to running: it takes a slot and writes what happened to it meanwhile.
 *
 * A thread that cannot write (no buffer, not recording) stays in its state; its next operation tries again.
 */
#ifndef GT_RESUME_H
#define GT_RESUME_H

#include "status.h"

/*
 * How long a system call lasts before its whole stack is taken, in ns; 0: taken when it begins. And before there is anything
 * to be done at its end: for that, or a trigger. Constant while LIVE.
 */
extern uint64_t gt_syscall_stacks, gt_syscall_long;

/* The rest of gt_resume_ready(). */
struct gt_thread *gt_resume_unready(void);

/*
 * The calling thread's record when it may write an operation now, i.e. is in state RUN; NULL otherwise. Brings
 * a thread that was never seen into the trace, closes what an earlier operation left open, and notices that the thread
 * is on the stack of another coroutine. Every operation starts with this.
 */
static inline struct gt_thread *gt_resume_ready(void)
{
	struct gt_thread *t = gt_self;

	if (__builtin_expect(t && atomic_load_explicit(&t->state, memory_order_relaxed) == GT_T_RUN &&
				     gt_stack_pointer() - t->stack_lo < t->stack_len,
			     1))
		return t;
	return gt_resume_unready();
}

/*
 * A section of the calling thread where everything is as it mostly is: see gt_section_enter_plain(). It is on the stack that we know and
 * in this state. False: nothing has happened.
 */
static inline __attribute__((always_inline)) bool gt_resume_enter_plain(struct gt_section *s,
									enum gt_thread_state state, bool timed)
{
	struct gt_thread *t = gt_self;

	if (__builtin_expect(!t || gt_stack_pointer() - t->stack_lo >= t->stack_len, 0) ||
	    !gt_section_enter_plain(s, t, timed))
		return false;
	if (__builtin_expect(atomic_load_explicit(&t->state, memory_order_relaxed) == state, 1))
		return true;
	gt_section_step(t);
	return false;
}

/*
 * Closes the open operation of `t` (state READY, BLOCKED or SYSCALL); true when it is in state RUN now. `result` as in
 * struct gt_op.
 */
bool gt_resume(struct gt_thread *t, int64_t result);

/*
 * Enters a section of a thread that has no slot, with one: ProcStart. False when that can't be written. For the writer, who
 * has no G; others resume.
 */
bool gt_resume_take_proc(struct gt_section *s, struct gt_thread *t);

/*
 * The same for one that has a G: an idle slot, else one out of a system call, else a new one. A slot whose last event
 * belongs to a generation newer than the section's is not taken: leave and enter again. Nothing is written of the slot yet.
 */
struct gt_proc *gt_resume_enter_with_proc(struct gt_section *s, struct gt_thread *t);

/* Writes ProcStart with a slot that is owned by the thread, and publishes its word; inside a section. */
static inline __attribute__((always_inline)) void gt_resume_start_proc(struct gt_section *s, struct gt_proc *p)
{
	struct gt_thread *t = s->t;

	gt_status_proc(s, p, GT_P_Idle);
	gt_emit_ProcStart(s, (gt_p_t){p->id}, gt_next_pseq(p));
	t->proc = t->last_proc = p;
	gt_delay();
	atomic_store_explicit(&p->word, gt_proc_word(GT_PROC_RUN, s->gen, t->tid), memory_order_release);
}

/* Writes GoStart: it runs on that slot. */
static inline __attribute__((always_inline)) void gt_resume_start_go(struct gt_section *s)
{
	struct gt_thread *t = s->t;

	gt_emit_GoStart(s, (gt_g_t){t->goid}, gt_next_gseq(t));
	if (!gt_status_procs_are_told(s) || gt_status_needs_name(s)) {
		struct gt_section copy = *s;

		gt_status_procs(&copy, (gt_stack_t){0});
		gt_status_name(&copy);
		*s = copy;
	}
	atomic_store_explicit(&t->state, GT_T_RUN, memory_order_relaxed);
}

/* Writes ProcStop and gives the slot up. The thread has one; inside a section, which is vouched for then. */
static inline __attribute__((always_inline)) void gt_resume_stop_proc(struct gt_section *s)
{
	struct gt_proc *p = s->t->proc;

	gt_sweep_break(s);
	gt_emit_ProcStop(s);
	s->t->proc = NULL;
	gt_section_vouch(s);
	gt_proc_stop(p, s->gen);
}

#endif
