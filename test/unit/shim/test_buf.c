/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Buffers in the live file: order, scarcity, memory ahead of demand.
 */
#include "shim/buf.h"
#include "shim/live.h"
#include "shim/thread.h"
#include "test/lib/live.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <string.h>
#include <sys/resource.h>

static int take_all(void)
{
	int n = 0;

	while (gt_buf_take(true, 1, 7, 0))
		n++;
	return n;
}

Test(buf, full_buffers_come_out_in_their_order_and_by_generation, .fini = gt_temp_clean)
{
	struct gt_buf *a, *b, *c;

	gt_test_live(4 << 20);
	a = gt_buf_take(false, 1, 7, 100);
	b = gt_buf_take(true, 1, 7, 200);
	c = gt_buf_take(false, 2, 7, 300);
	cr_assert(a && b && c);
	cr_assert_eq(a->bytes, GT_BUF_SMALL);
	cr_assert_eq(b->bytes, GT_BUF_LARGE);
	gt_buf_push(a);
	gt_buf_push(b);
	cr_assert(gt_buf_queued(1));
	cr_assert_not(gt_buf_queued(2));
	gt_buf_push(c);
	cr_assert_eq(gt_buf_take_full(1), a);
	cr_assert_eq(gt_buf_next(a), b);
	cr_assert_null(gt_buf_next(b));
	cr_assert_null(gt_buf_take_full(1));
	cr_assert_eq(gt_buf_take_full(2), c);
}

Test(buf, a_buffer_is_empty_and_knows_whose_it_is, .fini = gt_temp_clean)
{
	struct gt_buf *b, *next;

	gt_test_live(1 << 20);
	b = gt_buf_take(false, 9, 77, 1234);
	cr_assert(b->gen == 9 && b->tid == 77 && b->base == 1234 && b->last == 1234);
	cr_assert(b->events == 0 && b->used == 0 && b->top == GT_BUF_SMALL);
	b->events = b->used = b->top = 100;
	gt_buf_give_back(b);
	next = gt_buf_take(false, 10, 78, 5);
	cr_assert_eq(next, b);
	cr_assert(b->events == 0 && b->used == 0 && b->top == GT_BUF_SMALL && b->gen == 10);
}

Test(buf, scarcity_is_told_once_and_ends_with_a_buffer_given_back, .fini = gt_temp_clean)
{
	struct gt_buf *b, *last = NULL;

	gt_test_live(1 << 20);
	while ((b = gt_buf_take(true, 1, 7, 0)))
		last = b;
	cr_assert_not_null(last);
	cr_assert(gt_buf_scarce());
	cr_assert_not(gt_buf_scarce());
	gt_buf_give_back(last);
	cr_assert_eq(gt_buf_take(true, 2, 8, 5), last);
	cr_assert_eq(last->gen, 2);
}

Test(buf, a_buffer_of_the_other_size_is_better_than_none, .fini = gt_temp_clean)
{
	struct gt_buf *large;

	gt_test_live(1 << 20);
	large = gt_buf_take(true, 1, 7, 0);
	take_all();
	cr_assert_null(gt_buf_take(false, 1, 7, 0));
	gt_buf_give_back(large);
	cr_assert_eq(gt_buf_take(false, 1, 7, 0), large);
	cr_assert_eq(large->top, GT_BUF_LARGE);
}

Test(buf, memory_is_made_ahead_up_to_the_limit_and_no_further, .fini = gt_temp_clean)
{
	const int most = (8 << 20) / GT_BUF_LARGE;
	int n;

	gt_test_live(8 << 20);
	n = take_all();
	cr_assert_lt(n, most);
	gt_buf_reserve(1 << 20);
	cr_assert_gt(take_all(), 0);
	for (int i = 0; i < 8; i++) {
		gt_buf_reserve(8 << 20);
		n += take_all();
	}
	cr_assert_leq(n, most);
	cr_assert_leq(gt_temp_size(gt_temp_path("live")), gt_live_head()->buffers + (8 << 20));
	cr_assert_eq(take_all(), 0);
}

enum { SOME = 100 };

Test(buf, what_some_say_leaves_room_for_the_first_words_of_all, .fini = gt_temp_clean)
{
	int large = 0, first = 0;
	struct gt_buf *b;

	cr_assert(gt_thread_table_start(SOME));
	for (int i = 0; i < SOME; i++)
		cr_assert_not_null(gt_thread_take());
	gt_test_live(1 << 20);
	gt_buf_reserve(1 << 20);
	for (b = gt_buf_take(true, 1, 7, 0); b && b->bytes == GT_BUF_LARGE; b = gt_buf_take(true, 1, 7, 0))
		large++;
	for (; b; b = gt_buf_take(false, 1, 7, 0))
		first++;
	cr_assert_gt(large, SOME / 5 / 2);
	cr_assert_geq(first, 2 * SOME);
}

