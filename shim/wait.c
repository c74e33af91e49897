/* SPDX-License-Identifier: BSD-3-Clause */
#include "wait.h"

#include "async.h"
#include "collector.h"
#include "op.h"
#include "pause.h"
#include "resume.h"
#include "stacks.h"
#include "trigger.h"
#include "wake.h"

/* Such waiters are in the table, and learn there who let go. */
static inline bool is_by_address(uint8_t primitive)
{
	return gt_primitive_object[primitive] == GT_OBJECT_MEMORY;
}

/*
 * The thread waits from now on. For memory it may be found and claimed; for a number nobody looks, and the end of the wait is
 * the thread's alone.
 */
static inline __attribute__((always_inline)) void
set_blocked(struct gt_thread *t, uint32_t gen, uint64_t now, struct gt_waiting what, const void *object, const void *pc)
{
	bool is_found = is_by_address(what.primitive);

	t->began = t->blocked = now;
	t->pc = pc;
	t->number = what.number;
	t->primitive = what.primitive;
	t->released = is_found ? gt_waiters_released(object) : 0;
	atomic_store_explicit(&t->object, object, memory_order_relaxed);
	atomic_store_explicit(&t->state, GT_T_BLOCKED, memory_order_relaxed);
	atomic_store_explicit(&t->wait, gt_wait_word(gen, t->serial, is_found ? GT_WAIT_WAITING : GT_WAIT_NONE),
			      memory_order_release);
	t->place = is_found ? gt_waiters_enter(object, t->index) : GT_PLACE_NONE;
}

static inline __attribute__((always_inline)) void write_wait(struct gt_section *s, struct gt_op *op,
							     struct gt_waiting what, const void *object, const void *pc)
{
	struct gt_thread *t = s->t;

	gt_op_open(t, op);
	t->stack = gt_stack_here(&t->memo, s->gen, pc);
	t->stack_gen = s->gen;
	gt_emit_GoBlock(s, gt_block_string(gt_collector_reason(t, what, pc)), t->stack);
	gt_fact_Wait(s, what.primitive, object);
	if (what.number != GT_NO_CALL)
		gt_fact_Syscall(s, what.number, gt_op_descriptor(what, object));
	gt_resume_stop_proc(s);
	set_blocked(t, s->gen, s->now, what, object, pc);
	gt_section_leave_vouched(s);
}

/* The same while nobody records. A recording that begins in between gets the operation after all. */
static void wait_quietly(struct gt_thread *t, struct gt_op *op, struct gt_waiting what, const void *object,
			 const void *pc)
{
	if (!gt_pause_enter(t)) {
		if (gt_pause_is_over())
			gt_wait_begin(op, what, object, pc);
		return;
	}
	gt_op_open(t, op);
	gt_pause_stop_proc(t);
	set_blocked(t, gt_pause_gen(), 0, what, object, pc);
	gt_pause_leave(t);
}

static __attribute__((noinline)) void begin_wait(struct gt_op *op, struct gt_waiting what, const void *object,
						 const void *pc)
{
	struct gt_thread *t;
	struct gt_section s;

	GT_UNLESS_ASYNC(gt_wait_begin(op, what, object, pc))
	t = gt_resume_ready();
	op->thread = NULL;
	if (!t)
		return;
	if (!gt_section_enter_running(&s, t)) {
		if (s.gen == 0)
			wait_quietly(t, op, what, object, pc);
		return;
	}
	gt_status_running(&s);
	write_wait(&s, op, what, object, pc);
}

void gt_wait_begin(struct gt_op *op, struct gt_waiting what, const void *object, const void *pc)
{
	struct gt_section s;

	if (gt_resume_enter_plain(&s, GT_T_RUN, true))
		write_wait(&s, op, what, object, pc);
	else
		begin_wait(op, what, object, pc);
}

