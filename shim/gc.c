/* SPDX-License-Identifier: BSD-3-Clause */
#include "gc.h"

#include "async.h"
#include "emit.h"
#include "resume.h"
#include "stacks.h"
#include "status.h"

/* active 1 bit | 0 2 bits | generation of the last event 29 | number of events 32 */
static _Atomic uint64_t word;

static uint64_t make_word(bool is_active, uint32_t gen, uint64_t seq)
{
	return (uint64_t)is_active << 63 | (uint64_t)(gen & 0x1fffffff) << 32 | (uint32_t)seq;
}

static bool is_active(uint64_t w)
{
	return w >> 63;
}

static uint32_t gen_of(uint64_t w)
{
	return (uint32_t)(w >> 32) & 0x1fffffff;
}

static uint64_t seq_of(uint64_t w)
{
	return (uint32_t)w;
}

void gt_gc_start(void)
{
	atomic_store(&word, 0);
}

bool gt_gc_is_active(void)
{
	return is_active(atomic_load_explicit(&word, memory_order_relaxed));
}

enum taken { TAKEN, WRONG, NEWER };

/*
 * Takes the next `n` numbers, if a collection is under way or not as `from` says; then `to` is so. *seq becomes the first
 * number. The clock is read between seeing the word and changing it.
 */
static enum taken take(struct gt_section *s, bool from, bool to, uint64_t seen, int n, uint64_t *seq)
{
	if (is_active(seen) != from)
		return WRONG;
	if (GT_RULE_HOLDS(6) && gt_gen_after(gen_of(seen), s->gen))
		return NEWER;
	gt_delay();
	gt_section_time(s, gt_clock_after(s->gen));
	*seq = seq_of(seen) + 1;
	return atomic_compare_exchange_strong(&word, &seen, make_word(to, s->gen, seq_of(seen) + (uint64_t)n)) ? TAKEN
													       : NEWER;
}

static bool is_mentioned(const struct gt_section *s, uint64_t seen)
{
	return gen_of(seen) == (s->gen & 0x1fffffff);
}

void gt_gc_mention(struct gt_section *s)
{
	uint64_t seen = atomic_load_explicit(&word, memory_order_acquire);
	uint64_t seq;

	if (is_active(seen) && !is_mentioned(s, seen) && take(s, true, true, seen, 1, &seq) == TAKEN)
		gt_emit_GCActive(s, (gt_gc_seq_t){seq});
}

bool gt_gc_is_told(uint32_t gen)
{
	uint64_t seen = atomic_load_explicit(&word, memory_order_acquire);

	return !is_active(seen) || gen_of(seen) == (gen & 0x1fffffff);
}

static enum taken write_begin(struct gt_section *s, const void *pc)
{
	gt_stack_t stack = gt_stack_here(&s->t->memo, s->gen, pc);
	uint64_t seq;
	enum taken taken = take(s, false, true, atomic_load_explicit(&word, memory_order_acquire), 1, &seq);

	if (taken == TAKEN)
		gt_emit_GCBegin(s, (gt_gc_seq_t){seq}, stack);
	return taken;
}

static enum taken write_end(struct gt_section *s, const void *pc __attribute__((unused)))
{
	uint64_t seen = atomic_load_explicit(&word, memory_order_acquire);
	bool is_first = !is_mentioned(s, seen);
	uint64_t seq;
	enum taken taken = take(s, true, false, seen, is_first ? 2 : 1, &seq);

	if (taken != TAKEN)
		return taken;
	if (is_first)
		gt_emit_GCActive(s, (gt_gc_seq_t){seq++});
	gt_emit_GCEnd(s, (gt_gc_seq_t){seq});
	return taken;
}

/* A generation may end between what another thread wrote and our section: then once more in a newer section. */
static void step(enum taken (*write)(struct gt_section *, const void *), const void *pc)
{
	GT_IN_SIGHT;
	struct gt_thread *t = gt_resume_ready();
	struct gt_section s;
	enum taken taken = NEWER;

	for (int tries = 0; t && taken == NEWER && tries < 3; tries++) {
		if (!gt_section_enter(&s, t))
			return;
		gt_status_running(&s);
		taken = write(&s, pc);
		gt_section_leave(&s);
	}
	if (t && taken != TAKEN)
		gt_drop(GT_DROP_MISUSE);
}

void gt_gc_begin(const void *pc)
{
	step(write_begin, pc);
}

void gt_gc_end(void)
{
	step(write_end, NULL);
}
