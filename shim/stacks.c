/* SPDX-License-Identifier: BSD-3-Clause */
#include "stacks.h"

#include "heap.h"
#include "live.h"
#include "os.h"
#include "thread.h"

#include <sys/mman.h>

enum {
	SLOTS = 1 << 15,
	PROBES = 64,
	SETS = 8,
	WAYS = 2,
	PIECE = 1 << 18, /* nobody else can map memory meanwhile */
};

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

/*
 * All addresses are return addresses, or look like them: the code that is meant lies in front.
 *
 * A stack is a head and its addresses in the live file, and its id is where the head stands. The upper half of the head is
 * its slot. A slot holds the id and the upper half of the hash. The heads are enough to find all stacks, also those that
 * lost a race and have no slot.
 */
struct table {
	_Atomic uint64_t slot[SLOTS];
	struct gt_live_stacks *live;
};

/* A stack that was taken before. */
struct taken {
	uint64_t sp, pc;
	uint32_t id;
	uint64_t when; /* the generation, and whose stack; 0: none */
	struct gt_reads reads;
};

struct gt_memo {
	struct gt_span span;
	uint64_t whose; /* stack: the lower half of its G's id, in the upper half */
	struct taken taken[SETS][WAYS];
	uint32_t turn; /* which way is overwritten next */
	uint64_t pc[GT_CALLERS_MAX + 3];
	struct gt_walk walk;
	struct gt_reads reads; /* of walks that are not remembered */
};

static struct {
	struct table *table[2];
	struct gt_stack_options options;
	bool can_walk;
	bool populated[2];
} stacks;

/* The slots of a parent that was forked while it took stacks are not empty: they get new pages. */
static bool start_tables(void)
{
	for (int i = 0; i < 2; i++) {
		if (stacks.table[i])
			GT_SYSCALL(SYS_madvise, stacks.table[i], sizeof(struct table), MADV_DONTNEED, 0);
		else
			stacks.table[i] = gt_os_map(sizeof(struct table));
		if (!stacks.table[i])
			return false;
	}
	return true;
}

bool gt_stacks_start(const struct gt_stack_options *options)
{
	stacks.options = *options;
	gt_callers_start(options->depth, options->fp);
	if (!stacks.table[0]) /* a forked child goes on with what its parent has learned */
		stacks.can_walk = !options->off && gt_rules_start(options->find, &options->starts);
	return start_tables();
}

void gt_stacks_attach(void)
{
	for (int i = 0; i < 2; i++) {
		stacks.table[i]->live = gt_live_at(gt_live_head()->stacks[i]);
		atomic_store(&stacks.table[i]->live->used, 1);
		stacks.populated[i] = false;
	}
}

static void populate(void *from, size_t len)
{
	for (size_t at = 0; at < len; at += PIECE)
		GT_SYSCALL(SYS_madvise, (char *)from + at, len - at < PIECE ? len - at : PIECE, MADV_POPULATE_WRITE, 0);
}

void gt_stacks_populate(uint32_t gen)
{
	struct table *t = stacks.table[gen & 1];

	if (gen == 0 || stacks.options.off || stacks.populated[gen & 1])
		return;
	stacks.populated[gen & 1] = true;
	populate(t->slot, sizeof(t->slot));
	populate(t->live, sizeof(*t->live) + atomic_load(&t->live->room) * sizeof(t->live->word[0]));
}

static uint64_t hash_of(const uint64_t *pc, uint32_t n)
{
	uint64_t h = n;

	for (uint32_t i = 0; i < n; i++)
		h += pc[i] * gt_callers_key[i];
	return h ^ h >> 29;
}

static bool is_same(const struct table *t, uint32_t id, const uint64_t *pc, uint32_t n)
{
	uint64_t differ = (uint32_t)t->live->word[id] ^ n;

	for (uint32_t i = 0; i < n && !differ; i++)
		differ = t->live->word[id + 1 + i] ^ pc[i];
	return !differ;
}

/* Where the stack is written, not yet to be found. 0: the table is full. */
static uint32_t add(struct table *t, const uint64_t *pc, uint32_t n)
{
	struct gt_live_stacks *live = t->live;
	uint32_t room = atomic_load_explicit(&live->room, memory_order_relaxed);
	uint32_t id = atomic_load_explicit(&live->used, memory_order_relaxed);
	uint64_t *to;

	do {
		if (id + 1 + n > room)
			return 0;
	} while (!atomic_compare_exchange_weak_explicit(&live->used, &id, id + 1 + n, memory_order_relaxed,
							memory_order_relaxed));
	to = &live->word[id];
	*to++ = n | (uint64_t)SLOTS << 32;
	while (n--)
		*to++ = *pc++;
	return id;
}

static gt_stack_t lost(void)
{
	gt_drop(GT_DROP_STACKS);
	return (gt_stack_t){0};
}

