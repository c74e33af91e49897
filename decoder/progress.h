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

/* Draws if it is time to. `ns`: how much of the trace's time is done. */
void gt_progress_draw(struct gt_progress *progress, int64_t ns);

/* Call for each event. */
static inline void gt_progress_event(struct gt_progress *progress, int64_t ns)
{
	enum { SELDOM = 4096 };

	if (++progress->events % SELDOM == 0 && progress->on)
		gt_progress_draw(progress, ns);
}

/* Takes the line away. */
void gt_progress_end(struct gt_progress *progress);

#endif
