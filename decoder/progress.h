/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A line on stderr that says how far long work has come. It appears after a second, only on a terminal, and only when
 * the output goes elsewhere; when the work ends it is gone.
 */
#ifndef GT_PROGRESS_H
#define GT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct gt_progress {
	bool on, drawn;
	uint64_t events;
	int64_t next; /* when to draw, on CLOCK_MONOTONIC */
};

/* `out`: the descriptor that the output goes to. */
void gt_progress_start(struct gt_progress *progress, int out);

/* Whether it is time to draw. */
bool gt_progress_is_due(const struct gt_progress *progress);

/* `ns`: how much of the trace's time is done, -1: unknown. `done` of `all` bytes are; all 0: unknown. */
void gt_progress_draw(struct gt_progress *progress, int64_t ns, uint64_t done, uint64_t all);

enum { GT_PROGRESS_SELDOM = 4096 };

/* Call for each event; draw when it is true. */
static inline bool gt_progress_event(struct gt_progress *progress)
{
	return ++progress->events % GT_PROGRESS_SELDOM == 0 && progress->on && gt_progress_is_due(progress);
}

/* Takes the line away. */
void gt_progress_end(struct gt_progress *progress);

#endif
