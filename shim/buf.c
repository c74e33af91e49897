/* SPDX-License-Identifier: BSD-3-Clause */
#include "buf.h"

#include "live.h"
#include "thread.h"

enum { UNIT = GT_BUF_SMALL, STEP = 64 << 10, LEAST = 2 << 20 };

/*
 * Buffers are numbered by their offset in the live file in units of the small size; 0 is its head, so that 0 means "none".
 * Free lists are stacks with a counter in the upper half against ABA: a place may come back.
 */
static struct {
	struct gt_live_head *head;
	uint64_t end; /* of the room for buffers in the live file */
	uint64_t ahead; /* so much of it shall not be in use, and so much more for each thread */

	/* What a change of buffers writes, in one cache line, with nothing that is only read. */
	_Atomic uint64_t free_small GT_OWN_LINE;
	_Atomic uint64_t free_large;
	_Atomic uint64_t serial;
	_Atomic uint32_t full[2];
	_Atomic uint32_t lost[2]; /* generations, by parity */
	_Atomic uint64_t solid; /* what lies below has blocks */
	_Atomic uint64_t low; /* so much of it is left when more is asked for; 0: it was */
	_Atomic bool scarce;
} arena;

static struct gt_buf *at_index(uint32_t index)
{
	return index ? gt_live_at((uint64_t)index * UNIT) : NULL;
}

static uint32_t index_of(const struct gt_buf *b)
{
	return (uint32_t)((uint64_t)((const uint8_t *)b - (const uint8_t *)arena.head) / UNIT);
}

void gt_buf_start(uint64_t bytes)
{
	uint64_t serial = atomic_load(&arena.serial); /* no number twice: threads remember buffers by it */

	__builtin_memset(&arena, 0, sizeof(arena));
	atomic_store(&arena.serial, serial);
	arena.head = gt_live_head();
	arena.end = arena.head->buffers + bytes;
	atomic_store(&arena.solid, atomic_load(&arena.head->carved) + GT_LIVE_FIRST);
	atomic_store(&arena.low, GT_LIVE_FIRST / 2);
}

void gt_buf_reserve(uint64_t ahead)
{
	arena.ahead = ahead;
	gt_buf_reserve_again();
}

/* What is asked for, and less as long as little was used: a program may end soon, and in memory each page costs. */
static uint64_t room_ahead(void)
{
	uint64_t used = 4 * (atomic_load(&arena.head->carved) - arena.head->buffers);
	uint64_t enough = used > LEAST ? used : LEAST;

	return arena.ahead < enough ? arena.ahead : enough;
}

void gt_buf_reserve_again(void)
{
	uint64_t solid = atomic_load(&arena.solid);
	uint64_t ahead = room_ahead(), want;

	ahead += (uint64_t)gt_thread_count() * GT_BUF_LARGE;
	want = atomic_load(&arena.head->carved) + ahead;
	atomic_store(&arena.low, solid < arena.end ? ahead / 2 : 0);
	if (want <= solid || solid >= arena.end)
		return;
	want = (want + ahead / 8 + STEP) & ~(uint64_t)(STEP - 1);
	if (want > arena.end)
		want = arena.end;
	if (gt_live_solid(solid, want))
		atomic_store(&arena.solid, want);
}

/* Of many threads that see it at the same time one says so. */
bool gt_buf_runs_low(void)
{
	uint64_t low = atomic_load_explicit(&arena.low, memory_order_relaxed);

	return low && atomic_load(&arena.head->carved) + low > atomic_load(&arena.solid) &&
	       atomic_exchange(&arena.low, 0);
}

static struct gt_buf *pop(_Atomic uint64_t *list)
{
	uint64_t seen = atomic_load(list);

	for (;;) {
		struct gt_buf *b = at_index((uint32_t)seen);
		uint32_t next;

		if (!b)
			return NULL;
		next = atomic_load(&b->next);
		if (!atomic_compare_exchange_weak(list, &seen, ((seen >> 32) + 1) << 32 | next))
			continue;
		__builtin_prefetch(at_index(next), 1); /* for who comes then; the writer had it last */
		return b;
	}
}

