/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the program says about itself, as events: tasks, regions, messages, labels. As in sched.h, a call may come from
 * anywhere at any time, and changes nothing that the program can see.
 *
 * Law: what does not fit what is open is counted (GT_DROP_MISUSE) and not written. One region that ends wrongly, and a
 * reader gives the whole trace up.
 */
#ifndef GT_NOTES_H
#define GT_NOTES_H

#include <stdbool.h>
#include <stdint.h>

struct gt_regions;

/* Whether the calling thread's notes would be recorded now. */
bool gt_notes_are_on(void);

/* A task as a part of `parent` (0: of none); 0 if it is not recorded. Ended by any thread. */
uint64_t gt_task_begin(uint64_t parent, const char *name, const void *pc);
void gt_task_end(uint64_t task, const void *pc);

/* A region of the calling thread, for a task or for none (0). */
void gt_region_begin(uint64_t task, const char *name, const void *pc);
void gt_region_end(uint64_t task, const char *name, const void *pc);

void gt_log(uint64_t task, const char *category, const char *text, const void *pc);

/* A label of the calling thread, until it has another one. */
void gt_label(const char *text);

/* The regions end with what had them; those that the program has left open are counted. NULL: there are none. */
void gt_notes_end(struct gt_regions *regions);

#endif
