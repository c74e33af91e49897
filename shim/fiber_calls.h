/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fibers that the program tells of, since it switches stacks by itself. An id is a gt_fiber_ref; 0 is not recorded, and
 * is passed over wherever it comes. What can't be meant is counted and left out.
 */
#ifndef GT_FIBER_CALLS_H
#define GT_FIBER_CALLS_H

#include <stdint.h>

/* A fiber that waits until it is switched to; `name` may be NULL. */
uint64_t gt_fiber_create(const char *name, const void *pc);

/* The calling thread goes on as that fiber. */
void gt_fiber_switch(uint64_t fiber);

/* What does not run ends now, what the calling thread runs with its next switch. */
void gt_fiber_destroy(uint64_t fiber);

/* What the calling thread runs. */
uint64_t gt_fiber_here(void);

/* Names what the calling thread runs, or what waits. */
void gt_fiber_set_name(uint64_t fiber, const char *name);

#endif
