/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stacks: taken where operations happen, each once in the table of its generation.
 *
 * The tables are lock-free and bounded, one per generation parity. An id means something in its generation only. A full
 * table is counted, and the event goes without.
 *
 * In front of the walk every thread has a few stacks that it took before: where the same words lie in the same places,
 * the callers are the same.
 */
#ifndef GT_STACKS_H
#define GT_STACKS_H

#include "callers.h"
#include "format/event.h"

#include <stdbool.h>

struct gt_memo;

/* A call and its stack that is it alone, in a generation. */
struct gt_known_call {
	uint64_t pc;
	uint32_t gen;
	uint32_t id;
};

/* How many of them a thread remembers. */
enum { GT_CALLS_BITS = 3, GT_CALLS = 1 << GT_CALLS_BITS };

struct gt_stack_options {
	bool off; /* no stacks */
	bool fp; /* by frame pointers */
	int depth;
	gt_find_object_fn *find; /* NULL: only the call itself can be had */
	struct gt_starts starts;
};

/* At start, and in a forked child. False without memory. */
bool gt_stacks_start(const struct gt_stack_options *options);

/*
 * Has the kernel hand out, at the second call, the memory of as many stacks as most generations need, so that the program's
 * threads don't wait for it page by page. For the generation under way, by the writer thread at each look, under the switch lock.
 */
void gt_stacks_populate(uint32_t gen);

/* When there is a new live file, before anything is recorded: its tables are those of all stacks, and empty. */
void gt_stacks_attach(void);

/*
 * Who called us, up to the outermost frame. `pc`: where in the program the entry point was called. The stack consists of
 * it alone when nothing more is known. In a section of generation `gen`, by the thread itself; `memo` is its own,
 * NULL at first.
 */
gt_stack_t gt_stack_here(struct gt_memo **memo, uint32_t gen, const void *pc);

/* Who called the code that a signal has interrupted, by the thread itself; in a section of `gen`. */
gt_stack_t gt_stack_interrupted(struct gt_memo **memo, uint32_t gen, const struct gt_registers *at);

/*
 * The same from a copy of another thread's stack: callers.h. Under the switch lock, `gen` being the generation under way, or the
 * one that is closed and has no section open.
 */
gt_stack_t gt_stack_of_copy(struct gt_memo **memo, uint32_t gen, const struct gt_registers *at, uint8_t *copy,
			    size_t bytes);

/* How much of the thread's stack is in use with this stack pointer; 0: it is another stack, or nobody knows. */
uint64_t gt_stack_used(const struct gt_memo *memo, uint64_t sp);

/* The rest of gt_stack_of_call(). */
gt_stack_t gt_stack_of_new_call(struct gt_known_call *call, uint32_t gen, const void *pc);

/* The call alone, marked as not more than that. In a section of `gen`, by the thread whose `calls` they are. */
static inline __attribute__((always_inline)) gt_stack_t gt_stack_of_call(struct gt_known_call *calls, uint32_t gen,
									 const void *pc)
{
	struct gt_known_call *call = &calls[((uint64_t)pc * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - GT_CALLS_BITS)];

	if (__builtin_expect(call->pc == (uint64_t)pc && call->gen == gen, 1))
		return (gt_stack_t){call->id};
	return gt_stack_of_new_call(call, gen, pc);
}

/* The routine that a thread starts with. In a section of `gen`. */
gt_stack_t gt_stack_of_start(uint32_t gen, const void *routine);

/*
 * What is known of a thread that has written nothing in the generation: where it waits and the routine that it started with;
 * each may be NULL. By the switcher, when no section of `gen` is open any more.
 */
gt_stack_t gt_stack_of_silent(uint32_t gen, const void *pc, const void *routine);

/* The thread that the memo belongs to begins, with G `goid`, and its stack ends at `hi`; NULL: nobody knows where. */
void gt_stack_begin(struct gt_memo **memo, uint64_t goid, const void *hi);

/*
 * The thread goes on with the stack of G `goid`, of which `span` is confirmed. Returns the span of the one before.
 */
struct gt_span gt_stack_move(struct gt_memo **memo, uint64_t goid, struct gt_span span);

/*
 * The stacks of a generation that nobody writes in any more, one after the other: the id, 0 behind the last one; *n
 * addresses at *pc. `id` is the one before, 0 at first. Then they are forgotten. Switcher only.
 */
uint32_t gt_stacks_next(uint32_t gen, uint32_t id, const uint64_t **pc, uint32_t *n);
void gt_stacks_forget(uint32_t gen);

/* Makes room ahead of demand in the live file. Not in a section. */
void gt_stacks_reserve(void);

#endif
