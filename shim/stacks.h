/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where operations happen: a bounded, lock-free table of call sites. An entry stays for the life of the process
 * and keeps its id; a mark per generation parity says whether a generation uses it, so that the switcher writes
 * each generation's stack table from the marked entries.
 *
 * A stack has one frame: the program's own call of the entry point.
 */
#ifndef GT_STACKS_H
#define GT_STACKS_H

#include "format/event.h"

#include <stdatomic.h>
#include <stdbool.h>

enum { GT_STACKS_MAX = 16384 };

struct gt_stack_entry {
	_Atomic uint64_t pc;
	_Atomic uint32_t used[2]; /* by generation parity: the generation that uses it */
	const char *func; /* resolved by the switcher; NULL: not yet */
	uint32_t module; /* 1 + index of its module, 0: none */
};

bool gt_stacks_start(void);

/* The id of the stack that consists of `pc`; id 0, counted, when the table is full; id 0 for NULL. */
gt_stack_t gt_stack_at(const void *pc, uint32_t gen);

/* The entry with this id (1..GT_STACKS_MAX). */
struct gt_stack_entry *gt_stack_entry(uint32_t id);

#endif