static gt_stack_t intern(uint32_t gen, const uint64_t *pc, uint32_t n)
{
	struct table *t = stacks.table[gen & 1];
	uint64_t hash = hash_of(pc, n);
	uint32_t at = (uint32_t)(hash >> 32) % SLOTS, id = 0;

	for (int i = 0; i < PROBES; i++, at = (at + 1) % SLOTS) {
		uint64_t seen = atomic_load_explicit(&t->slot[at], memory_order_acquire);

		if (seen == 0) {
			id = id ? id : add(t, pc, n);
			if (id == 0)
				return lost();
			t->live->word[id] = n | (uint64_t)at << 32;
			if (atomic_compare_exchange_strong(&t->slot[at], &seen, hash >> 32 << 32 | id))
				return (gt_stack_t){id};
			t->live->word[id] = n | (uint64_t)SLOTS << 32;
		}
		if (seen >> 32 == hash >> 32 && is_same(t, (uint32_t)seen, pc, n))
			return (gt_stack_t){(uint32_t)seen};
	}
	return lost();
}

uint32_t gt_stacks_next(uint32_t gen, uint32_t id, const uint64_t **pc, uint32_t *n)
{
	struct table *t = stacks.table[gen & 1];

	id = id ? id + 1 + (uint32_t)t->live->word[id] : 1;
	if (id >= atomic_load(&t->live->used))
		return 0;
	*n = (uint32_t)t->live->word[id];
	*pc = &t->live->word[id + 1];
	return id;
}

void gt_stacks_forget(uint32_t gen)
{
	struct table *t = stacks.table[gen & 1];
	uint32_t n, id = 0;
	const uint64_t *pc;

	while ((id = gt_stacks_next(gen, id, &pc, &n))) {
		uint32_t at = (uint32_t)(t->live->word[id] >> 32);

		if (at < SLOTS)
			atomic_store_explicit(&t->slot[at], 0, memory_order_relaxed);
	}
	atomic_store(&t->live->used, 1);
}

void gt_stacks_reserve(void)
{
	enum { WORD = sizeof(uint64_t), HEAD = sizeof(struct gt_live_stacks), MOST = (GT_LIVE_STACKS - HEAD) / WORD };

	for (int i = 0; i < 2; i++) {
		struct gt_live_stacks *live = stacks.table[i]->live;
		uint64_t room = atomic_load(&live->room), want = 4 * room < MOST ? 4 * room : MOST;
		uint64_t at = gt_live_head()->stacks[i] + HEAD;

		if (room < MOST && atomic_load(&live->used) > room / 4 && gt_live_solid(at + room * WORD, at + want * WORD))
			atomic_store(&live->room, (uint32_t)want);
	}
}

static struct taken *set_of(struct gt_memo *memo, uint64_t sp, uint64_t pc)
{
	return memo->taken[((sp ^ pc << 7) * UINT64_C(0x9e3779b97f4a7c15)) >> 61];
}

static bool is_again(const struct taken *t, uint64_t pc, uint64_t when, const struct gt_registers *from)
{
	return t->sp == from->sp && t->pc == pc && t->when == when && gt_reads_again(&t->reads, from);
}

/* The one in the set that is the same; NULL: none is. */
static inline const struct taken *find(const struct taken *set, uint64_t pc, uint64_t when,
				       const struct gt_registers *from)
{
	for (int i = 0; i < WAYS; i++) {
		if (is_again(&set[i], pc, when, from))
			return &set[i];
	}
	return NULL;
}

/* The way that is overwritten: not remembered until remember() says so. */
static struct taken *victim(struct gt_memo *memo, struct taken *set)
{
	struct taken *t = &set[memo->turn++ % WAYS];

	t->when = 0;
	return t;
}

static void remember(struct taken *t, uint64_t pc, uint64_t when, const struct gt_registers *from, gt_stack_t stack)
{
	t->sp = from->sp;
	t->pc = pc;
	t->id = (uint32_t)stack.v;
	t->when = when;
}

static bool have_memo(struct gt_memo **memo)
{
	if (!*memo)
		*memo = gt_heap_take(sizeof(**memo));
	return *memo != NULL;
}

static __attribute__((noinline)) gt_stack_t take(struct gt_memo *memo, uint32_t gen, uint64_t pc,
						 const struct gt_registers *from)
{
	struct taken *t = victim(memo, set_of(memo, from->sp, pc));
	struct gt_walk *walk = &memo->walk;
	gt_stack_t stack;

	walk->span = &memo->span;
	walk->from = *from;
	walk->pc = memo->pc;
	walk->reads = &t->reads;
	gt_callers(walk);
	if (walk->n == 0 && pc)
		walk->pc[walk->n++] = pc;
	if (walk->n == 0)
		return (gt_stack_t){0};
	stack = intern(gen, walk->pc, (uint32_t)walk->n);
	if (t->reads.is_all && stack.v)
		remember(t, pc, memo->whose | gen, from, stack);
	return stack;
}

