/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fibers: Gs that may be switched. A thread record is an M and the G that it runs; when it switches to another G, what is
 * the G's own goes into the G's fiber, and what lies in the other fiber into the record. So nothing else needs to know.
 *
 * A fiber is a coroutine or the G that a thread began with, its home. Its word says who owns the rest:
 *   FREE     nobody
 *   PARKED   whoever takes it by a compare-and-swap of the word, in a section that is not of an older generation than the
 *            word. In the trace it waits
 *   RUNNING  the thread that runs it
 * It is PARKED in the section that writes the GoSwitch away from it, or the GoCreateBlocked, after everything else.
 */
#ifndef GT_FIBER_H
#define GT_FIBER_H

#include "callers.h"
#include "gate.h"
#include "proc.h"

enum { GT_FIBERS_MAX = 1 << 17, GT_FIBER_NAME = 32 };

enum gt_fiber_state { GT_FIBER_FREE, GT_FIBER_PARKED, GT_FIBER_RUNNING };

/* Which fiber, and of those that had its record, which one: serial and index. 0: none. Stays good as a number for ever. */
typedef uint64_t gt_fiber_ref;

struct gt_fiber {
	_Atomic uint64_t word; /* state 3 bits, generation of its last event 29, serial 32 */
	_Atomic uintptr_t lo, hi; /* its stack, as far as known; hi 0: not at all */
	uintptr_t sp; /* where it was parked: nothing below is in use */
	uintptr_t base; /* where its function's return address lies; 0: never run, or not by us */
	uint64_t goid;
	uint32_t gseq;
	uint32_t traced[2];
	uint32_t index;
	_Atomic uint32_t next_free;
	const void *callable;
	struct gt_regions *regions; /* while it is parked; in a fresh one, memory for them, or NULL */
	struct gt_span span; /* what of its stack was confirmed */
	uint64_t seen; /* by the switcher: see snapshot.c */
	uint64_t ended; /* the first G that ended in this record in generation `ended_in` */
	uint32_t ended_in, ended_traced; /* its mark of the generation before */
	char name[GT_FIBER_NAME]; /* its label; empty: none */
	uint32_t named; /* the trace that knows it, by its first generation */
	uint32_t ranges_in; /* the trace that knows them */
	uint8_t ranges; /* of the G, that are open while it is parked: see ranges.h */
	uint8_t seen_ranges; /* by the switcher, with `seen` */
	bool is_home;
	bool is_over; /* it ends when the thread that runs it switches next */
} __attribute__((aligned(64)));

static inline uint64_t gt_fiber_word(enum gt_fiber_state state, uint32_t gen, uint64_t serial)
{
	return (uint64_t)state << 61 | (uint64_t)(gen & 0x1fffffff) << 32 | (uint32_t)serial;
}

static inline enum gt_fiber_state gt_fiber_word_state(uint64_t word)
{
	return (enum gt_fiber_state)(word >> 61);
}

static inline uint32_t gt_fiber_word_gen(uint64_t word)
{
	return (uint32_t)(word >> 32) & 0x1fffffff;
}

static inline uint32_t gt_fiber_word_serial(uint64_t word)
{
	return (uint32_t)word;
}

/* Its open ranges while it is parked, as far as this trace knows. */
static inline uint8_t gt_fiber_ranges(const struct gt_fiber *f)
{
	return f->ranges_in == atomic_load_explicit(&gt_gate.first, memory_order_relaxed) ? f->ranges : 0;
}

/* Whether there has been a fiber in this process: until then nothing of all this costs anything. */
extern _Atomic uint32_t gt_fiber_count;

static inline bool gt_fiber_any(void)
{
	return __builtin_expect(atomic_load_explicit(&gt_fiber_count, memory_order_relaxed) != 0, 0);
}

/* There is none: at start, and in a forked child, whose coroutines are strangers. */
void gt_fiber_start(void);

/* A fresh fiber, RUNNING, or NULL, counted as a drop. Any thread; lock-free. */
struct gt_fiber *gt_fiber_take(void);

/* It is FREE. By its owner. */
void gt_fiber_give_back(struct gt_fiber *f);

/* The fiber with this index: 1 to gt_fiber_count. */
struct gt_fiber *gt_fiber_at(uint32_t index);

/* By its owner, or while it can't change its record. */
gt_fiber_ref gt_fiber_ref_of(const struct gt_fiber *f);

/* The fiber that is meant, and its word; NULL when it is gone, or never was. */
struct gt_fiber *gt_fiber_of(gt_fiber_ref ref, uint64_t *word);

#endif
