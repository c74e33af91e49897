/* SPDX-License-Identifier: BSD-3-Clause */
#include "waiters.h"

struct gt_bucket gt_buckets[GT_BUCKETS];

uint32_t gt_waiters_enter(const void *object, uint32_t index)
{
	struct gt_bucket *b = gt_bucket_of(object);

	atomic_fetch_add(&b->waiting, 1);
	for (uint32_t i = 0; i < GT_BUCKET_PLACES; i++) {
		uint32_t free = GT_NO_PLACE;

		if (atomic_compare_exchange_strong(&b->place[i], &free, index))
			return i;
	}
	return GT_BUCKET_PLACES;
}

void gt_waiters_leave(const void *object, uint32_t place)
{
	struct gt_bucket *b = gt_bucket_of(object);

	if (place < GT_BUCKET_PLACES)
		atomic_store_explicit(&b->place[place], GT_NO_PLACE, memory_order_release);
	atomic_fetch_sub(&b->waiting, 1);
}

void gt_waiters_clear(void)
{
	__builtin_memset(gt_buckets, 0, sizeof(gt_buckets));
}
