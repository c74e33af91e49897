/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who waits on what: a table of waiters keyed by the address of the object, so that a waker learns at the price
 * of one load that nobody waits.
 *
 * Lock-free. A waiter puts its own index into a free place of the object's bucket and takes it out itself; a
 * waker only reads places, and claims the thread that it finds there by its wait word (thread.h). A full bucket
 * is no error: whoever finds no place writes its own GoUnblock later.
 *
 * The first places, which are enough where two wait, are part of the word that wakers look at: to take one is one locked
 * instruction, and to leave it is a plain store. Those in the other places, and in none, are counted in that word.
 */
#ifndef GT_WAITERS_H
#define GT_WAITERS_H

#include "line.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum {
	GT_BUCKETS = 1024,
	GT_BUCKET_FIRST = 2, /* for threads whose index has 16 bits */
	GT_BUCKET_OTHER = 12,
	GT_BUCKET_PLACES = GT_BUCKET_FIRST + GT_BUCKET_OTHER,
	GT_NO_PLACE = 0,
	GT_PLACE_NONE = GT_BUCKET_PLACES + 1, /* does not wait by address */
};

/* Places hold the index of a thread, or GT_NO_PLACE. */
struct gt_bucket {
	union {
		_Atomic uint64_t waiting; /* 0: nobody. Written by waiters only, in parts */
		struct {
			_Atomic uint16_t first[GT_BUCKET_FIRST];
			_Atomic uint32_t others; /* threads in this bucket that are in none of the first places */
		};
	};
	_Atomic uint64_t release; /* the last one of an object that is waited for: see gt_waiters_release() */
	_Atomic uint32_t other[GT_BUCKET_OTHER];
} GT_OWN_LINE;

extern struct gt_bucket gt_buckets[GT_BUCKETS];

static inline uint64_t gt_waiters_hash(const void *object)
{
	return (uint64_t)(uintptr_t)object * UINT64_C(0x9e3779b97f4a7c15);
}

static inline struct gt_bucket *gt_bucket_of(const void *object)
{
	return &gt_buckets[gt_waiters_hash(object) >> 54];
}

/* What tells the objects of one bucket apart. */
static inline uint64_t gt_waiters_tag(const void *object)
{
	return gt_waiters_hash(object) >> 32 & 0xffff;
}

/* Who is in a place, by its number: the first ones, then the others. */
static inline uint32_t gt_waiters_in(const struct gt_bucket *b, uint32_t place)
{
	return place < GT_BUCKET_FIRST ? atomic_load_explicit(&b->first[place], memory_order_acquire)
				       : atomic_load_explicit(&b->other[place - GT_BUCKET_FIRST], memory_order_acquire);
}

/* How many threads wait in a bucket, with or without a place. */
static inline uint32_t gt_waiters_count(const struct gt_bucket *b)
{
	uint64_t waiting = atomic_load_explicit(&b->waiting, memory_order_relaxed);

	return (uint32_t)(waiting >> 32) + ((waiting & 0xffff) != 0) + ((waiting & 0xffff0000) != 0);
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

/*
 * G `goid` lets go of the object, which somebody may wait for. However many wait, one word is written, while the object is held:
 * 16 bits of the object's tag, 8 that count, and the G. Two at once may lose one, and whoever
 * waited for that learns nobody's name.
 */
static inline void gt_waiters_release(const void *object, uint64_t goid)
{
	_Atomic uint64_t *release = &gt_bucket_of(object)->release;
	uint64_t count = atomic_load_explicit(release, memory_order_relaxed) + (1 << 16);

	atomic_store_explicit(release, goid << 24 | (count & 0xff0000) | gt_waiters_tag(object), memory_order_relaxed);
}

/* For a waiter: what the word was before it waited; and who has let go of the object since, 0: nobody that is known. */
static inline uint64_t gt_waiters_released(const void *object)
{
	return atomic_load_explicit(&gt_bucket_of(object)->release, memory_order_relaxed);
}

static inline uint64_t gt_waiters_releaser(const void *object, uint64_t before)
{
	uint64_t now = gt_waiters_released(object);

	return now != before && (now & 0xffff) == gt_waiters_tag(object) ? now >> 24 : 0;
}

/* Forgets all waiters: in a forked child, where none of them exists. */
void gt_waiters_clear(void);

#endif