/* Where the thread waits: its frames are still there, but each generation has a table of its own. */
static gt_stack_t stack_of_wait(struct gt_section *s)
{
	struct gt_thread *t = s->t;

	if (t->stack_gen == s->gen)
		return t->stack;
	return t->pc ? gt_stack_here(&t->memo, s->gen, t->pc) : (gt_stack_t){0};
}

/* Nobody else has written it. */
static inline void write_own_unblock(struct gt_section *s, gt_stack_t stack)
{
	struct gt_thread *t = s->t;
	const void *object = atomic_load_explicit(&t->object, memory_order_relaxed);
	uint64_t releaser = is_by_address(t->primitive) ? gt_waiters_releaser(object, t->released) : 0;

	gt_emit_GoUnblock(s, (gt_g_t){t->goid}, gt_next_gseq(t), stack);
	if (releaser)
		gt_fact_Waker(s, (gt_g_t){releaser});
}

static void write_unblock(struct gt_section *s, uint64_t word)
{
	struct gt_thread *t = s->t;

	if (gt_wait_word_state(word) == GT_WAIT_UNBLOCKED) {
		gt_wake_count(t, gt_wait_word_gen(word));
		gt_status_go(s, t, GT_NONE, GT_G_Runnable);
		return;
	}
	if (gt_status_is_first(s)) {
		gt_status_go(s, t, GT_NONE, GT_G_Waiting);
		gt_status_wait(s, t->primitive, atomic_load_explicit(&t->object, memory_order_relaxed));
	}
	write_own_unblock(s, stack_of_wait(s));
}

/* It has a slot and runs again. */
static inline __attribute__((always_inline)) void write_start(struct gt_section *s, struct gt_proc *p, int64_t result)
{
	struct gt_thread *t = s->t;

	gt_resume_start_proc(s, p);
	gt_resume_start_go(s);
	if (t->number != GT_NO_CALL && result != GT_NO_RESULT)
		gt_fact_SyscallResult(s, result);
	else if (t->number == GT_NO_CALL && result > 0)
		gt_fact_SleepTime(s, (uint64_t)result);
	if (__builtin_expect(s->now - t->began > gt_trigger_limits.wait, 0))
		gt_trigger_wait_ends(t, s->now);
	gt_section_leave(s);
}

bool gt_wait_resume(struct gt_thread *t, int64_t result)
{
	struct gt_section s;
	struct gt_proc *p;
	uint64_t word = 0;

	if (GT_RULE_HOLDS(4))
		word = gt_wake_decide(t);
	p = gt_resume_enter_with_proc(&s, t);
	if (!p)
		return false;
	if (!GT_RULE_HOLDS(4))
		word = gt_wake_decide(t);
	write_unblock(&s, word);
	write_start(&s, p, result);
	return true;
}

/* With the slot that it had before. False: nothing is written, and the slot is not claimed. */
static inline __attribute__((always_inline)) bool end_in(struct gt_thread *t, struct gt_proc *p, uint64_t word,
							 int64_t result)
{
	struct gt_section s;

	if (!gt_resume_enter_plain(&s, GT_T_BLOCKED, true))
		return false;
	if (t->stack_gen != s.gen) {
		gt_section_step(t);
		return false;
	}
	if (gt_wait_word_state(word) == GT_WAIT_UNBLOCKED)
		gt_wake_count(t, gt_wait_word_gen(word));
	else
		write_own_unblock(&s, t->stack);
	write_start(&s, p, result);
	return true;
}

bool gt_wait_end(struct gt_thread *t, int64_t result)
{
	struct gt_proc *p;
	uint64_t word;
	bool done;

	if (t->resuming || t->kept || !GT_RULE_HOLDS(1) || !GT_RULE_HOLDS(4))
		return false;
	t->resuming = gt_stack_pointer();
	atomic_signal_fence(memory_order_seq_cst);
	word = gt_wake_decide(t);
	p = gt_proc_claim(t->last_proc, t->tid);
	done = p && end_in(t, p, word, result);
	if (p && !done)
		gt_proc_unclaim(p);
	atomic_signal_fence(memory_order_seq_cst);
	t->resuming = 0;
	return done;
}
