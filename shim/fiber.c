/* SPDX-License-Identifier: BSD-3-Clause */
#include "fiber.h"

#include "heap.h"
#include "thread.h"

enum { PIECE = 1 << 12, PIECES = GT_FIBERS_MAX / PIECE };

/* Index 0 is none. The free list is a stack of indexes with a counter in the upper half against ABA. */
static struct {
	_Atomic(struct gt_fiber *) piece[PIECES];
	_Atomic uint64_t free;
} fibers;

_Atomic uint32_t gt_fiber_count;

struct gt_fiber *gt_fiber_at(uint32_t index)
{
	return &atomic_load_explicit(&fibers.piece[index / PIECE], memory_order_acquire)[index % PIECE];
}

/* The serials stay: a reference of the parent's must not be good in a child. */
void gt_fiber_start(void)
{
	uint32_t n = atomic_load(&gt_fiber_count);

	for (uint32_t i = 1; i <= n; i++) {
		struct gt_fiber *f = gt_fiber_at(i);

		atomic_store(&f->word, gt_fiber_word(GT_FIBER_FREE, 0, gt_fiber_word_serial(f->word) + 1));
		f->traced[0] = f->traced[1] = 0;
	}
	atomic_store(&gt_fiber_count, 0);
	atomic_store(&fibers.free, 0);
}

static bool have_piece(uint32_t index)
{
	_Atomic(struct gt_fiber *) *piece = &fibers.piece[index / PIECE];
	struct gt_fiber *none = NULL, *fresh;

	if (atomic_load(piece))
		return true;
	fresh = gt_heap_take(PIECE * sizeof(struct gt_fiber));
	if (fresh)
		atomic_compare_exchange_strong(piece, &none, fresh); /* whoever loses this race wastes a piece */
	return fresh != NULL;
}

static struct gt_fiber *pop_free(void)
{
	uint64_t seen = atomic_load(&fibers.free);

	while ((uint32_t)seen) {
		struct gt_fiber *f = gt_fiber_at((uint32_t)seen);

		if (atomic_compare_exchange_weak(&fibers.free, &seen,
						 ((seen >> 32) + 1) << 32 | atomic_load(&f->next_free)))
			return f;
	}
	return NULL;
}

/* The piece comes first: whoever walks up to the count finds memory. */
static struct gt_fiber *extend(void)
{
	uint32_t n = atomic_load(&gt_fiber_count);

	do {
		if (n + 1 >= GT_FIBERS_MAX || !have_piece(n + 1))
			return NULL;
	} while (!atomic_compare_exchange_weak(&gt_fiber_count, &n, n + 1));
	gt_fiber_at(n + 1)->index = n + 1;
	return gt_fiber_at(n + 1);
}

struct gt_fiber *gt_fiber_take(void)
{
	struct gt_fiber *f = pop_free();

	if (!f)
		f = extend();
	if (!f) {
		gt_drop(GT_DROP_FIBERS);
		return NULL;
	}
	/* The marks stay: the switcher may still be closing a generation in which the last owner had events. */
	atomic_store(&f->lo, 0);
	atomic_store(&f->hi, 0);
	f->sp = f->base = 0;
	f->callable = NULL;
	f->span = (struct gt_span){0, 0};
	f->name[0] = 0;
	f->ranges = 0;
	f->named = 0;
	f->is_home = f->is_over = false;
	atomic_store(&f->word, gt_fiber_word(GT_FIBER_RUNNING, 0, gt_fiber_word_serial(f->word) + 1));
	return f;
}

void gt_fiber_give_back(struct gt_fiber *f)
{
	uint64_t seen = atomic_load(&fibers.free);

	atomic_store(&f->word, gt_fiber_word(GT_FIBER_FREE, 0, gt_fiber_word_serial(f->word)));
	do
		atomic_store_explicit(&f->next_free, (uint32_t)seen, memory_order_relaxed);
	while (!atomic_compare_exchange_weak(&fibers.free, &seen, ((seen >> 32) + 1) << 32 | f->index));
}

gt_fiber_ref gt_fiber_ref_of(const struct gt_fiber *f)
{
	return (uint64_t)gt_fiber_word_serial(atomic_load(&f->word)) << 32 | f->index;
}

struct gt_fiber *gt_fiber_of(gt_fiber_ref ref, uint64_t *word)
{
	uint32_t index = (uint32_t)ref;
	struct gt_fiber *f;

	if (index == 0 || index > atomic_load(&gt_fiber_count))
		return NULL;
	f = gt_fiber_at(index);
	*word = atomic_load_explicit(&f->word, memory_order_acquire);
	if (gt_fiber_word_state(*word) == GT_FIBER_FREE || gt_fiber_word_serial(*word) != ref >> 32)
		return NULL;
	return f;
}
