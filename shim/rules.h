/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a frame looks like at an address in the code: where its return address lies, and what the caller's stack and
 * frame pointer are. Learned once per address from the unwind tables, kept in a lock-free table.
 *
 * A rule belongs to the module whose code it was learned from. The caller looks that module up for each address,
 * which takes no lock, so that a rule of what was unloaded is never applied to what came in its place.
 */
#ifndef GT_RULES_H
#define GT_RULES_H

#include "cfi.h"
#include "function.h"

#include <stddef.h>

/* Functions whose callers are not the program's: stacks end before them. */
struct gt_starts {
	const void *thread[2]; /* ours, that run a thread's routine */
	const void *own, *libc, *program; /* any address in this library, in libc and in the program, to know them by */
	const void *libc_start; /* __libc_start_main */
	const void *context; /* where the function of a makecontext() returns to */
};

/* A file that is loaded, and what tells it from another one that is loaded at the same place at another time. */
struct gt_loaded {
	struct dl_find_object found;
	uint32_t mark;
};

/* Lent by the caller, whose stack may be almost used up. */
struct gt_rules_work {
	const struct gt_loaded *object; /* of the last address: the next one is often in it, too */
	struct gt_loaded passing; /* or one that may be unloaded */
	struct gt_rule rule;
	struct gt_cfi_work cfi;
};

/* Before the first address: modules come and go. */
static inline void gt_rules_begin(struct gt_rules_work *work)
{
	work->passing.found.dlfo_map_start = work->passing.found.dlfo_map_end = NULL;
	work->object = &work->passing;
}

/* False when rules can't be had: no such search, no memory. `starts` are the first bytes of functions. */
bool gt_rules_start(gt_find_object_fn *find, const struct gt_starts *starts);

/*
 * The rule for code at `pc`: of a call, the byte before the return address. NONE for an address in no module. Any thread, in a
 * section and in a signal handler; takes no lock. It stands in the table, or in what was lent until the next address.
 */
const struct gt_rule *gt_rule_of(uint64_t pc, struct gt_rules_work *work);

/* How often a file was met that had not been where it was. Grows when that is on somebody's stack. */
uint32_t gt_rules_changes(void);

#endif
