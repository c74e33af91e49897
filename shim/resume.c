/* SPDX-License-Identifier: BSD-3-Clause */
#include "resume.h"

#include "adopt.h"
#include "coroutine.h"
#include "descriptors.h"
#include "late_stack.h"
#include "pause.h"
#include "ranges.h"
#include "stacks.h"
#include "trigger.h"
#include "wait.h"

/* How far below an open operation's frame a handler may be and still be recognised by what the frame holds. */
enum { FRAME_REACH = 256 << 10, STEAL_TRIES = 3 };

/* Steals a slot inside the section, and writes that. */
static struct gt_proc *steal(struct gt_section *s, bool *newer)
{
	uint64_t now = 0;
	uint32_t victim;
	struct gt_proc *p = gt_proc_steal(s->gen, s->t->tid, &victim, newer, &now);

	if (!p)
		return NULL;
	gt_section_time(s, now);
	gt_status_proc(s, p, GT_P_SyscallAbandoned);
	gt_emit_ProcSteal(s, (gt_p_t){p->id}, gt_next_pseq(p), (gt_m_t){victim});
	gt_section_vouch(s);
	return p;
}

/* The slot that is kept for it first. */
static struct gt_proc *claim(struct gt_thread *t)
{
	struct gt_proc *p = t->kept ? gt_proc_kept(t->kept, t->tid) : NULL;

	return p ? p : gt_proc_claim(t->last_proc, t->tid);
}

struct gt_proc *gt_resume_enter_with_proc(struct gt_section *s, struct gt_thread *t)
{
	if (atomic_load_explicit(&gt_gate.gen, memory_order_relaxed) == 0)
		return NULL;
	for (int tries = 0;; tries++) {
		struct gt_proc *p = NULL;
		bool newer = false;

		if (GT_RULE_HOLDS(1))
			p = claim(t);
		if (!gt_section_enter(s, t)) {
			if (p)
				gt_proc_unclaim(p);
			return NULL;
		}
		if (!GT_RULE_HOLDS(1)) {
			gt_delay();
			p = claim(t);
		}
		if (!p)
			p = steal(s, &newer);
		if (!p && !(newer && tries < STEAL_TRIES))
			p = gt_proc_grow();
		if (p)
			return p;
		gt_section_leave(s);
		if (!newer || tries >= STEAL_TRIES) {
			gt_drop(GT_DROP_THREADS);
			return NULL;
		}
	}
}

bool gt_resume_take_proc(struct gt_section *s, struct gt_thread *t)
{
	struct gt_proc *p = gt_resume_enter_with_proc(s, t);

	if (p)
		gt_resume_start_proc(s, p);
	return p != NULL;
}

uint64_t gt_syscall_stacks, gt_syscall_long = UINT64_MAX;

static bool is_long(const struct gt_section *s)
{
	return s->now - s->t->began >= gt_syscall_long;
}

static void write_result(struct gt_section *s, int64_t result)
{
	if (result != GT_NO_RESULT)
		gt_fact_SyscallResult(s, result);
}

/* What belongs to the event that ends a call. */
static void write_end_facts(struct gt_section *s, int64_t result, gt_stack_t stack)
{
	write_result(s, result);
	if (stack.v)
		gt_fact_SyscallStack(s, stack);
	if (is_long(s))
		gt_trigger_call_ends(s->t, s->now);
}

static __attribute__((noinline)) bool resume_ready(struct gt_thread *t)
{
	struct gt_section s;
	struct gt_proc *p = gt_resume_enter_with_proc(&s, t);

	if (!p)
		return false;
	gt_status_go(&s, t, GT_NONE, GT_G_Runnable);
	gt_resume_start_proc(&s, p);
	gt_resume_start_go(&s);
	gt_section_leave(&s);
	return true;
}

/* The slot is gone: stolen, or given up by the call itself. A descriptor on which that happens is not what we thought. */
static bool resume_blocked_syscall(struct gt_thread *t, struct gt_section *s, struct gt_proc *p, int64_t result)
{
	gt_stack_t stack = gt_late_stack(s);

	gt_descriptor_forget(t->fd);
	gt_status_go(s, t, t->tid, GT_G_Syscall);
	gt_resume_start_proc(s, p);
	gt_emit_GoSyscallEndBlocked(s);
	write_end_facts(s, result, stack);
	gt_resume_start_go(s);
	gt_section_leave(s);
	return true;
}

/* The end of a system call that kept its slot, when it is the first mention of the thread in its generation. */
static __attribute__((noinline)) void write_first_end(struct gt_section *s, int64_t result)
{
	gt_stack_t stack = gt_late_stack(s);

	gt_status_first_in_syscall(s);
	gt_emit_GoSyscallEnd(s);
	write_end_facts(s, result, stack);
	gt_status_procs(s, (gt_stack_t){0});
}

static __attribute__((noinline)) void write_long_end(struct gt_section *s, int64_t result)
{
	gt_stack_t stack = gt_late_stack(s);

	gt_emit_GoSyscallEnd(s);
	write_end_facts(s, result, stack);
}

