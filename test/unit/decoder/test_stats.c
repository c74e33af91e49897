/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The sums of gtrace stats: stays end where the next begins, equal keys meet in one row, order of the lists.
 */
#include "decoder/stats.h"

#include <criterion/criterion.h>
#include <stdlib.h>

Test(stats, a_stay_lasts_until_the_next_state)
{
	struct gt_stats *s = gt_stats_new();
	const struct gt_stats_thread **t;
	size_t n;

	gt_stats_state(s, 1, GT_G_Running, 100);
	gt_stats_state(s, 1, GT_G_Running, 150); /* a new generation says it again */
	gt_stats_state(s, 1, GT_G_Waiting, 300);
	gt_stats_state(s, 1, GT_G_Running, 350);
	gt_stats_finish(s, 400);
	t = gt_stats_threads(s, &n);
	cr_assert_eq(n, 1);
	cr_assert_eq(t[0]->in_state[GT_G_Running].total_ns, 250);
	cr_assert_eq(t[0]->in_state[GT_G_Running].count, 2);
	cr_assert_eq(t[0]->in_state[GT_G_Waiting].total_ns, 50);
	free(t);
	gt_stats_free(s);
}

Test(stats, a_thread_that_ended_gathers_no_time)
{
	struct gt_stats *s = gt_stats_new();
	const struct gt_stats_thread **t;
	size_t n;

	gt_stats_state(s, 7, GT_G_Running, 0);
	gt_stats_state(s, 7, GT_G_Bad, 10);
	gt_stats_state(s, 3, GT_G_Runnable, 20);
	gt_stats_finish(s, 1000);
	t = gt_stats_threads(s, &n);
	cr_assert_eq(n, 2);
	cr_assert_eq(t[0]->g, 3);
	cr_assert_eq(t[0]->in_state[GT_G_Runnable].total_ns, 980);
	cr_assert_eq(t[1]->g, 7);
	cr_assert_eq(t[1]->in_state[GT_G_Running].total_ns, 10);
	free(t);
	gt_stats_free(s);
}

Test(stats, waits_meet_by_reason_and_object)
{
	struct gt_stats *s = gt_stats_new();
	const struct gt_stats_wait **w;
	size_t n;

	gt_stats_wait(s, "sync", GT_PRIM_MUTEX, 0x1000, 5);
	gt_stats_wait(s, "sync", GT_PRIM_MUTEX, 0x2000, 100);
	gt_stats_wait(s, "sync", GT_PRIM_MUTEX, 0x1000, 7);
	gt_stats_wait(s, "sync", GT_PRIM_COND, 0x1000, 1);
	w = gt_stats_waits(s, &n);
	cr_assert_eq(n, 3);
	cr_assert_eq(w[0]->object, 0x2000);
	cr_assert_eq(w[1]->tally.count, 2);
	cr_assert_eq(w[1]->tally.total_ns, 12);
	cr_assert_eq(w[1]->tally.max_ns, 7);
	cr_assert_eq(w[2]->primitive, GT_PRIM_COND);
	free(w);
	gt_stats_free(s);
}

Test(stats, system_calls_count_their_errors)
{
	struct gt_stats *s = gt_stats_new();
	const struct gt_stats_syscall **c;
	size_t n;

	gt_stats_syscall(s, 0, 10, 3);
	gt_stats_syscall(s, 0, -11, 4);
	gt_stats_syscall(s, 0, INT64_MIN, 4);
	c = gt_stats_syscalls(s, &n);
	cr_assert_eq(n, 1);
	cr_assert_eq(c[0]->errors, 1);
	cr_assert_eq(c[0]->tally.count, 3);
	free(c);
	gt_stats_free(s);
}

Test(stats, a_tally_counts_sums_and_keeps_the_longest)
{
	struct gt_tally tally = {0};

	gt_tally_add(&tally, 0);
	cr_expect(tally.count == 1 && tally.total_ns == 0 && tally.max_ns == 0);
	gt_tally_add(&tally, 9);
	gt_tally_add(&tally, 4);
	cr_expect(tally.count == 3 && tally.total_ns == 13 && tally.max_ns == 9);
}

Test(stats, time_that_goes_backwards_is_no_time)
{
	struct gt_stats *s = gt_stats_new();
	const struct gt_stats_thread **t;
	size_t n;

	gt_stats_state(s, 1, GT_G_Running, 100);
	gt_stats_state(s, 1, GT_G_Waiting, 40);
	gt_stats_finish(s, 45);
	t = gt_stats_threads(s, &n);
	cr_assert_eq(n, 1);
	cr_expect_eq(t[0]->in_state[GT_G_Running].count, 1);
	cr_expect_eq(t[0]->in_state[GT_G_Running].total_ns, 0);
	cr_expect_eq(t[0]->in_state[GT_G_Waiting].total_ns, 5);
	free(t);
	gt_stats_free(s);
}

Test(stats, a_thread_keeps_its_last_name)
{
	struct gt_stats *s = gt_stats_new();
	const struct gt_stats_thread **t;
	size_t n;

	gt_stats_thread_name(s, 5, 77, "first");
	gt_stats_thread_name(s, 5, 78, "a name that is too long");
	gt_stats_state(s, 5, GT_G_Running, 1);
	t = gt_stats_threads(s, &n);
	cr_assert_eq(n, 1);
	cr_expect_eq(t[0]->tid, 78);
	cr_expect_str_eq(t[0]->name, "a name that is ");
	free(t);
	gt_stats_free(s);
}

Test(stats, waits_differ_by_reason)
{
	struct gt_stats *s = gt_stats_new();
	const struct gt_stats_wait **w;
	size_t n;

	gt_stats_wait(s, "sync", 0, 0, 5);
	gt_stats_wait(s, "sync ", 0, 0, 6);
	gt_stats_wait(s, "sync", 0, 0, 7);
	w = gt_stats_waits(s, &n);
	cr_assert_eq(n, 2);
	cr_expect_str_eq(w[0]->reason, "sync");
	cr_expect_eq(w[0]->tally.total_ns, 12);
	cr_expect_str_eq(w[1]->reason, "sync ");
	free(w);
	gt_stats_free(s);
}

Test(stats, the_longest_system_call_is_first)
{
	struct gt_stats *s = gt_stats_new();
	const struct gt_stats_syscall **c;
	size_t n;

	for (uint64_t i = 0; i < 20; i++)
		gt_stats_syscall(s, i, 0, i * 7 % 20 + 1);
	gt_stats_syscall(s, GT_NONE, 0, 1000);
	c = gt_stats_syscalls(s, &n);
	cr_assert_eq(n, 21);
	cr_expect_eq(c[0]->number, GT_NONE);
	for (size_t i = 1; i < n; i++)
		cr_expect(c[i - 1]->tally.total_ns > c[i]->tally.total_ns);
	free(c);
	gt_stats_free(s);
}

Test(stats, nothing_happened)
{
	struct gt_stats *s = gt_stats_new();
	size_t threads = 1, waits = 1, calls = 1;

	gt_stats_finish(s, 100);
	free(gt_stats_threads(s, &threads));
	free(gt_stats_waits(s, &waits));
	free(gt_stats_syscalls(s, &calls));
	cr_expect(threads == 0 && waits == 0 && calls == 0);
	gt_stats_free(s);
	gt_stats_free(NULL);
}
