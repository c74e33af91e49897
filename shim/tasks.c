/* SPDX-License-Identifier: BSD-3-Clause */
#include "tasks.h"

#include "heap.h"

#include <stdatomic.h>
#include <stddef.h>

enum { PROBES = 64 };

/* A place holds the id of an open task, near where its number leads; ids up to `before` are of another trace: free. */
static struct {
	_Atomic uint64_t *open;
	_Atomic uint64_t last;
	uint64_t before;
} tasks;

bool gt_tasks_start(void)
{
	if (!tasks.open)
		tasks.open = gt_heap_take(GT_TASKS_MAX * sizeof(*tasks.open));
	tasks.before = atomic_load(&tasks.last);
	return tasks.open != NULL;
}

uint64_t gt_tasks_open(void)
{
	uint64_t task = atomic_fetch_add(&tasks.last, 1) + 1;

	for (uint64_t i = 0; i < PROBES; i++) {
		_Atomic uint64_t *place = &tasks.open[(task + i) % GT_TASKS_MAX];
		uint64_t seen = atomic_load_explicit(place, memory_order_relaxed);

		if (seen <= tasks.before && atomic_compare_exchange_strong(place, &seen, task))
			return task;
	}
	return 0;
}

bool gt_tasks_is_known(uint64_t task)
{
	return task > tasks.before && task <= atomic_load_explicit(&tasks.last, memory_order_relaxed);
}

bool gt_tasks_is_from_before(uint64_t task)
{
	return task <= tasks.before;
}

static _Atomic uint64_t *place_of(uint64_t task)
{
	if (!gt_tasks_is_known(task))
		return NULL;
	for (uint64_t i = 0; i < PROBES; i++) {
		_Atomic uint64_t *place = &tasks.open[(task + i) % GT_TASKS_MAX];

		if (atomic_load_explicit(place, memory_order_relaxed) == task)
			return place;
	}
	return NULL;
}

bool gt_tasks_is_open(uint64_t task)
{
	return place_of(task) != NULL;
}

bool gt_tasks_close(uint64_t task)
{
	_Atomic uint64_t *place = place_of(task);

	return place && atomic_compare_exchange_strong(place, &task, 0);
}
