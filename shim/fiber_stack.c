/* SPDX-License-Identifier: BSD-3-Clause */
#include "fiber_stack.h"

#include "heap.h"
#include "thread.h"

enum { BUCKETS = 1 << 16, PLACES = 8, SMALLEST = 10, LARGEST = 40 };

/*
 * A stack stands once in the table for each block that it touches. Blocks have the size of the stack, rounded down to a
 * power of two, so these are two or three; a search looks at one block of each size that was ever used. A place holds the
 * fiber's index and a half of the block's hash.
 */
struct bucket {
	_Atomic uint64_t place[PLACES];
} __attribute__((aligned(64)));

static struct {
	_Atomic(struct bucket *) all;
	_Atomic uint64_t sizes; /* a bit for each */
} stacks;

void gt_fiber_stack_clear(void)
{
	struct bucket *all = atomic_load(&stacks.all);

	if (all && atomic_load(&stacks.sizes))
		__builtin_memset(all, 0, BUCKETS * sizeof(*all));
	atomic_store(&stacks.sizes, 0);
}

static struct bucket *table(void)
{
	struct bucket *all = atomic_load(&stacks.all), *none = NULL;

	if (all)
		return all;
	all = gt_heap_take(BUCKETS * sizeof(*all));
	if (all)
		atomic_compare_exchange_strong(&stacks.all, &none, all);
	return atomic_load(&stacks.all);
}

static int size_of(uintptr_t lo, uintptr_t hi)
{
	uint64_t len = hi - lo;
	int size = 63 - __builtin_clzll(len | 1 << SMALLEST);

	return size < LARGEST ? size : LARGEST;
}

static uint64_t hash_of(int size, uintptr_t block)
{
	uint64_t h = (block << 6 | (uint64_t)size) * UINT64_C(0x9e3779b97f4a7c15);

	return h ^ h >> 29;
}

/* A block has two buckets. */
static _Atomic uint64_t *place(struct bucket *all, uint64_t hash, int i)
{
	return &all[(hash ^ (uint64_t)(i / PLACES)) % BUCKETS].place[i % PLACES];
}

static bool enter(struct bucket *all, uint64_t hash, uint32_t index)
{
	for (int i = 0; i < 2 * PLACES; i++) {
		uint64_t none = 0;

		if (atomic_load_explicit(place(all, hash, i), memory_order_relaxed) == 0 &&
		    atomic_compare_exchange_strong(place(all, hash, i), &none, hash >> 32 << 32 | index))
			return true;
	}
	return false;
}

static void leave(struct bucket *all, uint64_t hash, uint32_t index)
{
	for (int i = 0; i < 2 * PLACES; i++) {
		uint64_t mine = hash >> 32 << 32 | index;

		atomic_compare_exchange_strong(place(all, hash, i), &mine, 0);
	}
}

bool gt_fiber_stack_add(struct gt_fiber *f, uintptr_t lo, uintptr_t hi)
{
	struct bucket *all = table();
	int size = size_of(lo, hi);

	if (!all || lo >= hi || size == LARGEST)
		return false;
	atomic_fetch_or(&stacks.sizes, UINT64_C(1) << size);
	atomic_store(&f->lo, lo);
	atomic_store(&f->hi, hi);
	for (uintptr_t block = lo >> size; block <= (hi - 1) >> size; block++) {
		if (enter(all, hash_of(size, block), f->index))
			continue;
		gt_fiber_stack_remove(f);
		gt_drop(GT_DROP_FIBERS);
		return false;
	}
	return true;
}

void gt_fiber_stack_remove(struct gt_fiber *f)
{
	struct bucket *all = atomic_load(&stacks.all);
	uintptr_t lo = atomic_load(&f->lo), hi = atomic_load(&f->hi);
	int size = size_of(lo, hi);

	if (!all || hi == 0 || f->is_home)
		return;
	atomic_store(&f->hi, 0);
	for (uintptr_t block = lo >> size; block <= (hi - 1) >> size; block++)
		leave(all, hash_of(size, block), f->index);
}

/* What a search is for: the newest fiber that has a stack with an address in [lo, hi). */
struct search {
	uintptr_t lo, hi;
	bool is_for_top; /* the stack's last address, not any */
	uint64_t goid; /* found */
	gt_fiber_ref ref;
};

static void look_at(struct search *search, const struct gt_fiber *f)
{
	uint64_t word = atomic_load_explicit(&f->word, memory_order_acquire);
	uintptr_t lo = atomic_load(&f->lo), hi = atomic_load(&f->hi);

	if (search->is_for_top)
		lo = hi - 1;
	if (gt_fiber_word_state(word) == GT_FIBER_FREE || hi <= search->lo || lo >= search->hi ||
	    f->goid <= search->goid)
		return;
	search->goid = f->goid;
	search->ref = (uint64_t)gt_fiber_word_serial(word) << 32 | f->index;
}

static void look_in(struct search *search, struct bucket *all, uint64_t hash)
{
	for (int i = 0; i < 2 * PLACES; i++) {
		uint64_t seen = atomic_load_explicit(place(all, hash, i), memory_order_acquire);

		if (seen && seen >> 32 == hash >> 32)
			look_at(search, gt_fiber_at((uint32_t)seen));
	}
}

gt_fiber_ref gt_fiber_stack_at(uintptr_t at)
{
	struct bucket *all = atomic_load_explicit(&stacks.all, memory_order_acquire);
	struct search search = {.lo = at, .hi = at + 1};
	uint64_t sizes = atomic_load(&stacks.sizes);

	for (; all && sizes; sizes &= sizes - 1) {
		int size = __builtin_ctzll(sizes);

		look_in(&search, all, hash_of(size, at >> size));
	}
	return search.ref;
}

gt_fiber_ref gt_fiber_stack_under(uintptr_t lo, uintptr_t hi)
{
	struct bucket *all = atomic_load_explicit(&stacks.all, memory_order_acquire);
	struct search search = {.lo = lo, .hi = hi, .is_for_top = true};
	int size = size_of(lo, hi);

	for (uintptr_t block = lo >> size; all && lo < hi && block <= (hi - 1) >> size; block++)
		look_in(&search, all, hash_of(size, block));
	return search.ref;
}
