/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sums over a trace: time of each thread by state; waits by thread, reason, object and call site; system calls.
 * Knows no file and no event: whoever reads the trace tells it what lasted how long. Memory grows with threads alive,
 * objects and sites, not with events. Single thread. Times are nanoseconds.
 *
 * Exits with a complaint when memory is short.
 */
#ifndef GT_STATS_H
#define GT_STATS_H

#include "../shim/format/event.h"
#include "histogram.h"

#include <stdbool.h>
#include <stddef.h>

/* How often, and for how long. */
struct gt_tally {
	uint64_t count;
	uint64_t total_ns;
};

/* Of threads that are over, so many at least have a row each: those that lived longest. The others share one. */
enum { GT_STATS_OVER = 4096 };

struct gt_stats_thread {
	uint64_t g; /* GT_NONE: the row that others share */
	uint64_t threads; /* whose row this is: 1, or how many share it */
	bool over;
	uint64_t tid; /* the last one seen; 0: none */
	char name[16];
	struct gt_tally in_state[GT_G_Waiting + 1]; /* by enum gt_gstatus */
	struct gt_histogram waits;
};

/* The tables whose rows are found by what is in them. */
enum gt_stats_table {
	GT_STATS_REASON,
	GT_STATS_OBJECT,
	GT_STATS_SITE,
	GT_STATS_SYSCALL,
	GT_STATS_TASK,
	GT_STATS_REGION,
	GT_STATS_GC,
	GT_STATS_SAMPLE,
	GT_STATS_TABLES
};

/*
 * REASON: text. OBJECT: number[0] is the primitive, number[1] the object. SITE: text is the function, file and
 * number[0] the line. SYSCALL: number[0], GT_NONE for one that was not recorded. TASK, REGION: text is the name. GC: text
 * says what a collector did. SAMPLE: as SITE; each sample is a time of 1. "" and 0 otherwise.
 */
struct gt_stats_row {
	uint64_t number[2];
	const char *text, *file;
	uint64_t errors; /* SYSCALL: results below zero */
	struct gt_histogram times;
};

struct gt_stats;

struct gt_stats *gt_stats_new(void);

/* Accepts NULL. */
void gt_stats_free(struct gt_stats *stats);

/* The row of a thread, made if need be. */
struct gt_stats_thread *gt_stats_thread(struct gt_stats *stats, uint64_t g);

/* The same, NULL when there is none. */
struct gt_stats_thread *gt_stats_find_thread(const struct gt_stats *stats, uint64_t g);

/*
 * The row of a table, made if need be; one that nothing is added to is not listed. Texts are copied, and cut off
 * behind GT_MAX_STRING bytes.
 */
struct gt_stats_row *gt_stats_row(struct gt_stats *stats, enum gt_stats_table table, uint64_t first, uint64_t second,
				  const char *text, const char *file);

/* The same of a table whose rows have no texts. */
struct gt_stats_row *gt_stats_number(struct gt_stats *stats, enum gt_stats_table table, uint64_t first,
				     uint64_t second);

/* The life of a thread is over: nothing will be added to its row, if it has one, and other rows may be taken away. */
void gt_stats_over(struct gt_stats *stats, uint64_t g);

/* A thread was in a state. */
void gt_stats_stay(struct gt_stats_thread *thread, enum gt_gstatus state, uint64_t ns);

/*
 * What was summed, as arrays of pointers into `stats`, which live until gt_stats_free(): threads by g, the shared row
 * last; rows by total time, longest first. *n is the length; the caller frees the array.
 */
const struct gt_stats_thread **gt_stats_threads(const struct gt_stats *stats, size_t *n);
const struct gt_stats_row **gt_stats_rows(const struct gt_stats *stats, enum gt_stats_table table, size_t *n);

/* The order of gt_stats_rows(), for rows of one table: below, at or above zero. */
int gt_stats_compare(const struct gt_stats_row *a, const struct gt_stats_row *b);

#endif
