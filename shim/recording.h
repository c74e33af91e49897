/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A recording: one trace file, from its first generation to its last. A process may have several, one after the other;
 * between them it is paused (pause.h).
 *
 * Numbers of threads and of generations go on from one to the next, so that marks of the old one mean nothing in the new
 * one. Tables, drops and facts of the process are said anew.
 */
#ifndef GT_RECORDING_H
#define GT_RECORDING_H

#include <stdbool.h>

/*
 * The first one of a process, before it has other threads, begins, or is waited for. False when it can't begin; where room or
 * memory may yet be had the process begins with a gap.
 */
bool gt_recording_open(void);
void gt_recording_await(void);

/*
 * While the program runs: begins a recording unless there is one; completes the one that there is; brings everything
 * recorded so far to the file. Any thread, also from signal handlers. True when it is so on return: false when there is no
 * place for a trace, when the process has ended its last one, when the call comes from a handler that interrupted the
 * recorder at this very work, or when another thread is at it for too long.
 */
bool gt_recording_start(void);
bool gt_recording_stop(void);
bool gt_recording_flush(void);

/*
 * The live file has been removed and is needed after all: another one takes its place. No other thread of the program may be
 * there. What was recorded meanwhile goes to the trace.
 */
void gt_recording_renew(void);

/*
 * In a gap (gap.h): tries to record again, if it is time for it. Any thread, outside sections. And tries it for the last time,
 * since the process ends or becomes another.
 */
void gt_recording_mend(void);
void gt_recording_mend_now(void);

/* Writes what the flight recorder keeps, up to now. True when there is a file with it on return. Likewise. */
bool gt_recording_save(void);

/* Whether one is under way; and whether it, or the last one, began while the program ran. */
bool gt_recording_is_on(void);
bool gt_recording_is_late(void);

/*
 * Stops or starts, or has the flight recorder write its trace, as soon as it can be done: by the writer thread if there is one, else by the calling thread, at the
 * latest when it leaves what the signal interrupted. For a signal handler.
 */
void gt_recording_toggle(void);

/* Does what was asked for while somebody else held the switch lock. The lock is free. */
void gt_recording_serve(void);

/* Whether the process is between two recordings, or a child forked by now would be. */
bool gt_recording_is_paused(void);

#endif
