/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whose stack an address lies in, of all coroutines whose stacks are known. Lock-free.
 *
 * Nobody says when a stack is given back, and a coroutine may have one that lies in the stack of another. So of all that
 * hold an address, the one that was made last is meant.
 */
#ifndef GT_FIBER_STACK_H
#define GT_FIBER_STACK_H

#include "fiber.h"

/* The fiber's stack is [lo, hi) from now on; false, counted, when the table is full. By its owner. */
bool gt_fiber_stack_add(struct gt_fiber *f, uintptr_t lo, uintptr_t hi);

/* It has none any more. By its owner, or whoever knows that the stack is somebody else's. */
void gt_fiber_stack_remove(struct gt_fiber *f);

/* 0: nobody's. */
gt_fiber_ref gt_fiber_stack_at(uintptr_t at);

/*
 * A fiber whose first frame would be overwritten by a stack at [lo, hi), and which is therefore over; 0: there is none, or
 * none whose stack has about the same size.
 */
gt_fiber_ref gt_fiber_stack_under(uintptr_t lo, uintptr_t hi);

/* Nobody has one: at start. */
void gt_fiber_stack_clear(void);

#endif
