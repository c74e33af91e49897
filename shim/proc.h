/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Processor slots (P): held by whoever runs program code, given up while waiting, kept but stealable in a
 * system call. One per usable processor at first; more when more threads run.
 *
 * A slot's word says who owns it and in which generation its last event was written. Everything else in a slot
 * is plain memory of the owner.
 *
 *   IDLE  -> CLAIM   by the claimer, before it enters its section (ordering rule 1)
 *   CLAIM -> RUN     by the owner, in the section that writes ProcStart
 *   RUN   -> SYS     by the owner, in the section that writes GoSyscallBegin
 *   SYS   -> RUN     by the owner, in the section that writes GoSyscallEnd
 *   SYS   -> CLAIM   by a thief, in the section that writes ProcSteal, if the word's generation is not newer
 *                    than the section's (ordering rule 2)
 *   RUN   -> IDLE    by the owner, in the section that writes ProcStop; CLAIM -> IDLE when nothing was written
 */
#ifndef GT_PROC_H
#define GT_PROC_H

#include "line.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum gt_proc_state { GT_PROC_NONE, GT_PROC_IDLE, GT_PROC_CLAIM, GT_PROC_RUN, GT_PROC_SYS };

struct gt_proc {
	_Atomic uint64_t word; /* state 3 bits, generation 29, tid 32 */
	uint64_t since; /* when it went into SYS; a hint for the helper */
	_Atomic bool kept; /* for one thread: CLAIM while that waits, never stolen */
	uint32_t id;
	uint32_t seq; /* of the generation of the last mark */
	uint32_t traced[2]; /* by generation parity: the generation in which its status stands */
} GT_OWN_LINES;

static inline uint64_t gt_proc_word(enum gt_proc_state state, uint32_t gen, uint32_t tid)
{
	return (uint64_t)state << 61 | (uint64_t)(gen & 0x1fffffff) << 32 | tid;
}

static inline enum gt_proc_state gt_proc_word_state(uint64_t word)
{
	return (enum gt_proc_state)(word >> 61);
}

static inline uint32_t gt_proc_word_gen(uint64_t word)
{
	return (uint32_t)(word >> 32) & 0x1fffffff;
}

static inline uint32_t gt_proc_word_tid(uint64_t word)
{
	return (uint32_t)word;
}

/* Whether generation a (29 bits of it) comes after generation b. */
static inline bool gt_gen_after(uint32_t a, uint32_t b)
{
	return (int32_t)((a - b) << 3) > 0;
}

/* `initial` idle slots, as many processors are usable; at most `max`. False without memory. */
bool gt_proc_start(uint32_t initial, uint32_t max);

uint32_t gt_proc_count(void);
struct gt_proc *gt_proc_at(uint32_t id);

/*
 * How many slots there are for the trace: one per usable processor, more when more threads run. Those above are put aside,
 * idle, and are taken again when the others do not suffice.
 */
extern _Atomic uint32_t gt_proc_slots;

static inline uint32_t gt_proc_limit(void)
{
	return atomic_load_explicit(&gt_proc_slots, memory_order_acquire);
}

/* The caller runs on this slot: it is among those for the trace. */
void gt_proc_uses(const struct gt_proc *p);

/* So many processors are usable now. Whether the number of slots changes: those in use stay. */
bool gt_proc_set_usable(uint32_t usable);

/* Takes an idle slot, `hint` first; NULL when there is none. Outside sections only (ordering rule 1). */
struct gt_proc *gt_proc_claim(struct gt_proc *hint, uint32_t tid);

/*
 * Inside a section of generation `gen`: takes an idle slot whose last event is not newer than that; NULL when there is
 * none. *now becomes a time after that event and before it can be seen that the slot is taken.
 */
struct gt_proc *gt_proc_claim_old(struct gt_proc *hint, uint32_t gen, uint32_t tid, uint64_t *now);

/* Gives back a claimed slot for which nothing was written. */
void gt_proc_unclaim(struct gt_proc *p);

/*
 * A slot that never was, kept for the thread `tid`, which alone takes it; among those for the trace from now on. NULL when
 * there are `max`. The same again, when its thread waits; NULL when it does not lie ready.
 */
struct gt_proc *gt_proc_keep(uint32_t tid);
struct gt_proc *gt_proc_kept(struct gt_proc *p, uint32_t tid);

/* Its thread is over: anybody may take it. Accepts NULL. */
void gt_proc_unkeep(struct gt_proc *p);

/* Its owner has written that it gives it up, in a section of generation `gen`. */
static inline void gt_proc_stop(struct gt_proc *p, uint32_t gen)
{
	bool kept = atomic_load_explicit(&p->kept, memory_order_relaxed);
	uint32_t tid = gt_proc_word_tid(atomic_load_explicit(&p->word, memory_order_relaxed));

	atomic_store_explicit(&p->word,
			      kept ? gt_proc_word(GT_PROC_CLAIM, gen, tid) : gt_proc_word(GT_PROC_IDLE, gen, 0),
			      memory_order_release);
}

/*
 * Inside a section of generation `gen`: takes a slot out of a system call and tells whose; *newer is set when
 * there was one, but its last event belongs to a newer generation. *now becomes a time after the victim's last
 * event and before the theft can be seen.
 */
struct gt_proc *gt_proc_steal(uint32_t gen, uint32_t tid, uint32_t *victim, bool *newer, uint64_t *now);

/* The same for one slot, if it went into its system call before `before`. */
bool gt_proc_retake(struct gt_proc *p, uint32_t gen, uint32_t tid, uint64_t before, uint32_t *victim);

/* A slot that never was: owned, not in the trace yet. NULL when there are `max`. */
struct gt_proc *gt_proc_grow(void);

#endif
