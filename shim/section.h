/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The section: between enter and leave a thread writes events of one generation, and the switch waits for it.
 *
 * The thread's sequence word goes odd with a plain store and the generation is loaded after it; only a compiler
 * barrier stands between. The switcher pays: it stores the new generation, lets membarrier(2) order every
 * running thread, then waits until each sequence word is even or has changed. A thread that loaded the old
 * generation made its word odd before that barrier, so the switcher sees it. Where membarrier is missing, a
 * full fence stands here instead (gt_gate.fences).
 *
 * Everything in a section is bounded and lock-free: no system call, no libc, no waiting.
 */
#ifndef GT_SECTION_H
#define GT_SECTION_H

#include "clock.h"
#include "format/facts.h"
#include "format/varint.h"
#include "gate.h"
#include "thread.h"
#include "torture.h"

/*
 * Events of one section: the thread's buffer, opened. Lives in registers as long as no function knows its address: what
 * is rarely called, and not inlined, is given a copy.
 */
struct gt_section {
	struct gt_thread *t;
	struct gt_buf *buf;
	uint8_t *pos; /* next event */
	uint8_t *top; /* lowest fact */
	uint64_t now; /* of all events of this section */
	uint64_t last;
	uint32_t gen;
	uint32_t events;
};

/* Of a section that could not be entered. */
#define GT_GEN_UNKNOWN UINT32_MAX

/* What one operation may write, with room to spare: status events, seven events, four facts. */
enum { GT_OP_ROOM = 512 + GT_BUF_GAP };

/* Gives the section a buffer with GT_OP_ROOM, pushing a full one; false (and counted) when there is none. */
bool gt_section_refill(struct gt_section *s);

/* What is done where nothing is recorded, with the sequence word odd: in a gap the operation is counted. */
void gt_section_closed(struct gt_thread *t);

/*
 * What is done when a thread finds itself in a section: a signal handler interrupted it, and its operation is dropped;
 * or a handler has left the section by a longjmp or for another coroutine, and nothing can be recorded any more.
 */
void gt_section_interrupted(struct gt_thread *t);

/* Whether what ran with this stack pointer is gone: we are above it, and not on a stack for signals. */
bool gt_section_is_left(uintptr_t sp);

/*
 * Whether what ran with this stack pointer is a coroutine, or was none, and we are another: a signal handler has switched,
 * as a scheduler that preempts does, and may switch back. Nobody can say when, nor in which thread.
 */
bool gt_section_is_elsewhere(uintptr_t sp);

/* Whether we are a signal handler that has interrupted a section of its thread: who waits for that must not be waited for. */
static inline bool gt_section_is_interrupted(void)
{
	return gt_self && atomic_load_explicit(&gt_self->seq, memory_order_relaxed) & 1;
}

static inline uintptr_t gt_stack_pointer(void)
{
	uintptr_t sp;

	__asm__ volatile("mov %%rsp, %0" : "=r"(sp));
	return sp;
}

/*
 * Waits until the thread was outside a section once since the caller has changed the generation word. A thread that died
 * inside one is helped out. False when an impatient caller has run out of time; `deadline` 0: never, and the caller is the
 * writer thread. Switcher only.
 */
bool gt_section_wait_outside(struct gt_thread *t, uint64_t deadline);

/* What is done outside a section when a buffer filled up and there is no writer thread, or when the writer must not sleep on. */
void gt_section_flush(struct gt_thread *t);

/*
 * Into a section or out of it: what was written before is seen by whoever sees the new word. One instruction, so that a signal
 * handler comes before it or after it.
 */
static inline void gt_section_step(struct gt_thread *t)
{
	__asm__ volatile("incl %0" : "+m"(t->seq) : : "memory", "cc");
}

/* Goes on where the buffer ends. */
static inline __attribute__((always_inline)) void gt_section_load(struct gt_section *s, struct gt_buf *b)
{
	s->pos = b->data + b->used;
	s->top = (uint8_t *)b + b->top;
	s->events = b->events;
	s->last = b->last;
}

static inline __attribute__((always_inline)) bool gt_section_open(struct gt_section *s)
{
	struct gt_buf *b = atomic_load_explicit(&s->t->buf[s->gen & 1], memory_order_relaxed);

	s->buf = b;
	if (b)
		gt_section_load(s, b);
	if (__builtin_expect(!b || s->top - s->pos < GT_OP_ROOM, 0)) {
		struct gt_section copy = *s;
		bool done = gt_section_refill(&copy);

		*s = copy;
		if (!done)
			return false;
	}
	if (s->now < s->last)
		s->now = s->last;
	return true;
}

/* Makes what was written since visible to the switcher, and to whoever repairs a live file. */
static inline void gt_section_commit(struct gt_section *s)
{
	struct gt_buf *b = s->buf;

	b->events = s->events;
	b->last = s->last;
	b->top = (uint32_t)(s->top - (uint8_t *)b);
	__atomic_store_n(&b->used, (uint32_t)(s->pos - b->data), __ATOMIC_RELEASE);
}

