/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How the clock of a trace relates to the clocks of its machine, as the Clock facts say. Pure; times in nanoseconds.
 *
 * Each generation may have an anchor of its own; the last one counts. Traces of Go have one from version GT_GO_SYNC on.
 */
#ifndef GT_ANCHOR_H
#define GT_ANCHOR_H

#include "fact.h"
#include "snapshot.h"

#include <stdbool.h>

/* One moment on three clocks: that of the trace, CLOCK_MONOTONIC, and since 1970. */
struct gt_anchor {
	bool known;
	int64_t trace, monotonic, wall;
};

/* Takes a Clock fact in; others change nothing. */
void gt_anchor_fact(struct gt_anchor *anchor, const struct gt_fact_record *fact);

/* Takes in what opened a generation; `trace` is snapshot->time in nanoseconds. */
void gt_anchor_snapshot(struct gt_anchor *anchor, int64_t trace, const struct gt_snapshot *snapshot);

/* A time of the trace on the other clocks, and back. An unknown anchor gives the time itself. */
int64_t gt_anchor_monotonic(const struct gt_anchor *anchor, int64_t trace);
int64_t gt_anchor_wall(const struct gt_anchor *anchor, int64_t trace);
int64_t gt_anchor_from_monotonic(const struct gt_anchor *anchor, int64_t monotonic);
int64_t gt_anchor_from_wall(const struct gt_anchor *anchor, int64_t wall);

/* Sums and differences that stop at the ends of time: what a trace or an option says may be far away. */
int64_t gt_time_add(int64_t a, int64_t b);
int64_t gt_time_sub(int64_t a, int64_t b);

#endif
