/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How a thread gets (back) to running: it takes a slot and writes what happened to it meanwhile.
 *
 * A thread that cannot write (no buffer, not recording) stays in its state; its next operation tries again.
 */
#ifndef GT_RESUME_H
#define GT_RESUME_H

#include "section.h"

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
									enum gt_thread_state state)
{
	struct gt_thread *t = gt_self;

	if (__builtin_expect(!t || gt_stack_pointer() - t->stack_lo >= t->stack_len, 0) ||
	    !gt_section_enter_plain(s, t))
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
/* Writes ProcStart with a slot that is owned by the thread, and publishes its word; inside a section. */
void gt_resume_start_proc(struct gt_section *s, struct gt_proc *p);

/* Writes ProcStop and gives the slot up. The thread has one; inside a section. */
void gt_resume_stop_proc(struct gt_section *s);

#endif
