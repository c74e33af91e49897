/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What addresses in code are called: looked up once each, by the writer, never by a thread of the program. Bounded: the
 * last names stay "?". Under the switch lock.
 */
#ifndef GT_NAMES_H
#define GT_NAMES_H

#include <stdbool.h>
#include <stdint.h>

enum { GT_NAMES_MAX = 1 << 16 };

struct gt_name {
	uint64_t pc; /* a return address, or a mark of callers.h; 0: free */
	const char *text;
	uint32_t changes; /* gt_rules_changes() when it was looked up */
	uint32_t turn; /* in which it was used last */
	int32_t module; /* its index, -1: none */
};

/* At start, and in a forked child. False without memory. */
bool gt_names_start(void);

/* The name for a return address, in use from now on. Never NULL. */
const struct gt_name *gt_name_of(uint64_t pc);

/* The same for ever, at most GT_NAMES_MAX. */
uint32_t gt_name_index(const struct gt_name *name);

/* The names in use, *n of them. Then none is. */
const struct gt_name *const *gt_names_used(uint32_t *n);
void gt_names_forget(void);

/* Looks what is loaded where, if a stack led through a file that is new: it may be unloaded before its generation ends. */
void gt_names_notice(void);

#endif
