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
