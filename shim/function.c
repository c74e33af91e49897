/* SPDX-License-Identifier: BSD-3-Clause */
#include "function.h"

#include "cfi.h"

#include <stddef.h>

static gt_find_object_fn *find_object;

bool gt_object_find(gt_find_object_fn *find, uint64_t address, struct dl_find_object *object)
{
	struct dl_find_object tables;
	void *at;

	if (!find || find((void *)(uintptr_t)address, object) != 0)
		return false;
	at = object->dlfo_eh_frame;
	if (!at || (at >= object->dlfo_map_start && at < object->dlfo_map_end) || find(at, &tables) != 0)
		return true;
	if (tables.dlfo_map_start < object->dlfo_map_start)
		object->dlfo_map_start = tables.dlfo_map_start;
	if (tables.dlfo_map_end > object->dlfo_map_end)
		object->dlfo_map_end = tables.dlfo_map_end;
	return true;
}

void gt_function_source(gt_find_object_fn *find)
{
	find_object = find;
}

bool gt_function_loaded(uint64_t address, struct dl_find_object *object)
{
	return gt_object_find(find_object, address, object);
}

uint32_t gt_function_size(uint64_t pc)
{
	struct dl_find_object object;

	return gt_function_loaded(pc, &object) ? gt_cfi_function_size(&object, pc) : 0;
}
