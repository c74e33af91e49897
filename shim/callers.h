/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who called: from the registers of a thread outwards, frame by frame, by the rules of the code that it meets.
 *
 * Only the calling thread's own stack is read, and only where memory is known to be: inside the span of the thread's
 * stack, or on a page that the kernel confirmed. What can't be followed ends the walk, and is marked.
 */
#ifndef GT_CALLERS_H
#define GT_CALLERS_H

#include "format/event.h"
#include "rules.h"

enum {
	GT_CALLERS_MAX = 128, /* frames with the mark: more are no Go trace */
	GT_READS_MAX = 70, /* words of a stack that a walk is remembered by */
};

/* At a call: what they will be when it has returned. */
struct gt_registers {
	uint64_t pc, sp, fp;
};

/* Memory that is there as long as the thread lives: [lo, hi), hi 0 where nothing is known. */
struct gt_span {
	uint64_t lo, hi;
};

/* What a walk has read, as words counted from the stack pointer: the same words mean the same callers. */
struct gt_reads {
	uint64_t sum;
	uint16_t at[GT_READS_MAX + 1]; /* those of the walk before are where this one looks first */
	uint8_t n;
	bool fp; /* and the frame pointer itself counts */
	bool is_all; /* nothing else was read */
};

/*
 * What the words of a sum are multiplied with, in their order: the frame pointer, and what is read. Numbers without any law:
 * with a law, differences between two stacks could cancel each other out. A single word that differs always shows.
 */
extern uint64_t gt_callers_key[GT_CALLERS_MAX + 3] __attribute__((visibility("hidden")));

/* Whether the same words lie in the same places now, counted from these registers. A sanitizer would know no such objects. */
static inline __attribute__((no_sanitize("address"))) bool gt_reads_again(const struct gt_reads *reads,
									  const struct gt_registers *from)
{
	uint64_t sum = reads->fp ? from->fp * gt_callers_key[0] : 0;

	for (int i = 0; i < reads->n; i++)
		sum += ((const uint64_t *)from->sp)[reads->at[i]] * gt_callers_key[i + 1];
	return sum == reads->sum;
}

struct gt_walk {
	struct gt_span *span; /* grows downwards while walking */
	struct gt_registers from;
	uint64_t *pc; /* room for GT_CALLERS_MAX + 3: where calls return to, innermost first, and perhaps a mark */
	struct gt_reads *reads;
	struct gt_rules_work work;
	uint64_t page; /* confirmed */
	uint64_t fp_at; /* where the frame pointer was loaded from, if that is not noted yet */
	int n;
	bool is_copy; /* of a stack: nothing beyond it is read */
};

/* `depth`: most frames. `fp`: the program's own code is followed by its frame pointers. At start, before any walk. */
void gt_callers_start(int depth, bool fp);

/* Fills pc[], n and reads; the rest is set by the caller. In a section, by the thread whose stack it is. */
void gt_callers(struct gt_walk *walk);

/* The same from code that was interrupted there: its address is no return address. */
void gt_callers_interrupted(struct gt_walk *walk);

/*
 * The same from a copy of the stack of another thread, which goes on: `bytes` of what lay at from.sp, with the same alignment,
 * changed here. Its code may be unloaded meanwhile. The span is filled in. Under the switch lock.
 */
void gt_callers_of_copy(struct gt_walk *walk, uint8_t *copy, size_t bytes);

#endif
