/* SPDX-License-Identifier: BSD-3-Clause */
#include "fiber_switch.h"

#include "burial.h"
#include "fiber_stack.h"
#include "notes.h"
#include "pause.h"
#include "ranges.h"
#include "stacks.h"
#include "status.h"
#include "texts.h"

enum { TRIES = 4, FIRST_BLOCK = 16 << 10, OF_G = GT_RANGE_STW | GT_RANGE_ASSIST };

static void set_stack(struct gt_thread *t, uintptr_t lo, uintptr_t hi)
{
	t->stack_lo = lo;
	t->stack_hi = hi;
	t->stack_len = hi ? hi - lo : UINTPTR_MAX;
}

void gt_fiber_begin(struct gt_thread *t, uintptr_t hi)
{
	set_stack(t, hi ? (hi - 1) & ~(uintptr_t)(FIRST_BLOCK - 1) : 0, hi);
}

bool gt_fiber_is_home(const struct gt_thread *t)
{
	return !t->fiber || t->fiber->is_home;
}

void gt_fiber_stands(struct gt_thread *t)
{
	if (t->stack_len == 0)
		gt_stack_move(&t->memo, t->goid, t->span);
	set_stack(t, t->stack_lo, t->stack_hi);
}

void gt_fiber_strays(struct gt_thread *t)
{
	if (t->stack_len)
		t->span = gt_stack_move(&t->memo, t->goid, (struct gt_span){0, 0});
	t->stack_len = 0;
}

struct gt_fiber *gt_fiber_current(struct gt_thread *t)
{
	struct gt_fiber *f = t->fiber ? t->fiber : gt_fiber_take();

	if (!f || t->fiber)
		return f;
	f->is_home = true;
	f->goid = t->goid;
	t->fiber = f;
	t->home = gt_fiber_ref_of(f);
	gt_burial_expect(t); /* its end is not seen when it ends in a coroutine */
	return f;
}

/*
 * A section, or a quiet one (pause.h), in which a switch changes the records as ever and nothing is written: `gen` is 0
 * then. False when neither can be entered.
 */
static bool enter(struct gt_section *s, struct gt_thread *t)
{
	if (!gt_section_enter_running(s, t)) {
		if (s->gen)
			return false;
		if (gt_pause_enter(t))
			return true;
		if (!gt_section_enter_running(s, t))
			return false;
	}
	gt_status_running(s);
	return true;
}

static void leave(struct gt_section *s)
{
	if (s->gen)
		gt_section_leave(s);
	else
		gt_pause_leave(s->t);
}

static void vouch(struct gt_section *s)
{
	if (s->gen)
		gt_section_vouch(s);
	else
		gt_delay();
}

/* Of what changes here; that of a quiet section comes next. */
static uint32_t gen_of(const struct gt_section *s)
{
	return s->gen ? s->gen : gt_pause_gen();
}

static bool take(struct gt_section *s, struct gt_fiber *f, uint64_t word)
{
	gt_delay();
	if (s->gen)
		gt_section_time(s, gt_clock_after(s->gen));
	return gt_fiber_word_state(word) == GT_FIBER_PARKED &&
	       atomic_compare_exchange_strong(&f->word, &word, gt_fiber_word(GT_FIBER_RUNNING, gen_of(s), word));
}

/*
 * Enters a section and takes the fiber. That it is parked is seen before: seen inside, it could have been parked in a
 * generation that is newer than ours.
 */
static struct gt_fiber *enter_with(struct gt_section *s, struct gt_thread *t, gt_fiber_ref ref)
{
	for (int tries = 0; tries < TRIES; tries++) {
		uint64_t word;
		struct gt_fiber *f = gt_fiber_of(ref, &word);

		if (!f || gt_fiber_word_state(word) != GT_FIBER_PARKED || !enter(s, t))
			return NULL;
		if (take(s, f, word))
			return f;
		leave(s);
	}
	gt_drop(GT_DROP_FIBERS);
	return NULL;
}

/* What the trace must know of a fiber that was taken: it waits, and this is its next event. */
static gt_g_seq_t next_seq(struct gt_section *s, struct gt_fiber *f)
{
	if (f->traced[s->gen & 1] != s->gen) {
		f->traced[s->gen & 1] = s->gen;
		f->gseq = 0;
		gt_emit_GoStatus(s, (gt_g_t){f->goid}, (gt_m_t){GT_NONE}, (gt_gstatus_t){GT_G_Waiting});
		if (gt_fiber_ranges(f) & GT_RANGE_ASSIST)
			gt_emit_GCMarkAssistActive(s, (gt_g_t){f->goid});
	}
	return (gt_g_seq_t){++f->gseq};
}

