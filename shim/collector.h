/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A collector in the process: where its code is, and what threads wait for that it holds up. Its own waits are ordinary
 * ones (signals, conditions, locks); where they were called says what they are for.
 */
#ifndef GT_COLLECTOR_H
#define GT_COLLECTOR_H

#include "sched.h"
#include "thread.h"

/* The collector's code; {0}: none is known. Written at start. */
struct gt_collector {
	uintptr_t from, size;
};
extern struct gt_collector gt_collector;

/*
 * What the calling thread waits for from now on, whatever it waits on: a block reason of collectors. One without the other
 * is counted.
 */
void gt_gc_wait_begin(enum gt_block_reason reason);
void gt_gc_wait_end(void);

/* The rest of gt_collector_reason(). */
enum gt_block_reason gt_collector_reason_of(const struct gt_thread *t, struct gt_waiting what);

/* Why thread `t` waits, if it does so at `pc`. */
static inline enum gt_block_reason gt_collector_reason(const struct gt_thread *t, struct gt_waiting what,
						       const void *pc)
{
	if (__builtin_expect((uintptr_t)pc - gt_collector.from < gt_collector.size || t->gc_wait, 0))
		return gt_collector_reason_of(t, what);
	return (enum gt_block_reason)what.reason;
}

/*
 * The label of the thread, which has given itself this name, in `label`. A marker thread's begins with "GC ", by which
 * viewers know it, and `t` remembers what it is.
 */
void gt_collector_label(struct gt_thread *t, const char *name, char label[16]);

#endif
