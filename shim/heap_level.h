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

/* malloc is counted from now on, with so many bytes in use; the calling thread writes that. */
void gt_heap_level_count(int64_t in_use);
bool gt_heap_level_is_counted(void);

/* The limit that the count runs up against; 0: none. Written with the next generation. */
void gt_heap_level_limit(uint64_t bytes);

/*
 * Adds to the count. Any thread at any time, also in a section. The level is written if it changed enough and the
 * calling thread runs; if not, somebody else will.
 */
void gt_heap_level_add(int64_t bytes);

/* Writes the level if it has changed at all: before the trace ends. */
void gt_heap_level_flush(void);

/* In the section of a running thread: both are written unless this generation has them. */
void gt_heap_level_first(struct gt_section *s);

#endif
