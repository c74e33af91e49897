/* SPDX-License-Identifier: BSD-3-Clause */
#include "stacks.h"

#include "heap.h"
#include "thread.h"

enum { PROBES = 16 };

static struct gt_stack_entry *table;

bool gt_stacks_start(void)
{
	table = gt_heap_take(GT_STACKS_MAX * sizeof(*table));
	return table != NULL;
}

struct gt_stack_entry *gt_stack_entry(uint32_t id)
{
	return &table[id - 1];
}

static bool is_at(struct gt_stack_entry *e, uint64_t pc)
{
	uint64_t seen = atomic_load_explicit(&e->pc, memory_order_relaxed);

	if (seen == 0 && atomic_compare_exchange_strong(&e->pc, &seen, pc))
		return true;
	return seen == pc;
}

gt_stack_t gt_stack_at(const void *pc_, uint32_t gen)
{
	uint64_t pc = (uint64_t)(uintptr_t)pc_;
	uint32_t at = (uint32_t)((pc * UINT64_C(0x9e3779b97f4a7c15)) >> 50);

	if (pc == 0)
		return (gt_stack_t){0};
	for (int i = 0; i < PROBES; i++, at = (at + 1) % GT_STACKS_MAX) {
		if (is_at(&table[at], pc)) {
			if (atomic_load_explicit(&table[at].used[gen & 1], memory_order_relaxed) != gen)
				atomic_store_explicit(&table[at].used[gen & 1], gen, memory_order_relaxed);
			return (gt_stack_t){at + 1};
		}
	}
	gt_drop(GT_DROP_STACKS);
	return (gt_stack_t){0};
}