Test(buf, each_thread_may_have_one_more_and_half_of_it_gone_is_said_once, .fini = gt_temp_clean)
{
	int n = 0;

	cr_assert(gt_thread_table_start(SOME));
	gt_test_live(64 << 20);
	gt_buf_reserve(1 << 20);
	take_all();
	for (int i = 0; i < SOME; i++)
		cr_assert_not_null(gt_thread_take());
	gt_buf_reserve_again();
	cr_assert_not(gt_buf_runs_low());
	for (; !gt_buf_runs_low(); n++)
		cr_assert_not_null(gt_buf_take(true, 1, 7, 0));
	cr_assert_gt(n, SOME / 4);
	cr_assert_not(gt_buf_runs_low());
	cr_assert_gt(n + take_all(), SOME);
	gt_buf_reserve_again();
	take_all();
	cr_assert(gt_buf_runs_low());
}

Test(buf, what_cannot_be_had_is_not_asked_for, .fini = gt_temp_clean)
{
	gt_test_live(4 << 20);
	gt_buf_reserve(8 << 20);
	take_all();
	cr_assert(gt_buf_runs_low());
	gt_buf_reserve_again();
	gt_buf_reserve_again();
	take_all();
	cr_assert_not(gt_buf_runs_low());
}

static uint64_t use_all(void)
{
	take_all();
	return gt_live_head()->carved - gt_live_head()->buffers;
}

/* It is asked for four times as much as was used. */
Test(buf, more_is_had_where_more_is_used, .fini = gt_temp_clean)
{
	uint64_t some, more;

	gt_test_live(64 << 20);
	gt_buf_reserve(32 << 20);
	some = use_all();
	cr_assert(some >= 2 << 20 && some < 4 << 20);
	gt_buf_reserve_again();
	more = use_all();
	cr_assert_geq(more, 5 * some);
	gt_buf_reserve_again();
	cr_assert_geq(use_all(), more + (32 << 20));
}

enum { LIMIT = 16 << 20 };

/* A store into a hole of a full disk would kill the program. */
Test(buf, memory_is_handed_out_only_where_the_file_has_it, .fini = gt_temp_clean)
{
	struct rlimit limit = {LIMIT, LIMIT};
	struct gt_buf *b;

	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	gt_test_live(64 << 20);
	do {
		gt_buf_reserve(1 << 20);
		b = gt_buf_take(true, 1, 7, 0);
		if (b)
			memset(b->data, 1, b->bytes - sizeof(*b));
	} while (b);
	cr_assert_leq(gt_temp_size(gt_temp_path("live")), LIMIT);
}

enum { THREADS = 3, ROUNDS = 900, TIMES = 4 };

/* Buffers go round between threads; each pushes numbers that grow. */
static void *push_many(void *tid)
{
	for (uint64_t i = 1; i <= ROUNDS; i++) {
		struct gt_buf *b = gt_buf_take(false, 1, (uint32_t)(uintptr_t)tid, i);

		if (b && i % 3)
			gt_buf_give_back(b);
		else if (b)
			gt_buf_push(b);
	}
	return NULL;
}

static void push_at_once(void)
{
	pthread_t thread[THREADS];
	uint64_t last[THREADS] = {0};
	struct gt_buf *next;
	int n = 0;

	for (uintptr_t i = 0; i < THREADS; i++)
		cr_assert_eq(pthread_create(&thread[i], NULL, push_many, (void *)i), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	for (struct gt_buf *b = gt_buf_take_full(1); b; b = next, n++) {
		next = gt_buf_next(b);
		cr_assert_lt(b->tid, THREADS);
		cr_assert_gt(b->base, last[b->tid]);
		last[b->tid] = b->base;
		gt_buf_give_back(b);
	}
	cr_assert_eq(n, THREADS * (ROUNDS / 3));
	cr_assert_not(gt_buf_scarce());
}

Test(buf, threads_that_push_at_once_lose_nothing_and_keep_their_order, .fini = gt_temp_clean)
{
	gt_test_live(64 << 20);
	gt_buf_reserve(16 << 20);
	for (int i = 0; i < TIMES; i++)
		push_at_once();
}
