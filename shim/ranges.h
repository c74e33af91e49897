/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a thread does for a collector, from a begin to an end: stopping the world, assisting, sweeping. A reader gives up at
 * an end without its begin and at a second begin, so neither is written: both are counted.
 *
 * A stopped world and an assist belong to the thread; they may last over waits and generations. A sweep belongs to the
 * slot: it is broken off where the thread gives its slot up, or may lose it in a system call, and taken up again when the
 * thread runs again.
 *
 * Law: a thread's `ranges` are what the trace says of it. They change in the section that writes the event.
 *
 * Calls may come from any thread, with the rest of the program stopped: nothing here waits.
 */
#ifndef GT_RANGES_H
#define GT_RANGES_H

#include "section.h"

/* The bits of a thread's `ranges`. */
enum { GT_RANGE_STW = 1, GT_RANGE_ASSIST = 2, GT_RANGE_SWEEP = 4, GT_RANGE_SWEEP_BROKEN = 8 };

/* Those that this trace knows: what began before it has no begin in it. In a section, or of a thread in none. */
static inline uint8_t gt_ranges_of(const struct gt_thread *t)
{
	return t->ranges_in == atomic_load_explicit(&gt_gate.first, memory_order_relaxed) ? t->ranges : 0;
}

/* At start: the trace knows none. */
void gt_ranges_start(void);

/* Whether the world is stopped, or is about to be. A generation had better not end then: see advance.c. */
bool gt_stw_any(void);

/* How often it was about to be, ever. If there is none before and no other one begins, it was not stopped in between. */
uint32_t gt_stw_begins(void);

/* `kind`: why, of which 63 bytes count. Viewers take what has "GC" in it for the collector's. */
void gt_stw_begin(const char *kind, const void *pc);
void gt_stw_end(void);

void gt_assist_begin(const void *pc);
void gt_assist_end(void);

void gt_sweep_begin(const void *pc);
void gt_sweep_end(uint64_t swept, uint64_t reclaimed);

/* Whether the calling thread is in such a range, as far as the trace knows. */
bool gt_range_is_open(uint8_t range);

/* The rest of what is below. */
void gt_sweep_break_open(struct gt_section *s);
void gt_sweep_again_broken(struct gt_thread *t);
void gt_ranges_close_open(struct gt_section *s);

/* The section's thread is about to give its slot up, or may lose it. It still holds it. */
static inline void gt_sweep_break(struct gt_section *s)
{
	if (__builtin_expect(s->t->ranges & GT_RANGE_SWEEP, 0)) {
		struct gt_section copy = *s;

		gt_sweep_break_open(&copy);
		*s = copy;
	}
}

/* The calling thread runs again. Outside sections. */
static inline void gt_sweep_again(struct gt_thread *t)
{
	if (__builtin_expect(t->ranges & GT_RANGE_SWEEP_BROKEN, 0))
		gt_sweep_again_broken(t);
}

/* The thread's last word is written, perhaps by another one: what it had open ends with it. In that section. */
void gt_ranges_forget(struct gt_thread *t);

/* The section's thread is about to end. */
static inline void gt_ranges_close(struct gt_section *s)
{
	if (__builtin_expect(s->t->ranges, 0))
		gt_ranges_close_open(s);
}

#endif
