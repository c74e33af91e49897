/* SPDX-License-Identifier: BSD-3-Clause */
#include "thread.h"

#include "heap.h"

struct gt_thread gt_thread_ignored = {.state = GT_T_EXITED};
_Thread_local struct gt_thread *gt_self;

static _Atomic uint64_t drops_before[GT_DROPS];
_Atomic uint64_t *gt_drops = drops_before;

/* Index 0 is nobody. Wakers read this, and who makes and ends threads writes what is below. */
static struct {
	struct gt_thread *all;
	uint32_t max;
	_Atomic uint32_t count;
} threads GT_OWN_LINE;

/* The free list is a stack of indexes with a counter in the upper half against ABA. */
static struct {
	_Atomic uint64_t free;
	_Atomic uint64_t goid;
} next GT_OWN_LINE;

bool gt_thread_table_start(uint32_t max)
{
	for (uint32_t i = 1; i <= threads.count; i++)
		atomic_store(&threads.all[i].state, GT_T_FREE);
	__builtin_memset(&threads, 0, sizeof(threads));
	__builtin_memset(&next, 0, sizeof(next));
	threads.all = gt_heap_take((size_t)(max + 1) * sizeof(struct gt_thread));
	threads.max = max;
	return threads.all != NULL;
}

void gt_drops_to(_Atomic uint64_t *where)
{
	_Atomic uint64_t *to = where ? where : drops_before;

	for (int i = 0; i < GT_DROPS; i++)
		atomic_store(&to[i], i == GT_DROP_HEAP ? atomic_load(&gt_drops[i]) : 0); /* that one is for good */
	gt_drops = to;
}

uint32_t gt_thread_count(void)
{
	return atomic_load_explicit(&threads.count, memory_order_acquire);
}

struct gt_thread *gt_thread_at(uint32_t index)
{
	return &threads.all[index];
}

static struct gt_thread *pop_free(void)
{
	uint64_t seen = atomic_load(&next.free);

	for (;;) {
		struct gt_thread *t = &threads.all[(uint32_t)seen];

		if ((uint32_t)seen == 0)
			return NULL;
		if (atomic_compare_exchange_weak(&next.free, &seen,
						 ((seen >> 32) + 1) << 32 | atomic_load(&t->next_free)))
			return t;
	}
}

static struct gt_thread *extend(void)
{
	uint32_t n = atomic_load(&threads.count);

	do {
		if (n >= threads.max)
			return NULL;
	} while (!atomic_compare_exchange_weak(&threads.count, &n, n + 1));
	threads.all[n + 1].index = n + 1;
	return &threads.all[n + 1];
}

struct gt_thread *gt_thread_take(void)
{
	struct gt_thread *t = pop_free();

	if (!t)
		t = extend();
	if (!t) {
		gt_drop(GT_DROP_THREADS);
		return NULL;
	}
	/* The marks stay: the switcher may still be closing a generation in which the last owner had events. */
	gt_thread_tell(t);
	__atomic_store_n(&t->goid, 0, __ATOMIC_RELEASE);
	t->fiber = NULL;
	t->home = 0;
	t->stack_lo = t->stack_hi = 0;
	t->stack_len = UINTPTR_MAX;
	t->start.routine = NULL;
	t->start.stack.lo = 0;
	__builtin_memset(t->name, 0, sizeof(t->name));
	t->proc = t->kept = NULL;
	t->op = NULL;
	t->first_serial = t->serial;
	t->number = GT_NO_CALL;
	t->fd = -1;
	t->place = GT_PLACE_NONE;
	t->foreign = t->is_marker = false;
	t->ranges = t->gc_wait = 0;
	t->is_label = false;
	t->named = 0;
	t->resuming = 0;
	t->wants_flush = false;
	atomic_store_explicit(&t->is_open, false, memory_order_relaxed);
	t->cpu_timer = 0;
	atomic_store_explicit(&t->tid, 0, memory_order_relaxed);
	atomic_store_explicit(&t->wait, gt_wait_word(0, t->serial, GT_WAIT_NONE), memory_order_relaxed);
	return t;
}

uint64_t gt_thread_next_goid(void)
{
	return atomic_fetch_add(&next.goid, 1) + 1;
}

void gt_thread_number(struct gt_thread *t)
{
	t->goid = gt_thread_next_goid();
}

void gt_thread_tell(struct gt_thread *t)
{
	for (int i = 0; i < 2; i++) {
		if (gt_gen_after(t->traced[i], t->told[i]))
			__atomic_store_n(&t->told[i], t->traced[i], __ATOMIC_RELEASE);
	}
}

void gt_thread_give_back(struct gt_thread *t)
{
	uint64_t seen = atomic_load(&next.free);

	atomic_store_explicit(&t->state, GT_T_FREE, memory_order_release);
	do
		atomic_store_explicit(&t->next_free, (uint32_t)seen, memory_order_relaxed);
	while (!atomic_compare_exchange_weak(&next.free, &seen, ((seen >> 32) + 1) << 32 | t->index));
}
