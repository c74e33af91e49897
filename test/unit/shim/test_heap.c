/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The recorder's private memory: zeroed, aligned, and nobody gets what another one has.
 */
#include "shim/heap.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>

static int all_zero(const unsigned char *p, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (p[i])
			return 0;
	}
	return 1;
}

Test(heap, memory_is_aligned_zeroed_and_apart)
{
	unsigned char *a = gt_heap_take(100);
	unsigned char *b = gt_heap_take(1);

	cr_assert(a && b);
	cr_assert_eq((uintptr_t)a % 128, 0);
	cr_assert_eq((uintptr_t)b % 128, 0);
	cr_assert(b >= a + 100 || b < a);
	cr_assert(all_zero(a, 100));
}

Test(heap, large_pieces_are_zeroed_too_and_leave_room_for_small_ones)
{
	unsigned char *small = gt_heap_take(64);
	unsigned char *large = gt_heap_take(8 << 20);
	unsigned char *next = gt_heap_take(64);

	cr_assert(small && large && next);
	cr_assert_eq((uintptr_t)large % 128, 0);
	cr_assert(all_zero(large, 8 << 20));
	cr_assert_eq(next, small + 128);
}

Test(heap, what_the_kernel_cannot_give_is_null)
{
	cr_assert_null(gt_heap_take((size_t)1 << 62));
	cr_assert_not_null(gt_heap_take(1));
}

Test(heap, when_memory_is_short_small_pieces_are_null_too)
{
	struct rlimit before, none;
	void *last;

	cr_assert_eq(getrlimit(RLIMIT_AS, &before), 0);
	none = before;
	none.rlim_cur = 0;
	gt_heap_take(1);
	setrlimit(RLIMIT_AS, &none);
	for (int i = 0; (last = gt_heap_take(100000)) && i < 100; i++)
		;
	setrlimit(RLIMIT_AS, &before);
	cr_assert_null(last);
	cr_assert_not_null(gt_heap_take(100000));
}

enum { PIECES = 400, PIECE = 7000, THREADS = 3 };

/* Fills pieces with a mark of its own, over several chunks; every piece was zero before. */
static void *take_many(void *result)
{
	static _Atomic int marks;
	unsigned char *piece[PIECES];
	int mark = ++marks;
	intptr_t good = 1;

	(void)result;
	for (int i = 0; i < PIECES; i++) {
		piece[i] = gt_heap_take(PIECE);
		good = good && piece[i] && all_zero(piece[i], PIECE);
		if (good)
			memset(piece[i], mark, PIECE);
	}
	for (int i = 0; good && i < PIECES; i++)
		good = piece[i][0] == mark && memcmp(piece[i], piece[i] + 1, PIECE - 1) == 0;
	return (void *)good;
}

Test(heap, threads_that_take_at_once_share_nothing)
{
	pthread_t thread[THREADS];
	void *good;

	for (int i = 0; i < THREADS; i++)
		cr_assert_eq(pthread_create(&thread[i], NULL, take_many, NULL), 0);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(thread[i], &good);
		cr_assert_not_null(good);
	}
}