/*
 * Enters a section of `t`, which is the calling thread's record (or one whose thread is gone). False when
 * nothing may be written: inside a handler that interrupted a section, no buffer, or not recording; gen is 0 then, and
 * only then.
 */
static inline __attribute__((always_inline)) bool gt_section_enter(struct gt_section *s, struct gt_thread *t)
{
	if (__builtin_expect(atomic_load_explicit(&t->seq, memory_order_relaxed) & 1, 0)) {
		gt_section_interrupted(t);
		s->gen = GT_GEN_UNKNOWN;
		return false;
	}
	gt_delay();
	gt_section_step(t);
	t->sp = gt_stack_pointer();
	if (__builtin_expect(gt_gate.fences, 0))
		atomic_thread_fence(memory_order_seq_cst);
	s->t = t;
	s->gen = atomic_load_explicit(&gt_gate.gen, memory_order_acquire);
	gt_delay();
	if (__builtin_expect(s->gen != 0, 1)) {
		s->now = gt_clock_now(s->gen);
		if (gt_section_open(s))
			return true;
	} else {
		gt_section_closed(t);
	}
	gt_section_step(t);
	if (t->wants_flush)
		gt_section_flush(t);
	return false;
}

/*
 * The same for a thread that the generation knows, has room, and owes nothing: a few instructions and no call. False when it is not as
 * plain as that; nothing has happened then, and gt_section_enter() decides. Unless `timed` the caller reads the clock.
 */
static inline __attribute__((always_inline)) bool gt_section_enter_plain(struct gt_section *s, struct gt_thread *t,
									 bool timed)
{
	struct gt_buf *b;

	if (__builtin_expect(atomic_load_explicit(&t->seq, memory_order_relaxed) & 1 || gt_gate.fences, 0))
		return false;
	gt_delay();
	gt_section_step(t);
	t->sp = gt_stack_pointer();
	s->t = t;
	s->gen = atomic_load_explicit(&gt_gate.gen, memory_order_acquire);
	gt_delay();
	s->buf = b = atomic_load_explicit(&t->buf[s->gen & 1], memory_order_relaxed);
	if (__builtin_expect(!s->gen || !b || t->traced[s->gen & 1] != s->gen || t->ranges || t->wants_flush, 0))
		goto not_plain;
	gt_section_load(s, b);
	if (__builtin_expect(s->top - s->pos < GT_OP_ROOM, 0))
		goto not_plain;
	s->now = timed ? gt_clock_now(s->gen) : 0;
	if (s->now < s->last)
		s->now = s->last;
	return true;
not_plain:
	gt_section_step(t);
	return false;
}

/*
 * Commits, since a resource is about to be handed over: what the next owner writes must not outlive what it goes on from, should the
 * process be killed in between. Ordering rule 10.
 */
static inline void gt_section_vouch(struct gt_section *s)
{
	if (GT_RULE_HOLDS(10))
		gt_section_commit(s);
	gt_delay();
}

/* Leaves where nothing was written since that. */
static inline void gt_section_leave_vouched(struct gt_section *s)
{
	gt_delay();
	if (!GT_RULE_HOLDS(10))
		gt_section_commit(s);
	gt_section_step(s->t);
	if (__builtin_expect(s->t->wants_flush, 0))
		gt_section_flush(s->t);
}

static inline void gt_section_leave(struct gt_section *s)
{
	gt_section_commit(s);
	gt_section_leave_vouched(s);
}

/*
 * The same for what a running thread writes. That it runs was seen before; but a signal handler that switched coroutines
 * then may have come back here out of a call that another one has begun: that counts as interrupted.
 */
static inline __attribute__((always_inline)) bool gt_section_enter_running(struct gt_section *s, struct gt_thread *t)
{
	if (!gt_section_enter(s, t))
		return false;
	if (__builtin_expect(atomic_load_explicit(&t->state, memory_order_relaxed) == GT_T_RUN, 1))
		return true;
	gt_section_leave(s);
	gt_drop(GT_DROP_HANDLER);
	s->gen = GT_GEN_UNKNOWN;
	return false;
}

/*
 * Takes a later time for the events that follow. An event must be later than what it depends on and earlier than
 * what depends on it: Go's reader may fail where two such events share a time. So whoever takes a resource over
 * inside a section reads the clock between seeing the resource and taking it: gt_clock_after(), or the clock, but not before that
 * event, where its time is known.
 */
static inline void gt_section_time(struct gt_section *s, uint64_t now)
{
	if (now > s->now)
		s->now = now;
}

/* For loops that write more than one operation: makes room for another. */
static inline bool gt_section_room(struct gt_section *s)
{
	gt_section_commit(s);
	return gt_section_open(s);
}

#endif
