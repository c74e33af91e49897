/* SPDX-License-Identifier: BSD-3-Clause */
#include "stacks.h"

#include "heap.h"
#include "stack_table.h"

enum { SETS = 8, WAYS = 2 };

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
	struct gt_stack_options options;
	bool can_walk;
	bool is_known; /* whether it can */
} stacks;

bool gt_stacks_start(const struct gt_stack_options *options)
{
	stacks.options = *options;
	gt_callers_start(options->depth, options->fp);
	if (!stacks.is_known) /* a forked child goes on with what its parent has learned */
		stacks.can_walk = !options->off && gt_rules_start(options->find, &options->starts);
	stacks.is_known = true;
	return gt_stack_table_start();
}

void gt_stacks_populate(uint32_t gen)
{
	if (!stacks.options.off)
		gt_stack_table_populate(gen);
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
	stack = gt_stack_intern(gen, walk->pc, (uint32_t)walk->n);
	if (t->reads.is_all && stack.v)
		remember(t, pc, memo->whose | gen, from, stack);
	return stack;
}

static gt_stack_t stack_of_call(uint32_t gen, const void *pc_)
{
	uint64_t pc[2] = {(uint64_t)pc_, stacks.can_walk ? GT_MARK_SHORT : GT_MARK_UNKNOWN};

	return stacks.options.off || !pc_ ? (gt_stack_t){0} : gt_stack_intern(gen, pc, 2);
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
		return stack_of_call(gen, pc_);
	known = find(set_of(*memo, from.sp, pc), pc, memo[0]->whose | gen, &from);
	return known ? (gt_stack_t){known->id} : take(*memo, gen, pc, &from);
}

__attribute__((noinline)) gt_stack_t gt_stack_of_new_call(struct gt_known_call *call, uint32_t gen, const void *pc)
{
	gt_stack_t stack = stack_of_call(gen, pc);

	if (stack.v || stacks.options.off)
		*call = (struct gt_known_call){(uint64_t)pc, gen, (uint32_t)stack.v};
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

	return stacks.options.off ? (gt_stack_t){0} : gt_stack_intern(gen, pc, 2);
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
	return walk->n ? gt_stack_intern(gen, walk->pc, (uint32_t)walk->n) : (gt_stack_t){0};
}

gt_stack_t gt_stack_of_copy(struct gt_memo **memo, uint32_t gen, const struct gt_registers *at, uint8_t *copy,
			    size_t bytes)
{
	struct gt_walk *walk = begin_walk(memo, at);

	if (!walk)
		return stack_of_place(gen, at->pc);
	gt_callers_of_copy(walk, copy, bytes);
	return walk->n ? gt_stack_intern(gen, walk->pc, (uint32_t)walk->n) : (gt_stack_t){0};
}

gt_stack_t gt_stack_of_start(uint32_t gen, const void *routine)
{
	uint64_t pc = (uint64_t)routine + 1;

	return stacks.options.off || !routine ? (gt_stack_t){0} : gt_stack_intern(gen, &pc, 1);
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
	return stacks.options.off || n == 0 ? (gt_stack_t){0} : gt_stack_intern(gen, frame, n);
}

/* What was taken of the last owner's stack stays, and is nobody's. */
void gt_stack_begin(struct gt_memo **memo, uint64_t goid, const void *hi)
{
	if (!stacks.can_walk || !have_memo(memo))
		return;
	memo[0]->whose = goid << 32;
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
