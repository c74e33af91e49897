/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * libFuzzer target: any bytes are the unwind tables of a module. Nothing outside of them may be read, whatever code is asked
 * for: four bytes say which, as a distance from the tables, which begin behind them.
 */
#include "../../shim/cfi.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a rule says must make sense: who walks by it relies on that. */
static void inspect(const struct gt_rule *rule)
{
	if (rule->kind > GT_RULE_FRAME)
		abort();
	if (rule->kind == GT_RULE_FRAME &&
	    (rule->sp.base == GT_BASE_NUMBER || rule->ra.base == GT_BASE_NUMBER || rule->load.base > GT_BASE_FP))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gt_cfi_work work;
	struct dl_find_object object = {0};
	struct gt_rule rule;
	uint64_t function, pc;
	int32_t distance;
	char *module;

	if (size <= sizeof(distance))
		return 0;
	memcpy(&distance, data, sizeof(distance));
	size -= sizeof(distance);
	module = malloc(size);
	memcpy(module, data + sizeof(distance), size);
	object.dlfo_map_start = object.dlfo_eh_frame = module;
	object.dlfo_map_end = module + size;
	pc = (uint64_t)module + (uint64_t)(int64_t)distance;
	memset(&work, 0xa5, sizeof(work));
	gt_cfi_rule(&object, pc, &rule, &function, &work);
	inspect(&rule);
	if (function)
		gt_cfi_function_size(&object, function);
	free(module);
	return 0;
}
