/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Annotations of collectors.
 */
#include "annotations.h"

#include "../shim/collector.h"
#include "../shim/gc.h"
#include "../shim/heap_level.h"
#include "../shim/ranges.h"

void gt_wrap_gtrace_gc_begin(void)
{
	if (!gt_annotation_is_off())
		gt_gc_begin(GT_CALLER);
}

void gt_wrap_gtrace_gc_end(void)
{
	if (!gt_annotation_is_off())
		gt_gc_end();
}

void gt_wrap_gtrace_stw_begin(const char *kind)
{
	if (!gt_annotation_is_off())
		gt_stw_begin(kind, GT_CALLER);
}

void gt_wrap_gtrace_stw_end(void)
{
	if (!gt_annotation_is_off())
		gt_stw_end();
}

void gt_wrap_gtrace_sweep_begin(void)
{
	if (!gt_annotation_is_off())
		gt_sweep_begin(GT_CALLER);
}

void gt_wrap_gtrace_sweep_end(uint64_t swept, uint64_t reclaimed)
{
	if (!gt_annotation_is_off())
		gt_sweep_end(swept, reclaimed);
}

void gt_wrap_gtrace_assist_begin(void)
{
	if (!gt_annotation_is_off())
		gt_assist_begin(GT_CALLER);
}

void gt_wrap_gtrace_assist_end(void)
{
	if (!gt_annotation_is_off())
		gt_assist_end();
}

/* The header's numbers are its own; another one is no reason. */
void gt_wrap_gtrace_gc_wait_begin(enum gtrace_gc_wait why)
{
	static const uint8_t reasons[] = {
		[GTRACE_WAIT_UNTIL_GC_ENDS] = GT_BLOCK_UNTIL_GC_ENDS,
		[GTRACE_WAIT_FOR_MARK_WORK] = GT_BLOCK_GC_MARK_ASSIST,
		[GTRACE_WAIT_FOR_SWEEP_WORK] = GT_BLOCK_GC_SWEEP,
	};

	if (gt_annotation_is_off())
		return;
	gt_gc_wait_begin((unsigned)why < sizeof(reasons) ? (enum gt_block_reason)reasons[why] : GT_BLOCK_GENERIC);
}

void gt_wrap_gtrace_gc_wait_end(void)
{
	if (!gt_annotation_is_off())
		gt_gc_wait_end();
}

void gt_wrap_gtrace_heap(uint64_t bytes)
{
	if (!gt_annotation_is_off())
		gt_heap_level_set(bytes);
}

void gt_wrap_gtrace_heap_goal(uint64_t bytes)
{
	if (!gt_annotation_is_off())
		gt_heap_level_set_goal(bytes);
}
