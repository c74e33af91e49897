/* SPDX-License-Identifier: BSD-3-Clause */
#include "proc.h"

#include "clock.h"
#include "heap.h"
#include "torture.h"

#include <stddef.h>

static struct {
	struct gt_proc *all;
	_Atomic uint32_t count;
	uint32_t max;
} procs GT_OWN_LINE;

_Atomic uint32_t gt_proc_slots;

bool gt_proc_start(uint32_t initial, uint32_t max)
{
	procs.all = gt_heap_take(max * sizeof(struct gt_proc));
	if (!procs.all)
		return false;
	procs.max = max;
	for (uint32_t i = 0; i < initial && i < max; i++) {
		procs.all[i].id = i;
		atomic_store(&procs.all[i].word, gt_proc_word(GT_PROC_IDLE, 0, 0));
	}
	atomic_store(&procs.count, initial < max ? initial : max);
	atomic_store(&gt_proc_slots, initial);
	return true;
}

uint32_t gt_proc_count(void)
{
	return atomic_load_explicit(&procs.count, memory_order_acquire);
}

struct gt_proc *gt_proc_at(uint32_t id)
{
	return &procs.all[id];
}

static void raise_limit(uint32_t to)
{
	uint32_t limit = atomic_load(&gt_proc_slots);

	while (limit < to && !atomic_compare_exchange_weak(&gt_proc_slots, &limit, to))
		;
}

void gt_proc_uses(const struct gt_proc *p)
{
	if (__builtin_expect(p->id >= gt_proc_limit(), 0))
		raise_limit(p->id + 1);
}

/* Whoever claims one meanwhile raises the limit again: gt_proc_uses(). */
bool gt_proc_set_usable(uint32_t usable)
{
	uint32_t limit = atomic_load(&gt_proc_slots);
	uint32_t wanted = usable;

	for (uint32_t i = gt_proc_count(); i > wanted; i--) {
		if (gt_proc_word_state(atomic_load(&procs.all[i - 1].word)) != GT_PROC_IDLE)
			wanted = i;
	}
	return wanted != limit && atomic_compare_exchange_strong(&gt_proc_slots, &limit, wanted);
}

static bool claim(struct gt_proc *p, uint32_t tid)
{
	uint64_t word = atomic_load_explicit(&p->word, memory_order_relaxed);

	if (gt_proc_word_state(word) != GT_PROC_IDLE)
		return false;
	gt_delay();
	return atomic_compare_exchange_strong(&p->word, &word,
					      gt_proc_word(GT_PROC_CLAIM, gt_proc_word_gen(word), tid));
}

static bool any_in_syscall(uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct gt_proc *p = &procs.all[i];

		if (gt_proc_word_state(atomic_load_explicit(&p->word, memory_order_relaxed)) == GT_PROC_SYS &&
		    !atomic_load_explicit(&p->kept, memory_order_relaxed))
			return true;
	}
	return false;
}

/*
 * The i-th of n to be looked at by one who begins at `from`. A slot that is in use is a cache line of another core: were all to
 * begin at the first, each would fetch the lines of most others before it came to one that is free.
 */
static uint32_t turned(uint32_t i, uint32_t from, uint32_t n)
{
	return (from + i) % n;
}

struct gt_proc *gt_proc_claim(struct gt_proc *hint, uint32_t tid)
{
	uint32_t n = gt_proc_count();
	uint32_t limit = gt_proc_limit();

	limit = limit < n ? limit : n;
	if (gt_denied() && any_in_syscall(n))
		return NULL;
	if (hint && hint->id < limit && claim(hint, tid))
		return hint;
	for (uint32_t i = 0; i < n; i++) {
		struct gt_proc *p = &procs.all[i < limit ? turned(i, hint ? hint->id : 0, limit) : i];

		if (i == limit && any_in_syscall(n))
			return NULL; /* to be stolen */
		if (claim(p, tid))
			return p;
	}
	return NULL;
}

