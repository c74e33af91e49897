/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A row is claimed, filled, and published by its address; it never changes again. When its module is gone it is buried
 * in place and not used any more, so that a reader that copies it can't see half of another one. Two threads may
 * learn the same address at the same time: then it has two rows, which say the same.
 */
#include "rules.h"

#include "heap.h"
#include "thread.h"

enum {
	ROWS = 1 << 16,
	PROBES = 32,
};

/* Addresses of no code. */
enum { FREE, CLAIMED, BURIED };

struct row {
	_Atomic uint64_t pc;
	struct gt_rule rule;
};

static struct {
	struct row *rows;
	gt_find_object_fn *find;
	struct gt_starts starts;
	const void *own, *libc; /* where they are mapped */
} rules;

static const void *mapped_at(const void *function)
{
	struct dl_find_object object;

	return rules.find((void *)function, &object) == 0 ? object.dlfo_map_start : NULL;
}

bool gt_rules_start(gt_find_object_fn *find, const struct gt_starts *starts)
{
	if (!find)
		return false;
	rules.find = find;
	rules.starts = *starts;
	rules.own = mapped_at(starts->own);
	rules.libc = mapped_at(starts->libc);
	rules.rows = gt_heap_take(ROWS * sizeof(*rules.rows));
	return rules.rows != NULL;
}

static struct row *first(uint64_t pc)
{
	return &rules.rows[(pc * UINT64_C(0x9e3779b97f4a7c15)) >> 48];
}

static struct row *next(struct row *row)
{
	return row + 1 == rules.rows + ROWS ? rules.rows : row + 1;
}

static struct row *find(uint64_t pc)
{
	struct row *row = first(pc);

	for (int i = 0; i < PROBES; i++, row = next(row)) {
		uint64_t seen = atomic_load_explicit(&row->pc, memory_order_acquire);

		if (seen == pc)
			return row;
		if (seen == FREE)
			break;
	}
	return NULL;
}

static void keep(uint64_t pc, const struct gt_rule *rule)
{
	struct row *row = first(pc);

	for (int i = 0; i < PROBES; i++, row = next(row)) {
		uint64_t seen = FREE;

		if (!atomic_compare_exchange_strong(&row->pc, &seen, CLAIMED))
			continue;
		row->rule = *rule;
		atomic_store_explicit(&row->pc, pc, memory_order_release);
		return;
	}
	gt_drop(GT_DROP_RULES);
}

static bool is(uint64_t function, const void *known)
{
	return known && function == (uint64_t)known;
}

static void learn(uint64_t pc, struct gt_rule *rule, struct gt_rules_work *work)
{
	uint64_t function;

	gt_cfi_rule(&work->object, pc, rule, &function, &work->cfi);
	if (work->object.dlfo_map_start == rules.own)
		rule->flags |= GT_RULE_OWN;
	if (work->object.dlfo_map_start == rules.libc)
		rule->flags |= GT_RULE_LIBC;
	if (is(function, rules.starts.thread[0]) || is(function, rules.starts.thread[1]) ||
	    is(pc + 1, rules.starts.context))
		rule->flags |= GT_RULE_START;
	if (is(function, rules.starts.libc_start))
		rule->flags |= GT_RULE_LIBC_START;
	rule->module = gt_module_mark(&work->object);
}

void gt_rule_of(uint64_t pc, struct gt_rule *rule, struct gt_rules_work *work)
{
	uint64_t seen = pc;
	struct row *row;

	rule->kind = GT_RULE_NONE;
	rule->flags = 0;
	if (rules.find((void *)pc, &work->object) != 0)
		return;
	row = find(pc);
	if (row) {
		*rule = row->rule;
		if (rule->module == gt_module_mark(&work->object))
			return;
		atomic_compare_exchange_strong(&row->pc, &seen, BURIED);
	}
	learn(pc, rule, work);
	keep(pc, rule);
}
