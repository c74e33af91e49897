/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The tables of stacks, one for each generation parity: a stack stands there once, and its id is where. What else is done with
 * them is in stacks.h.
 */
#ifndef GT_STACK_TABLE_H
#define GT_STACK_TABLE_H

#include "format/event.h"

#include <stdbool.h>
#include <stdint.h>

/* At start, and in a forked child. False without memory. */
bool gt_stack_table_start(void);

/* As gt_stacks_populate(). */
void gt_stack_table_populate(uint32_t gen);

/*
 * The id of the stack with these addresses, in a section of `gen`, or under the switch lock before its table is written. 0 when
 * the table is full, which is counted. Lock-free.
 */
gt_stack_t gt_stack_intern(uint32_t gen, const uint64_t *pc, uint32_t n);

#endif
