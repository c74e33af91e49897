/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who waits on what: a table of waiters keyed by the address of the object, so that a waker learns at the price
 * of one load that nobody waits.
 *
 * Lock-free. A waiter puts its own index into a free place of the object's bucket and takes it out itself; a
 * waker only reads places, and claims the thread that it finds there by its wait word (thread.h). A full bucket
 * is no error: whoever finds no place writes its own GoUnblock later.
 */
#ifndef GT_WAITERS_H
#define GT_WAITERS_H

#include "line.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum {
	GT_BUCKETS = 1024,
	GT_BUCKET_PLACES = 15,
	GT_NO_PLACE = 0,
	GT_PLACE_NONE = GT_BUCKET_PLACES + 1, /* does not wait by address */
};

struct gt_bucket {
	_Atomic uint32_t waiting; /* threads in this bucket, with or without a place; written by waiters only */
	_Atomic uint32_t place[GT_BUCKET_PLACES]; /* index of a thread, GT_NO_PLACE: free */
} GT_OWN_LINE;

extern struct gt_bucket gt_buckets[GT_BUCKETS];

static inline struct gt_bucket *gt_bucket_of(const void *object)
{
	return &gt_buckets[((uint64_t)(uintptr_t)object * UINT64_C(0x9e3779b97f4a7c15)) >> 54];
}

/* Whether a thread may be waiting on `object`. A hint: races with waiters that come and go. */
static inline bool gt_waiters_any(const void *object)
{
	return atomic_load_explicit(&gt_bucket_of(object)->waiting, memory_order_relaxed) != 0;
}

/*
 * The thread with record `index` starts to wait on `object`; returns its place, GT_BUCKET_PLACES when the bucket
 * is full. Give the same back in gt_waiters_leave(). The waiting thread only.
 */
uint32_t gt_waiters_enter(const void *object, uint32_t index);
void gt_waiters_leave(const void *object, uint32_t place);

/* Forgets all waiters: in a forked child, where none of them exists. */
void gt_waiters_clear(void);

#endif
