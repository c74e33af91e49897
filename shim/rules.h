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

#include <stdatomic.h>
#include <stddef.h>

/* Functions whose callers are not the program's: stacks end before them. */
struct gt_starts {
	const void *thread[2]; /* ours, that run a thread's routine */
	const void *own, *libc, *program; /* any address in this library, in libc and in the program, to know them by */
	const void *libc_start; /* __libc_start_main */
	const void *context[2]; /* where the function of a makecontext() returns to: libc, and gt_context_end() */
};

/* A file that is loaded, and what tells it from another one that is loaded at the same place at another time. */
struct gt_loaded {
	struct dl_find_object found;
	uint32_t mark;
	uint8_t flags; /* of all rules of its code: GT_RULE_OWN, GT_RULE_LIBC */
};

enum { GT_RULE_PROBES = 32 };

/* Instead of a number of words. */
enum {
	GT_BRIEF_FRAMED =
		UINT16_MAX -
		1, /* as where a function keeps its frame pointer: *fp is the caller's, behind it is the address */
	GT_BRIEF_NO = UINT16_MAX, /* the rule says more than that, or the frame pointer is not saved */
};

/*
 * A rule in brief, for most code: the return address lies so many words above the stack pointer, the caller's stack begins
 * above it, and its frame pointer is in its register or, so many words above the stack pointer, below the return address.
 */
struct gt_brief {
	uint32_t module; /* its mark */
	uint16_t ra, fp;
};

/* Four to a cache line: code that lies together is found together. */
struct gt_rule_row {
	_Atomic uint64_t pc;
	struct gt_brief brief;
};

/*
 * The rows in use: a small part as long as few rules are needed. Each that a small program or a forked child filled in a page of
 * its own would be a page fault, and the whole rule another. What was learned in a smaller part is learned again in a larger one.
 */
struct gt_rule_part {
	struct gt_rule_row *first;
	uint64_t mask; /* rows, less one */
};

enum { GT_RULE_ROWS_FEW = 1 << 9, GT_RULE_ROWS_ALL = 1 << 16 };

extern _Atomic(const struct gt_rule_part *) gt_rule_part __attribute__((visibility("hidden")));

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

/* Where the row of an address begins to be searched, up to GT_RULE_PROBES rows on. */
static inline struct gt_rule_row *gt_rule_first(struct gt_rule_part part, uint64_t pc)
{
	return &part.first[(pc ^ pc >> 11) >> 2 & part.mask];
}

static inline struct gt_rule_part gt_rule_part_now(void)
{
	return *atomic_load_explicit(&gt_rule_part, memory_order_relaxed);
}

/* The row of an address; NULL: its rule is not known. Of the module that is there now if the mark says so. */
struct gt_rule_row *gt_rule_row(uint64_t pc);

/* Whether `pc` is in the module. */
static inline bool gt_loaded_holds(const struct gt_loaded *object, uint64_t pc)
{
	uint64_t start = (uint64_t)object->found.dlfo_map_start;

	return pc - start < (uint64_t)object->found.dlfo_map_end - start;
}

/* Makes the module that holds `pc` the work's object. False: there is none. As gt_rule_of(). */
bool gt_rules_enter(uint64_t pc, struct gt_rules_work *work);

/* Whether this is code that is never unloaded: the recorder's, libc's, the program's own. */
bool gt_rules_stays(uint64_t pc);

/* How often a file was met that had not been where it was. Grows when that is on somebody's stack. */
uint32_t gt_rules_changes(void);

/* Another one was met. */
void gt_rules_note_change(void);

#endif