/* From the record into the fiber. */
static void put_away(struct gt_thread *t, struct gt_fiber *f)
{
	f->goid = t->goid;
	f->gseq = t->gseq;
	f->traced[0] = t->traced[0];
	f->traced[1] = t->traced[1];
	f->callable = t->callable;
	f->regions = t->regions;
	f->ranges = gt_ranges_of(t) & OF_G;
	f->ranges_in = atomic_load_explicit(&gt_gate.first, memory_order_relaxed);
	f->sp = gt_stack_pointer();
	if (!f->is_home)
		return;
	atomic_store_explicit(&f->lo, t->stack_lo, memory_order_relaxed);
	atomic_store_explicit(&f->hi, t->stack_hi, memory_order_relaxed);
}

static void take_up_ranges(struct gt_thread *t, const struct gt_fiber *f)
{
	t->ranges = (uint8_t)((gt_ranges_of(t) & ~OF_G) | gt_fiber_ranges(f));
	t->ranges_in = atomic_load_explicit(&gt_gate.first, memory_order_relaxed);
}

/* From the fiber into the record. Returns what was confirmed of the stack left. */
static struct gt_span take_up(struct gt_thread *t, struct gt_fiber *f)
{
	struct gt_span left = gt_stack_move(&t->memo, f->goid, f->span);

	gt_thread_tell(t);
	__atomic_store_n(&t->goid, f->goid, __ATOMIC_RELEASE);
	__atomic_store_n(&t->traced[0], f->traced[0], __ATOMIC_RELEASE);
	__atomic_store_n(&t->traced[1], f->traced[1], __ATOMIC_RELEASE);
	t->gseq = f->gseq;
	t->callable = f->callable;
	t->regions = f->regions;
	take_up_ranges(t, f);
	f->regions = NULL;
	t->fiber = f;
	left = t->stack_len ? left : t->span;
	set_stack(t, atomic_load(&f->lo), atomic_load(&f->hi));
	return left;
}

/* Before take_up(). Who was in the record when a generation was closed is the first that leaves it in the next one. */
static void note_left(struct gt_section *s)
{
	struct gt_thread *t = s->t;
	uint32_t gen = gen_of(s);
	struct gt_left *left = &t->left[gen & 1];

	if (left->gen == gen)
		return;
	left->goid = t->goid;
	left->traced = t->traced[(gen - 1) & 1];
	__atomic_store_n(&left->gen, gen, __ATOMIC_RELEASE);
}

/* Before its record is given back: what it was when the generation before was closed is the first that ends in it. */
static void note_ended(const struct gt_section *s, struct gt_fiber *f)
{
	uint32_t gen = gen_of(s);

	if (f->ended_in == gen)
		return;
	f->ended = f->goid;
	f->ended_traced = f->traced[(gen - 1) & 1];
	__atomic_store_n(&f->ended_in, gen, __ATOMIC_RELEASE);
}

/* To a fiber that was taken, from one that ends by it. */
static void switch_from(struct gt_section *s, struct gt_fiber *from, struct gt_fiber *to)
{
	if (s->gen) {
		gt_g_seq_t seq = next_seq(s, to);

		gt_ranges_close(s);
		gt_emit_GoSwitchDestroy(s, (gt_g_t){to->goid}, seq);
	}
	gt_notes_end(s->t->regions);
	from->regions = s->t->regions;
	note_left(s);
	take_up(s->t, to);
	note_ended(s, from);
	gt_fiber_stack_remove(from);
	gt_fiber_give_back(from);
}

/* The same from one that is parked: last of all. */
static void switch_over(struct gt_section *s, struct gt_fiber *from, struct gt_fiber *to)
{
	if (s->gen) {
		gt_g_seq_t seq = next_seq(s, to);

		gt_emit_GoSwitch(s, (gt_g_t){to->goid}, seq);
	}
	put_away(s->t, from);
	note_left(s);
	from->span = take_up(s->t, to);
	vouch(s);
	atomic_store_explicit(&from->word, gt_fiber_word(GT_FIBER_PARKED, gen_of(s), from->word), memory_order_release);
}

/* Each trace hears it once. */
static void say_name(struct gt_section *s, struct gt_fiber *f)
{
	uint32_t trace = atomic_load_explicit(&gt_gate.first, memory_order_relaxed);

	if (!s->gen || !f->name[0] || f->named == trace)
		return;
	f->named = trace;
	gt_emit_GoLabel(s, (gt_label_string_t){gt_text_of(f->name, s->gen)});
}

