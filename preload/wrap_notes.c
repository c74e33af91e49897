/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Annotations: what the program says about itself.
 */
#include "annotations.h"

#include "../shim/notes.h"

int gt_wrap_gtrace_is_on(void)
{
	return !gt_annotation_is_off() && gt_notes_are_on();
}

uint64_t gt_wrap_gtrace_task_begin(uint64_t parent, const char *name)
{
	return gt_annotation_is_off() ? 0 : gt_task_begin(parent, name, GT_CALLER);
}

void gt_wrap_gtrace_task_end(uint64_t task)
{
	if (!gt_annotation_is_off())
		gt_task_end(task, GT_CALLER);
}

void gt_wrap_gtrace_region_begin(uint64_t task, const char *name)
{
	if (!gt_annotation_is_off())
		gt_region_begin(task, name, GT_CALLER);
}

void gt_wrap_gtrace_region_end(uint64_t task, const char *name)
{
	if (!gt_annotation_is_off())
		gt_region_end(task, name, GT_CALLER);
}

void gt_wrap_gtrace_log(uint64_t task, const char *category, const char *text)
{
	if (!gt_annotation_is_off())
		gt_log(task, category, text, GT_CALLER);
}

void gt_wrap_gtrace_label(const char *text)
{
	if (!gt_annotation_is_off())
		gt_label(text);
}
