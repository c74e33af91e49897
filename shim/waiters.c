/* SPDX-License-Identifier: BSD-3-Clause */
#include "waiters.h"

#include "os.h"

#include <sys/mman.h>

struct gt_bucket gt_buckets[GT_BUCKETS] __attribute__((aligned(4096))); /* whole pages */

static uint32_t enter_other(struct gt_bucket *b, uint32_t index)
{
	atomic_fetch_add(&b->others, 1);
	for (uint32_t i = 0; i < GT_BUCKET_OTHER; i++) {
		uint32_t free = GT_NO_PLACE;

		if (atomic_load_explicit(&b->other[i], memory_order_relaxed) == free &&
		    atomic_compare_exchange_strong(&b->other[i], &free, index))
			return GT_BUCKET_FIRST + i;
	}
	return GT_BUCKET_PLACES;
}

uint32_t gt_waiters_enter(const void *object, uint32_t index)
{
	struct gt_bucket *b = gt_bucket_of(object);

	for (uint32_t i = 0; i < GT_BUCKET_FIRST && index <= UINT16_MAX; i++) {
		uint16_t free = GT_NO_PLACE;

		if (atomic_load_explicit(&b->first[i], memory_order_relaxed) == free &&
		    atomic_compare_exchange_strong(&b->first[i], &free, (uint16_t)index))
			return i;
	}
	return enter_other(b, index);
}

void gt_waiters_leave(const void *object, uint32_t place)
{
	struct gt_bucket *b = gt_bucket_of(object);

	if (place < GT_BUCKET_FIRST) {
		atomic_store_explicit(&b->first[place], GT_NO_PLACE, memory_order_release);
		return;
	}
	if (place < GT_BUCKET_PLACES)
		atomic_store_explicit(&b->other[place - GT_BUCKET_FIRST], GT_NO_PLACE, memory_order_release);
	atomic_fetch_sub(&b->others, 1);
}

/* Most pages were never used, and writing zeros there would take them. */
void gt_waiters_clear(void)
{
	if (GT_SYSCALL(SYS_madvise, gt_buckets, sizeof(gt_buckets), MADV_DONTNEED, 0) != 0)
		__builtin_memset(gt_buckets, 0, sizeof(gt_buckets));
}
