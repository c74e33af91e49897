/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A gap: no generation can be kept, since no buffer was free, or the trace file or its live file could not be written or
 * reached. Whole generations are thrown away, never single operations, and a trace has no hole: it ends with its last
 * complete generation, and when there is room again another recording begins, into a file of its own, whose first generation
 * says when the gap was and why. What the gap has cost is counted (rows EVENTS, GAP and NOTES of drops.def).
 *
 * In between the process is paused (pause.h), and every operation that would have been recorded is counted in the head of the
 * old live file, which is all that is left of that: it outlives the process, should no recording follow.
 *
 * Waits between two attempts are counted in periods (GTRACE_PERIOD, at most a second): one, doubled up to 60; one again after
 * 60 periods of recording.
 */
#ifndef GT_GAP_H
#define GT_GAP_H

#include "format/event.h"

#include <stdbool.h>
#include <stdint.h>

struct gt_gap_times {
	uint64_t from, to; /* CLOCK_MONOTONIC */
	uint32_t after; /* the last complete generation; 0: there was none */
	enum gt_drop cause;
	int error;
};

/* Under the switch lock: */

/*
 * What is in no complete generation is lost: counted and cut off. Nobody is in a section. `from`: since when, which is the end of
 * generation `after`. Says in the live file that it is so.
 */
void gt_gap_lose(uint64_t from, uint32_t after);

/* The gap begins, after gt_gap_lose(), with the gate's `gap` set before the gate was closed. */
void gt_gap_begin(void);

/* Another recording begins: from now on gt_gap_before() is true. And it has begun: what was counted meanwhile is in it. */
void gt_gap_end(void);
void gt_gap_over(void);

/* The gap ends without a recording that says so: it was stopped, or the process ends. */
void gt_gap_leave(void);

/* An attempt to record is made: the next one comes later. The gap lasts until now at least. */
void gt_gap_tried(void);

/* In a forked child: its parent's gap is not its own. */
void gt_gap_reset(void);

/* Any thread: */

bool gt_gap_is_on(void);

/* Whether the time for another attempt has come; and in how many ns it will, while there is a gap. */
bool gt_gap_is_due(void);
uint64_t gt_gap_wait(void);

/* The gap in front of the recording under way. False: there is none. Under the switch lock. */
bool gt_gap_before(struct gt_gap_times *times);

#endif