__attribute__((noinline)) gt_stack_t gt_stack_here(struct gt_memo **memo, uint32_t gen, const void *pc_)
{
	const uint64_t *frame = __builtin_frame_address(0);
	struct gt_registers from = {(uint64_t)__builtin_return_address(0), (uint64_t)(frame + 2), frame[0]};
	uint64_t pc = (uint64_t)pc_;
	const struct taken *known;

	if (stacks.options.off)
		return (gt_stack_t){0};
	if (!stacks.can_walk || !have_memo(memo))
		return gt_stack_of_call(memo, gen, pc_);
	known = find(set_of(*memo, from.sp, pc), pc, memo[0]->whose | gen, &from);
	return known ? (gt_stack_t){known->id} : take(*memo, gen, pc, &from);
}

gt_stack_t gt_stack_of_call(struct gt_memo **memo, uint32_t gen, const void *pc_)
{
	static const struct gt_registers nothing;
	uint64_t pc[2] = {(uint64_t)pc_, stacks.can_walk ? GT_MARK_SHORT : GT_MARK_UNKNOWN};
	const struct taken *known;
	struct taken *set, *t;
	gt_stack_t stack;

	if (stacks.options.off || !pc_ || !have_memo(memo))
		return (gt_stack_t){0};
	set = set_of(*memo, 0, pc[0]);
	known = find(set, pc[0], gen, &nothing);
	if (known)
		return (gt_stack_t){known->id};
	stack = intern(gen, pc, 2);
	t = victim(*memo, set);
	t->reads.sum = 0;
	t->reads.n = 0;
	t->reads.fp = false;
	remember(t, pc[0], gen, &nothing, stack);
	return stack;
}

uint64_t gt_stack_used(const struct gt_memo *memo, uint64_t sp)
{
	return memo && sp >= memo->span.lo && sp < memo->span.hi ? memo->span.hi - sp : 0;
}

/* Where nothing but the place itself can be known. */
static gt_stack_t stack_of_place(uint32_t gen, uint64_t place)
{
	uint64_t pc[2] = {place + 1, GT_MARK_UNKNOWN};

	return stacks.options.off ? (gt_stack_t){0} : intern(gen, pc, 2);
}

/* A walk that will not be remembered; NULL: nobody can walk. */
static struct gt_walk *begin_walk(struct gt_memo **memo, const struct gt_registers *from)
{
	struct gt_walk *walk;

	if (!stacks.can_walk || !have_memo(memo))
		return NULL;
	walk = &(*memo)->walk;
	walk->span = &(*memo)->span;
	walk->from = *from;
	walk->pc = (*memo)->pc;
	walk->reads = &(*memo)->reads;
	return walk;
}

gt_stack_t gt_stack_interrupted(struct gt_memo **memo, uint32_t gen, const struct gt_registers *at)
{
	struct gt_walk *walk = begin_walk(memo, at);

	if (!walk)
		return stack_of_place(gen, at->pc);
	gt_callers_interrupted(walk);
	return walk->n ? intern(gen, walk->pc, (uint32_t)walk->n) : (gt_stack_t){0};
}

gt_stack_t gt_stack_of_copy(struct gt_memo **memo, uint32_t gen, const struct gt_registers *at, uint8_t *copy,
			    size_t bytes)
{
	struct gt_walk *walk = begin_walk(memo, at);

	if (!walk)
		return stack_of_place(gen, at->pc);
	gt_callers_of_copy(walk, copy, bytes);
	return walk->n ? intern(gen, walk->pc, (uint32_t)walk->n) : (gt_stack_t){0};
}

gt_stack_t gt_stack_of_start(uint32_t gen, const void *routine)
{
	uint64_t pc = (uint64_t)routine + 1;

	return stacks.options.off || !routine ? (gt_stack_t){0} : intern(gen, &pc, 1);
}

gt_stack_t gt_stack_of_silent(uint32_t gen, const void *pc, const void *routine)
{
	uint64_t frame[3];
	uint32_t n = 0;

	if (pc)
		frame[n++] = (uint64_t)pc;
	if (pc && routine)
		frame[n++] = GT_MARK_UNKNOWN;
	if (routine)
		frame[n++] = (uint64_t)routine + 1;
	return stacks.options.off || n == 0 ? (gt_stack_t){0} : intern(gen, frame, n);
}

void gt_stack_begin(struct gt_memo **memo, const void *hi)
{
	if (!stacks.can_walk || !have_memo(memo))
		return;
	for (int i = 0; i < SETS * WAYS; i++)
		memo[0]->taken[i / WAYS][i % WAYS].when = 0;
	memo[0]->whose = 0;
	memo[0]->span = (struct gt_span){(uint64_t)hi & ~UINT64_C(4095), (uint64_t)hi};
}

struct gt_span gt_stack_move(struct gt_memo **memo, uint64_t goid, struct gt_span span)
{
	struct gt_span before = {0, 0};

	if (!stacks.can_walk || !have_memo(memo))
		return before;
	before = memo[0]->span;
	memo[0]->span = span;
	memo[0]->whose = goid << 32;
	return before;
}
