/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Collections of garbage. A trace knows one collection at a time: whoever begins another one
 * before the end of the first has made a mistake, which is counted and not written.
 *
 * One word says whether a collection is under way, in which generation that was written last, and how many events were.
 * It is handed between threads, so the ordering rules hold for it: it is changed in the section that writes the event, and
 * by no section of an older generation.
 *
 * Calls may come from any thread, with the rest of the program stopped: nothing here waits.
 */
#ifndef GT_GC_H
#define GT_GC_H

#include "section.h"

/* At start: no collection is under way. */
void gt_gc_start(void);

bool gt_gc_is_active(void);

/* GCBegin; GCEnd, with a GCActive before it where the generation has heard nothing of the collection yet. */
void gt_gc_begin(const void *pc);
void gt_gc_end(void);

/* GCActive, if a collection is under way of which the generation has heard nothing. By a running thread. */
void gt_gc_mention(struct gt_section *s);

/* Whether the generation under way has heard of the collection under way, or there is none. A thread that runs tells it; none may. */
bool gt_gc_is_told(uint32_t gen);

#endif