static bool claim_old(struct gt_proc *p, uint32_t gen, uint32_t tid, uint64_t *now)
{
	uint64_t word = atomic_load_explicit(&p->word, memory_order_acquire);

	if (gt_proc_word_state(word) != GT_PROC_IDLE || gt_gen_after(gt_proc_word_gen(word), gen))
		return false;
	gt_delay();
	*now = gt_clock_after(gen);
	return atomic_compare_exchange_strong(&p->word, &word,
					      gt_proc_word(GT_PROC_CLAIM, gt_proc_word_gen(word), tid));
}

struct gt_proc *gt_proc_claim_old(struct gt_proc *hint, uint32_t gen, uint32_t tid, uint64_t *now)
{
	uint32_t n = gt_proc_count();

	if (hint && claim_old(hint, gen, tid, now))
		return hint;
	for (uint32_t i = 0; i < n; i++) {
		struct gt_proc *p = &procs.all[turned(i, hint ? hint->id : 0, n)];

		if (claim_old(p, gen, tid, now))
			return p;
	}
	return NULL;
}

void gt_proc_unclaim(struct gt_proc *p)
{
	uint64_t word = atomic_load_explicit(&p->word, memory_order_relaxed);

	if (atomic_load_explicit(&p->kept, memory_order_relaxed))
		return;
	atomic_store_explicit(&p->word, gt_proc_word(GT_PROC_IDLE, gt_proc_word_gen(word), 0), memory_order_release);
}

struct gt_proc *gt_proc_steal(uint32_t gen, uint32_t tid, uint32_t *victim, bool *newer, uint64_t *now)
{
	uint32_t n = gt_proc_count();

	*newer = false;
	gt_delay();
	for (uint32_t i = 0; i < n; i++) {
		struct gt_proc *p = &procs.all[turned(i, tid, n)];
		uint64_t word = atomic_load_explicit(&p->word, memory_order_acquire);

		if (gt_proc_word_state(word) != GT_PROC_SYS || atomic_load_explicit(&p->kept, memory_order_relaxed))
			continue;
		if (GT_RULE_HOLDS(2) && gt_gen_after(gt_proc_word_gen(word), gen)) {
			*newer = true;
			continue;
		}
		gt_delay();
		*now = gt_clock_after(gen);
		if (atomic_compare_exchange_strong(&p->word, &word, gt_proc_word(GT_PROC_CLAIM, gen, tid))) {
			*victim = gt_proc_word_tid(word);
			return p;
		}
	}
	return NULL;
}

bool gt_proc_retake(struct gt_proc *p, uint32_t gen, uint32_t tid, uint64_t before, uint32_t *victim)
{
	uint64_t word = atomic_load_explicit(&p->word, memory_order_acquire);

	if (gt_proc_word_state(word) != GT_PROC_SYS || p->since > before || atomic_load(&p->kept) ||
	    gt_gen_after(gt_proc_word_gen(word), gen))
		return false;
	*victim = gt_proc_word_tid(word);
	return atomic_compare_exchange_strong(&p->word, &word, gt_proc_word(GT_PROC_CLAIM, gen, tid));
}

struct gt_proc *gt_proc_grow(void)
{
	uint32_t n = gt_proc_count();

	do {
		if (n >= procs.max)
			return NULL;
	} while (!atomic_compare_exchange_weak(&procs.count, &n, n + 1));
	procs.all[n].id = n;
	return &procs.all[n];
}

struct gt_proc *gt_proc_keep(uint32_t tid)
{
	struct gt_proc *p = gt_proc_grow();

	if (!p)
		return NULL;
	atomic_store(&p->kept, true);
	atomic_store(&p->word, gt_proc_word(GT_PROC_CLAIM, 0, tid));
	raise_limit(p->id + 1);
	return p;
}

struct gt_proc *gt_proc_kept(struct gt_proc *p, uint32_t tid)
{
	uint64_t word = atomic_load_explicit(&p->word, memory_order_relaxed);

	return gt_proc_word_state(word) == GT_PROC_CLAIM && gt_proc_word_tid(word) == tid ? p : NULL;
}

void gt_proc_unkeep(struct gt_proc *p)
{
	if (!p)
		return;
	atomic_store(&p->kept, false);
	gt_proc_unclaim(p);
}
