/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Annotations of programs that switch stacks by themselves.
 */
#include "annotations.h"

#include "../shim/fiber_calls.h"

uint64_t gt_wrap_gtrace_fiber_create(const char *name)
{
	return gt_annotation_is_off() ? 0 : gt_fiber_create(name, GT_CALLER);
}

void gt_wrap_gtrace_fiber_switch(uint64_t fiber)
{
	if (!gt_annotation_is_off())
		gt_fiber_switch(fiber);
}

void gt_wrap_gtrace_fiber_destroy(uint64_t fiber)
{
	if (!gt_annotation_is_off())
		gt_fiber_destroy(fiber);
}

uint64_t gt_wrap_gtrace_fiber_current(void)
{
	return gt_annotation_is_off() ? 0 : gt_fiber_here();
}

void gt_wrap_gtrace_fiber_set_name(uint64_t fiber, const char *name)
{
	if (!gt_annotation_is_off())
		gt_fiber_set_name(fiber, name);
}