void gt_buf_give_back(struct gt_buf *b)
{
	_Atomic uint64_t *list = b->bytes == GT_BUF_LARGE ? &arena.free_large : &arena.free_small;
	uint64_t seen = atomic_load(list);

	b->events = 0;
	b->notes = 0;
	b->used = 0;
	do
		atomic_store_explicit(&b->next, (uint32_t)seen, memory_order_relaxed);
	while (!atomic_compare_exchange_weak(list, &seen, ((seen >> 32) + 1) << 32 | index_of(b)));
}

/* Where large ones end: every thread may want a first one in two generations. */
static uint64_t end_of_large(void)
{
	uint64_t first = (uint64_t)gt_thread_count() * 2 * GT_BUF_SMALL;

	return first < arena.end ? arena.end - first : 0;
}

static struct gt_buf *carve(uint32_t bytes)
{
	uint64_t end = bytes == GT_BUF_LARGE ? end_of_large() : arena.end;
	uint64_t seen = atomic_load(&arena.head->carved);

	do {
		if (seen + bytes > atomic_load(&arena.solid) || seen + bytes > end)
			return NULL;
	} while (!atomic_compare_exchange_weak(&arena.head->carved, &seen, seen + bytes));
	return gt_live_at(seen);
}

static struct gt_buf *take_sized(bool large)
{
	struct gt_buf *b = pop(large ? &arena.free_large : &arena.free_small);

	if (!b) {
		b = carve(large ? GT_BUF_LARGE : GT_BUF_SMALL);
		if (b)
			b->bytes = large ? GT_BUF_LARGE : GT_BUF_SMALL;
	}
	return b;
}

struct gt_buf *gt_buf_take(bool large, uint32_t gen, uint32_t tid, uint64_t now)
{
	struct gt_buf *b = take_sized(large);

	if (!b) {
		atomic_store_explicit(&arena.scarce, true, memory_order_relaxed);
		b = take_sized(!large);
	}
	if (!b)
		return NULL;
	b->gen = gen;
	b->tid = tid;
	b->base = b->last = now;
	b->serial = atomic_fetch_add_explicit(&arena.serial, 1, memory_order_relaxed);
	b->events = 0;
	b->notes = 0;
	b->used = 0;
	b->top = b->bytes;
	return b;
}

void gt_buf_push(struct gt_buf *b)
{
	_Atomic uint32_t *queue = &arena.full[b->gen & 1];
	uint32_t seen = atomic_load(queue);

	do
		atomic_store_explicit(&b->next, seen, memory_order_relaxed);
	while (!atomic_compare_exchange_weak(queue, &seen, index_of(b)));
}

bool gt_buf_queued(uint32_t gen)
{
	return atomic_load(&arena.full[gen & 1]) != 0;
}

struct gt_buf *gt_buf_next(const struct gt_buf *b)
{
	return at_index(atomic_load(&b->next));
}

/* The queue is a stack, taken whole and turned round: one thread's pushes come out in their order. */
struct gt_buf *gt_buf_take_full(uint32_t gen)
{
	struct gt_buf *b = at_index(atomic_exchange(&arena.full[gen & 1], 0));
	uint32_t done = 0;

	while (b) {
		struct gt_buf *next = gt_buf_next(b);

		__builtin_prefetch(b->data); /* soon copied, and where its thread ran */
		__builtin_prefetch((uint8_t *)b + b->top);
		atomic_store_explicit(&b->next, done, memory_order_relaxed);
		done = index_of(b);
		b = next;
	}
	return at_index(done);
}

bool gt_buf_scarce(void)
{
	return atomic_exchange(&arena.scarce, false);
}

/* gtrace goes by the earliest, should the process be killed before the switcher has seen it. */
bool gt_buf_lose(uint32_t gen)
{
	uint32_t seen = atomic_load(&arena.head->lost);

	if (atomic_exchange(&arena.lost[gen & 1], gen) == gen)
		return false;
	while ((seen == 0 || gt_gen_after(seen, gen)) && !atomic_compare_exchange_weak(&arena.head->lost, &seen, gen))
		;
	return true;
}

bool gt_buf_is_lost(uint32_t gen)
{
	return atomic_load_explicit(&arena.lost[gen & 1], memory_order_relaxed) == gen;
}
