/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Status events: the first mention of a slot or a thread in a generation is its state before that event, and
 * its sequence counter starts again there. The marks are plain memory of whoever owns the resource.
 */
#ifndef GT_STATUS_H
#define GT_STATUS_H

#include "emit.h"
#include "flight.h"
#include "heap_level.h"
#include "ranges.h"

static inline gt_reason_string_t gt_block_string(enum gt_block_reason r)
{
	return (gt_reason_string_t){GT_STRING_BLOCK + r};
}

static inline gt_reason_string_t gt_stop_string(enum gt_stop_reason r)
{
	return (gt_reason_string_t){GT_STRING_STOP + r};
}

/* Says the state of a slot that the section's thread owns, unless this generation knows it. */
static inline void gt_status_proc(struct gt_section *s, struct gt_proc *p, enum gt_pstatus status)
{
	if (__builtin_expect(p->traced[s->gen & 1] != s->gen, 0)) {
		p->traced[s->gen & 1] = s->gen;
		p->seq = 0;
		gt_emit_ProcStatus(s, (gt_p_t){p->id}, (gt_pstatus_t){status});
	}
}

/* The same for a G; `m` is the thread that runs it, or GT_NONE. */
static inline void gt_status_go(struct gt_section *s, struct gt_thread *g, uint64_t m, enum gt_gstatus status)
{
	if (__builtin_expect(g->traced[s->gen & 1] != s->gen, 0)) {
		g->traced[s->gen & 1] = s->gen;
		g->gseq = 0;
		gt_emit_GoStatus(s, (gt_g_t){g->goid}, (gt_m_t){m}, (gt_gstatus_t){status});
		if (gt_ranges_of(g) & GT_RANGE_ASSIST)
			gt_emit_GCMarkAssistActive(s, (gt_g_t){g->goid});
	}
}

/*
 * Once per generation, by the first running thread: how many slots there are, a collection that is under way, and the level
 * of the heap where it is known.
 */
void gt_status_procs(struct gt_section *s, gt_stack_t stack);

/*
 * Go's readers that reckon how much of the processors a collector takes, by threads whose labels begin with "GC " and by
 * assists, fail when such a thread starts on a slot that was not announced: ProcsChange can only be written behind that. So a
 * slot is kept for it from now on. The section's thread runs.
 */
void gt_status_keep_proc(struct gt_section *s);

/* A label for the section's thread, which runs; `string` is its id. */
void gt_status_label(struct gt_section *s, const char *label, uint64_t string);

/* Forgets what was announced; at start. */
void gt_status_start(void);

/*
 * The first mention of the section's thread and of the slot that it holds: a thread that holds a slot is mentioned in
 * no generation without it. After a system call there may be no ProcsChange before its end is written.
 */
void gt_status_first_running(struct gt_section *s);
void gt_status_first_in_syscall(struct gt_section *s);

/* Whether they are not mentioned yet. */
static inline bool gt_status_is_first(const struct gt_section *s)
{
	return __builtin_expect(s->t->traced[s->gen & 1] != s->gen, 0);
}

/* The last announcement: generation and number in one word, so that a change is announced too. */
extern _Atomic uint64_t gt_status_announced;

/* Whether gt_status_procs() has nothing to say. */
static inline bool gt_status_procs_are_told(const struct gt_section *s)
{
	uint64_t number = gt_proc_limit();

	return __builtin_expect(atomic_load_explicit(&gt_status_announced, memory_order_relaxed) ==
						((uint64_t)s->gen << 32 | number) &&
					s->t->proc->id < number && gt_heap_level_is_told(s->gen),
				1);
}

/* The name that the thread had before this trace began, once: for a running thread. */
void gt_status_name_slow(struct gt_section *s);

static inline bool gt_status_needs_name(const struct gt_section *s)
{
	return __builtin_expect(s->t->named != atomic_load_explicit(&gt_gate.first, memory_order_relaxed), 0);
}

static inline void gt_status_name(struct gt_section *s)
{
	if (gt_status_needs_name(s))
		gt_status_name_slow(s);
}

/* On the status just written of a thread that waits: what for, if its wait may be older than the trace. */
static inline void gt_status_wait(struct gt_section *s, enum gt_primitive primitive, const void *object)
{
	if (s->gen == atomic_load_explicit(&gt_gate.first, memory_order_relaxed) || gt_flight_is_on())
		gt_fact_Wait(s, primitive, object);
}

/* Before anything that a running thread writes. */
static inline __attribute__((always_inline)) void gt_status_running(struct gt_section *s)
{
	if (gt_status_is_first(s)) {
		struct gt_section copy = *s;

		gt_status_first_running(&copy);
		*s = copy;
	}
}

static inline gt_p_seq_t gt_next_pseq(struct gt_proc *p)
{
	return (gt_p_seq_t){++p->seq};
}

static inline gt_g_seq_t gt_next_gseq(struct gt_thread *g)
{
	return (gt_g_seq_t){++g->gseq};
}

#endif
