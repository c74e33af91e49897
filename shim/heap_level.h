/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * HeapAlloc and HeapGoal: how many bytes of the heap are in use, and how many it aims at.
 *
 * Two may know: a collector, which says so, and the count of what malloc hands out. Where a collector speaks, its word
 * alone is written. The level is written whenever it has changed by GT_HEAP_STEP, and once in each generation, with the
 * first event of a running thread, so that a piece of a trace has it too.
 */
#ifndef GT_HEAP_LEVEL_H
#define GT_HEAP_LEVEL_H

#include "section.h"

#include <stdint.h>

enum { GT_HEAP_STEP = 256 << 10 };

/* At start, also in a forked child: nothing of this trace was written yet. What is in use stays in use. */
void gt_heap_level_start(void);

/* A collector says how much is in use, or what it aims at; written at once. An operation like others: see sched.h. */
void gt_heap_level_set(uint64_t bytes);
void gt_heap_level_set_goal(uint64_t bytes);

/* malloc is counted from now on, with so many bytes in use. The calling thread writes that, and has begun. */
void gt_heap_level_count(int64_t in_use);

/*
 * What the calling thread has taken (or given back) and not added to the count yet, above GT_HEAP_EVEN. A thread that
 * nobody watches until its end has GT_HEAP_ALOOF here, where nothing may be pending: each of its objects is added at once.
 */
extern _Thread_local int64_t gt_heap_pending __attribute__((tls_model("initial-exec")));

#define GT_HEAP_EVEN ((int64_t)GT_HEAP_STEP)
#define GT_HEAP_ALOOF (INT64_C(1) << 62)

/*
 * Adds what is pending. Any thread at any time, also in a section; errno stays. gt_heap_settle() also writes the level if it
 * changed enough and the calling thread runs; if not, somebody else will.
 */
void gt_heap_add_pending(void);
void gt_heap_settle(void);

/* The calling thread took so many bytes. Any thread at any time. True: gt_heap_settle() is due, soon. */
static inline bool gt_heap_took(int64_t bytes)
{
	int64_t pending = gt_heap_pending + bytes;

	gt_heap_pending = pending;
	return __builtin_expect((uint64_t)pending >= 2 * GT_HEAP_STEP, 0);
}

static inline void gt_heap_count(int64_t bytes)
{
	if (gt_heap_took(bytes))
		gt_heap_settle();
}

/* From now on what the calling thread takes may be pending; it must not be any more before the thread is gone. */
void gt_heap_thread_begins(void);
void gt_heap_thread_ends(void);

/*
 * Before a generation ends, by the switcher. Asks now and then for the limit that the count runs up against: the goal, where
 * no collector has one. If the level has changed since it was written, the writer, whose tid this is (0: it is not there),
 * tells it in its own stream, and takes a slot for that: those who took the memory may have been unable to write, or
 * have said nothing since.
 */
void gt_heap_level_look(uint32_t writer);

/* Before the trace ends: writes the level if it has changed at all. */
void gt_heap_level_flush(void);

/* In the section of a running thread: both are written unless this generation has them. */
void gt_heap_level_first(struct gt_section *s);

extern struct gt_heap_told {
	_Atomic uint32_t known; /* by whom; 0: nobody knows */
	_Atomic uint32_t gen; /* in which both were written */
} gt_heap_told;

/* Whether gt_heap_level_first() has nothing to write. */
static inline bool gt_heap_level_is_told(uint32_t gen)
{
	return atomic_load_explicit(&gt_heap_told.known, memory_order_relaxed) == 0 ||
	       atomic_load_explicit(&gt_heap_told.gen, memory_order_relaxed) == gen;
}

#endif
