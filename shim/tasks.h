/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which tasks are open: so that none is ended twice, or without having begun. Lock-free and bounded.
 */
#ifndef GT_TASKS_H
#define GT_TASKS_H

#include <stdbool.h>
#include <stdint.h>

enum { GT_TASKS_MAX = 1 << 18 }; /* open at one time */

/* When a trace begins, in a forked child too: it does not know the tasks from before. False without memory. */
bool gt_tasks_start(void);

/* A new task: its id, never 0, never given before in this process. 0 when too many are open. */
uint64_t gt_tasks_open(void);

/* Whether it was opened in this trace; it may be closed. */
bool gt_tasks_is_known(uint64_t task);

/* Whether it was opened in an earlier one, or, as 0, in none. */
bool gt_tasks_is_from_before(uint64_t task);

/* Whether it is open; and closes one, false when it was not open. */
bool gt_tasks_is_open(uint64_t task);
bool gt_tasks_close(uint64_t task);

#endif