bool gt_fiber_run(struct gt_thread *t, gt_fiber_ref ref, bool ends)
{
	struct gt_fiber *from = gt_fiber_current(t), *to;
	struct gt_section s;

	if (!from)
		return false;
	to = enter_with(&s, t, ref);
	if (!to)
		return false;
	if ((ends || from->is_over) && !from->is_home)
		switch_from(&s, from, to);
	else
		switch_over(&s, from, to);
	say_name(&s, to);
	leave(&s);
	return true;
}

bool gt_fiber_end(struct gt_thread *t, gt_fiber_ref ref)
{
	struct gt_section s;
	struct gt_fiber *f = enter_with(&s, t, ref);

	if (!f)
		return false;
	if (s.gen) {
		gt_g_seq_t seq = next_seq(&s, f);

		gt_emit_GoSwitch(&s, (gt_g_t){f->goid}, seq);
		gt_emit_GoSwitchDestroy(&s, (gt_g_t){t->goid}, gt_next_gseq(t));
	}
	gt_notes_end(f->regions);
	note_ended(&s, f);
	gt_fiber_stack_remove(f);
	gt_fiber_give_back(f);
	leave(&s);
	return true;
}

void gt_fiber_call(struct gt_fiber *f, const char *name)
{
	size_t len = 0;

	for (; name && len < sizeof(f->name) - 1 && name[len]; len++)
		f->name[len] = name[len];
	f->name[len] = 0;
	f->named = 0;
}

/* Known to its generation from its creation on; the order is that of take_up(). */
static void born(struct gt_section *s, struct gt_fiber *f, const struct gt_fiber_made *made)
{
	__atomic_store_n(&f->goid, gt_thread_next_goid(), __ATOMIC_RELEASE);
	if (s->gen)
		__atomic_store_n(&f->traced[s->gen & 1], s->gen, __ATOMIC_RELEASE);
	f->gseq = 0;
	f->callable = made->start;
	f->span = (struct gt_span){made->hi & ~UINT64_C(4095), made->hi};
	gt_fiber_call(f, made->name);
}

gt_fiber_ref gt_fiber_make(struct gt_thread *t, const struct gt_fiber_made *made, const void *pc)
{
	struct gt_fiber *f = gt_fiber_take();
	gt_fiber_ref ref;
	struct gt_section s;

	if (!f)
		return 0;
	if (!enter(&s, t)) {
		gt_fiber_give_back(f);
		return 0;
	}
	born(&s, f, made);
	if (s.gen)
		gt_emit_GoCreateBlocked(&s, (gt_new_g_t){f->goid},
					(gt_new_stack_t){gt_stack_of_start(s.gen, made->start).v},
					gt_stack_here(&t->memo, s.gen, pc));
	if (made->hi)
		gt_fiber_stack_add(f, made->lo, made->hi);
	ref = gt_fiber_ref_of(f);
	vouch(&s);
	atomic_store_explicit(&f->word, gt_fiber_word(GT_FIBER_PARKED, gen_of(&s), f->word), memory_order_release);
	leave(&s);
	return ref;
}

void gt_fiber_go_home(struct gt_section *s)
{
	struct gt_fiber *from = s->t->fiber, *home;
	uint64_t word;

	home = from ? gt_fiber_of(s->t->home, &word) : NULL;
	if (home && !gt_gen_after(gt_fiber_word_gen(word), s->gen) && take(s, home, word))
		switch_from(s, from, home);
}

/* What waits where the thread began waits for ever: its stack is gone. */
static void forget_home(struct gt_thread *t)
{
	uint64_t word;
	struct gt_fiber *home = gt_fiber_of(t->home, &word);

	if (!home || home == t->fiber)
		return;
	if (gt_fiber_word_state(word) == GT_FIBER_PARKED &&
	    atomic_compare_exchange_strong(&home->word, &word, gt_fiber_word(GT_FIBER_RUNNING, 0, word))) {
		gt_notes_end(home->regions);
		gt_fiber_give_back(home);
	} else {
		home->is_over = true; /* another thread runs it */
	}
}

void gt_fiber_forget(struct gt_thread *t)
{
	if (t->home)
		forget_home(t);
	if (t->fiber) {
		gt_fiber_stack_remove(t->fiber);
		gt_fiber_give_back(t->fiber);
	}
	t->fiber = NULL;
	t->home = 0;
}
