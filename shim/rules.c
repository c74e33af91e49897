/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A row is claimed, filled, and published by its address; its rule never changes again. When its module is gone it is
 * buried in place and not used any more, so that whoever still reads it can't see half of another one. Two threads may
 * learn the same address at the same time: then it has two rows, which say the same.
 */
#include "rules.h"

#include "heap.h"
#include "thread.h"

enum {
	ROWS = 1 << 16,
	PROBES = 32,
};

enum staying { OWN, LIBC, PROGRAM, STAYING };

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
	struct gt_loaded stays[STAYING]; /* what is never unloaded */
} rules;

static bool find_object(uint64_t pc, struct gt_loaded *object)
{
	if (rules.find((void *)pc, &object->found) != 0) {
		object->found.dlfo_map_start = object->found.dlfo_map_end = NULL;
		return false;
	}
	object->mark = gt_module_mark(&object->found);
	return true;
}

bool gt_rules_start(gt_find_object_fn *find, const struct gt_starts *starts)
{
	if (!find)
		return false;
	rules.find = find;
	rules.starts = *starts;
	find_object((uint64_t)starts->own, &rules.stays[OWN]);
	find_object((uint64_t)starts->libc, &rules.stays[LIBC]);
	find_object((uint64_t)starts->program, &rules.stays[PROGRAM]);
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

static bool is_object(const struct gt_loaded *a, enum staying b)
{
	return a->found.dlfo_map_start == rules.stays[b].found.dlfo_map_start;
}

static void learn(uint64_t pc, struct gt_rules_work *work)
{
	struct gt_rule *rule = &work->rule;
	uint64_t function;

	gt_cfi_rule(&work->object->found, pc, rule, &function, &work->cfi);
	if (is_object(work->object, OWN))
		rule->flags |= GT_RULE_OWN;
	if (is_object(work->object, LIBC))
		rule->flags |= GT_RULE_LIBC;
	if (is(function, rules.starts.thread[0]) || is(function, rules.starts.thread[1]) ||
	    is(pc + 1, rules.starts.context))
		rule->flags |= GT_RULE_START;
	if (is(function, rules.starts.libc_start))
		rule->flags |= GT_RULE_LIBC_START;
	rule->module = work->object->mark;
}

static bool holds(const struct gt_loaded *object, uint64_t pc)
{
	uint64_t start = (uint64_t)object->found.dlfo_map_start;

	return pc - start < (uint64_t)object->found.dlfo_map_end - start;
}

/* Whose code this is becomes work->object. */
static bool look_up(uint64_t pc, struct gt_rules_work *work)
{
	if (holds(work->object, pc))
		return true;
	for (int i = 0; i < STAYING; i++) {
		if (holds(&rules.stays[i], pc)) {
			work->object = &rules.stays[i];
			return true;
		}
	}
	work->object = &work->passing;
	return find_object(pc, &work->passing);
}

const struct gt_rule *gt_rule_of(uint64_t pc, struct gt_rules_work *work)
{
	static const struct gt_rule none;
	uint64_t seen = pc;
	struct row *row;

	if (!look_up(pc, work))
		return &none;
	row = find(pc);
	if (row && row->rule.module == work->object->mark)
		return &row->rule;
	if (row)
		atomic_compare_exchange_strong(&row->pc, &seen, BURIED);
	learn(pc, work);
	keep(pc, &work->rule);
	return &work->rule;
}
