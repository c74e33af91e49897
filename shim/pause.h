/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What threads do while nobody records but a recording may begin: no event, no clock, no buffer. Their records stay true,
 * so that a recording which begins then can say what each thread does.
 *
 * A quiet section is one in which the generation is 0. All changes of a record are made in one, so that a recording that
 * begins waits for them as a generation switch waits for sections. What others may take over (a slot, a wait) carries the
 * generation that comes next: by the ordering rules, sections that the end of the last recording has not seen yet leave it
 * alone.
 *
 * A thread that waits or calls the kernel gives its slot back and goes on without one. Its first event takes one.
 */
#ifndef GT_PAUSE_H
#define GT_PAUSE_H

#include "section.h"

/* Enters a quiet section; false while recording, when nothing will ever be recorded, and inside another section. */
bool gt_pause_enter(struct gt_thread *t);
void gt_pause_leave(struct gt_thread *t);

/* Whether a recording has begun: why gt_pause_enter() has failed. */
bool gt_pause_is_over(void);

/* The generation that comes next. */
uint32_t gt_pause_gen(void);

/* The thread gives its slot back, if it has one: in a quiet section. */
void gt_pause_stop_proc(struct gt_thread *t);

/* The rest need no section. False when there is no pause. */

/* The thread goes on from state READY, BLOCKED or SYSCALL. */
bool gt_pause_resume(struct gt_thread *t);

/* It ends; gt_life_release() frees the record. */
bool gt_pause_end(struct gt_thread *t);

/* Takes a slot for a thread that runs without one, writes that, and returns it. Inside a section, before its first event. */
struct gt_proc *gt_pause_start_proc(struct gt_section *s);

#endif
