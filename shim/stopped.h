/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The whole process was stopped from outside: SIGSTOP, the terminal's suspend key, a debugger, a freezer. No thread can see
 * that happen, but the writer can tell afterwards: it was to wake up at a certain time and was late, and in the one wait
 * it was put aside twice: for the wait, and when it was stopped. A loaded machine makes it late, too, but not twice
 * asleep, since no signal wakes it.
 */
#ifndef GT_STOPPED_H
#define GT_STOPPED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Stretches of the trace's time, from the moment at which the writer should have come back. */
struct gt_gap {
	uint64_t from, to;
};

enum { GT_GAPS = 8 };

/* Room for so many threads. False without memory. */
bool gt_stopped_start(uint32_t max_threads);

/* Waits as gt_os_wait(), with all signals blocked, and notes when the process was stopped meanwhile. The writer. */
void gt_stopped_wait(const _Atomic uint32_t *word, uint32_t value, uint64_t ns);

/* What was noted and is in no generation yet; how many, at most GT_GAPS. Under the switch lock. */
int gt_stopped_gaps(const struct gt_gap **gaps);

/*
 * The three steps of a switch in which threads that ran are shown as stopped: GoStop, GoStart. Take, before the new
 * generation is published: who runs. Settle, when no section of the old one is open, and its buffers are where they were:
 * who has been silent since; for others, nobody can write between their events any more. Write, behind their buffers.
 * Under the switch lock.
 */
void gt_stopped_take(uint32_t gen);
void gt_stopped_settle(uint32_t gen);
void gt_stopped_write(uint32_t gen);

/* The gaps are in the generation. Under the switch lock. */
void gt_stopped_done(void);

#endif
