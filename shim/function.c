/* SPDX-License-Identifier: BSD-3-Clause */
#include "function.h"

#include "cfi.h"

#include <stddef.h>

static gt_find_object_fn *find_object;

void gt_function_source(gt_find_object_fn *find)
{
	find_object = find;
}

bool gt_function_loaded(uint64_t address, struct dl_find_object *object)
{
	return find_object && find_object((void *)(uintptr_t)address, object) == 0;
}

uint32_t gt_function_size(uint64_t pc)
{
	struct dl_find_object object;

	return gt_function_loaded(pc, &object) ? gt_cfi_function_size(&object, pc) : 0;
}
