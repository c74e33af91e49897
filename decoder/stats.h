/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sums over a trace: time of each thread by state, waits, system calls. Knows no file and no event: whoever reads
 * the trace tells it what happened, in the order of time. Memory grows with threads and objects, not with
 * events. Single thread. Times are nanoseconds; a time that goes backwards counts as no time.
 */
#ifndef GT_STATS_H
#define GT_STATS_H

#include "../shim/format/event.h"

#include <stddef.h>
#include <stdint.h>

/* How often, and for how long. */
struct gt_tally {
	uint64_t count;
	uint64_t total_ns;
	uint64_t max_ns;
};

struct gt_stats_thread {
	uint64_t g;
	uint64_t tid; /* the last one seen; 0: none */
	char name[16];
	struct gt_tally in_state[GT_G_Waiting + 1]; /* by enum gt_gstatus; count = times entered */
};

struct gt_stats_wait {
	char reason[64];
	uint64_t primitive; /* GT_PRIM_NONE when no fact said */
	uint64_t object;
	struct gt_tally tally;
};

struct gt_stats_syscall {
	uint64_t number; /* GT_NONE: not recorded */
	uint64_t errors; /* results below zero */
	struct gt_tally tally;
};

struct gt_stats;

/* NULL when memory is short. gt_stats_free(NULL) is allowed. */
struct gt_stats *gt_stats_new(void);
void gt_stats_free(struct gt_stats *stats);

/* Adds one that took `ns`. */
void gt_tally_add(struct gt_tally *tally, uint64_t ns);

/*
 * Thread g is in `state` from time `ns` on; GT_G_Bad: it has ended. Its earlier state ends there. Entering the
 * state that it is in already is the same stay. Exits with a complaint when memory is short, like all below.
 */
void gt_stats_state(struct gt_stats *stats, uint64_t g, enum gt_gstatus state, uint64_t ns);
void gt_stats_thread_name(struct gt_stats *stats, uint64_t g, uint64_t tid, const char *name);
void gt_stats_wait(struct gt_stats *stats, const char *reason, uint64_t primitive, uint64_t object, uint64_t ns);
void gt_stats_syscall(struct gt_stats *stats, uint64_t number, int64_t result, uint64_t ns);

/* Ends every stay at time `ns`, the end of the trace. */
void gt_stats_finish(struct gt_stats *stats, uint64_t ns);

/*
 * What was summed, as arrays of pointers into `stats`, which live until gt_stats_free(): threads by g, the others by
 * total time, longest first. *n is the length; the caller frees the array.
 */
const struct gt_stats_thread **gt_stats_threads(const struct gt_stats *stats, size_t *n);
const struct gt_stats_wait **gt_stats_waits(const struct gt_stats *stats, size_t *n);
const struct gt_stats_syscall **gt_stats_syscalls(const struct gt_stats *stats, size_t *n);

#endif
