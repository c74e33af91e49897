/* SPDX-License-Identifier: BSD-3-Clause */
#include "collector.h"

#include "async.h"
#include "gc.h"
#include "ranges.h"
#include "resume.h"

struct gt_collector gt_collector;

/* A thread in a signal handler on top of a wait says it in vain, but in pairs: nothing of it is written. */
static struct gt_thread *self(void)
{
	struct gt_thread *t = gt_self ? gt_self : gt_resume_ready();

	return t && t != &gt_thread_ignored ? t : NULL;
}

void gt_gc_wait_begin(enum gt_block_reason reason)
{
	GT_IN_SIGHT;
	struct gt_thread *t = self();

	if (!t)
		return;
	if (t->gc_wait)
		gt_drop(GT_DROP_MISUSE);
	t->gc_wait = (uint8_t)reason;
}

void gt_gc_wait_end(void)
{
	GT_IN_SIGHT;
	struct gt_thread *t = self();

	if (!t)
		return;
	if (!t->gc_wait)
		gt_drop(GT_DROP_MISUSE);
	t->gc_wait = 0;
}

/*
 * Threads that the Boehm collector stops wait in a signal handler for another signal. Its conditions are two: markers, and
 * who marks with them, wait for work; others wait for those that sweep. Its lock is held by whoever collects.
 */
enum gt_block_reason gt_collector_reason_of(const struct gt_thread *t, struct gt_waiting what)
{
	bool is_marking = t->is_marker || t->ranges & (GT_RANGE_STW | GT_RANGE_ASSIST);

	if (t->gc_wait)
		return (enum gt_block_reason)t->gc_wait;
	if (what.reason == GT_BLOCK_PREEMPTED)
		return GT_BLOCK_UNTIL_GC_ENDS;
	if (what.reason == GT_BLOCK_COND_WAIT)
		return is_marking ? GT_BLOCK_GC_MARK_ASSIST : GT_BLOCK_GC_SWEEP;
	if (what.primitive == GT_PRIM_MUTEX && !is_marking && gt_gc_is_active())
		return GT_BLOCK_UNTIL_GC_ENDS;
	return (enum gt_block_reason)what.reason;
}

void gt_collector_label(struct gt_thread *t, const char *name, char label[16])
{
	static const char marker[] = "GC-marker-";
	int len = 0;

	for (; len < 15 && name[len]; len++)
		label[len] = name[len];
	label[len] = 0;
	t->is_marker = gt_collector.size && __builtin_memcmp(label, marker, sizeof(marker) - 1) == 0;
	if (t->is_marker)
		label[2] = ' ';
}