static __attribute__((noinline)) bool resume_lost_syscall(struct gt_thread *t, int64_t result)
{
	struct gt_section s;
	struct gt_proc *p = gt_resume_enter_with_proc(&s, t);

	return p && resume_blocked_syscall(t, &s, p, result);
}

static bool resume_syscall(struct gt_thread *t, int64_t result)
{
	struct gt_proc *p = t->proc;
	struct gt_section s;
	uint64_t word;

	if (!p)
		return resume_lost_syscall(t, result);
	word = atomic_load_explicit(&p->word, memory_order_relaxed);
	if (!gt_section_enter(&s, t))
		return false;
	gt_delay();
	if (gt_proc_word_state(word) != GT_PROC_SYS || gt_proc_word_tid(word) != t->tid ||
	    !atomic_compare_exchange_strong(&p->word, &word, gt_proc_word(GT_PROC_RUN, s.gen, t->tid))) {
		t->proc = NULL;
		if (!GT_RULE_HOLDS(3)) {
			p = claim(t);
			p = p ? p : gt_proc_grow();
			if (p)
				return resume_blocked_syscall(t, &s, p, result);
		}
		gt_section_leave(&s); /* ordering rule 3: the thief's generation may be newer than ours */
		return resume_lost_syscall(t, result);
	}
	if (__builtin_expect(gt_status_is_first(&s) || is_long(&s), 0)) {
		struct gt_section copy = s;

		(gt_status_is_first(&s) ? write_first_end : write_long_end)(&copy, result);
		s = copy;
	} else {
		gt_emit_GoSyscallEnd(&s);
		write_result(&s, result);
	}
	atomic_store_explicit(&t->state, GT_T_RUN, memory_order_relaxed);
	gt_section_leave(&s);
	return true;
}

static bool resume(struct gt_thread *t, int64_t result)
{
	switch (atomic_load_explicit(&t->state, memory_order_relaxed)) {
	case GT_T_READY:
		return resume_ready(t);
	case GT_T_BLOCKED:
		return gt_wait_resume(t, result);
	case GT_T_SYSCALL:
		return resume_syscall(t, result);
	default:
		return false;
	}
}

/*
 * Whether a signal handler has interrupted gt_resume(). What happens before its section (a slot is claimed, who unblocked
 * us is decided) must not be done once more then. A handler that left it by a longjmp is no obstacle: the slot stays
 * claimed for nothing, and who unblocked us can be decided again.
 */
static bool is_resuming(struct gt_thread *t)
{
	if (t->resuming && t == gt_self && gt_section_is_left(t->resuming) && !gt_section_is_elsewhere(t->resuming))
		t->resuming = 0;
	return t->resuming != 0;
}

bool gt_resume(struct gt_thread *t, int64_t result)
{
	bool was_paused = atomic_load_explicit(&gt_gate.gen, memory_order_relaxed) == 0;
	bool done;

	if (is_resuming(t)) {
		gt_drop(GT_DROP_HANDLER);
		return false;
	}
	t->resuming = gt_stack_pointer();
	atomic_signal_fence(memory_order_seq_cst);
	done = resume(t, result) || gt_pause_resume(t) || (was_paused && resume(t, result));
	atomic_signal_fence(memory_order_seq_cst);
	t->resuming = 0;
	if (done)
		gt_sweep_again(t);
	return done;
}

/*
 * Whether the open operation's frame is still there, so that we are in a signal handler on top of it. A frame
 * above us that still holds the operation is. A wrong answer only blurs the picture: the trace stays valid.
 */
static bool is_in_handler(const struct gt_thread *t)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0), op = (uintptr_t)t->op;

	if (op == 0 || here >= op)
		return false;
	return op - here > FRAME_REACH || (t->op->thread == t && t->op->serial == t->serial);
}

static struct gt_thread *settle(struct gt_thread *t)
{
	if (atomic_load_explicit(&t->seq, memory_order_relaxed) & 1) {
		gt_section_interrupted(t);
		return NULL;
	}
	if (is_resuming(t) || (is_in_handler(t) && !gt_coroutine_is_elsewhere(t))) {
		gt_drop(GT_DROP_NESTED);
		return NULL;
	}
	t->op = NULL;
	t->pc = NULL; /* the frames are gone */
	return gt_resume(t, GT_NO_RESULT) ? gt_coroutine_settle(t) : NULL;
}

struct gt_thread *gt_resume_unready(void)
{
	struct gt_thread *t = gt_self ? gt_self : gt_adopt();

	if (!t)
		return NULL;
	switch (atomic_load_explicit(&t->state, memory_order_relaxed)) {
	case GT_T_RUN:
		return gt_coroutine_settle(t);
	case GT_T_FREE: /* of the process that forked this one */
		gt_self = NULL;
		return gt_resume_unready();
	case GT_T_EXITED:
		return NULL;
	default:
		return settle(t);
	}
}
