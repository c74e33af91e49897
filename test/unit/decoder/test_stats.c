/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The sums of gtrace stats: equal keys meet in one row, and the order of the lists.
 */
#include "decoder/stats.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct gt_stats *s;

static void set_up(void)
{
	s = gt_stats_new();
}

static void tear_down(void)
{
	gt_stats_free(s);
}

TestSuite(stats, .init = set_up, .fini = tear_down);

static void add(enum gt_stats_table table, uint64_t first, uint64_t second, const char *text, uint64_t ns)
{
	gt_histogram_add(&gt_stats_row(s, table, first, second, text, "")->times, ns);
}

Test(stats, stays_are_summed_by_state)
{
	struct gt_stats_thread *t = gt_stats_thread(s, 7);

	gt_stats_stay(t, GT_G_Running, 10);
	gt_stats_stay(t, GT_G_Running, 5);
	gt_stats_stay(t, GT_G_Waiting, 1);
	cr_expect_eq(gt_stats_thread(s, 7), t);
	cr_expect_eq(gt_stats_find_thread(s, 7), t);
	cr_expect_null(gt_stats_find_thread(s, 8));
	cr_expect(t->in_state[GT_G_Running].count == 2 && t->in_state[GT_G_Running].total_ns == 15);
	cr_expect(t->in_state[GT_G_Waiting].count == 1 && t->in_state[GT_G_Syscall].count == 0);
}

Test(stats, threads_are_listed_by_goroutine)
{
	const struct gt_stats_thread **t;
	size_t n;

	gt_stats_thread(s, 9);
	gt_stats_thread(s, 2);
	gt_stats_thread(s, UINT64_MAX);
	t = gt_stats_threads(s, &n);
	cr_assert_eq(n, 3);
	cr_expect(t[0]->g == 2 && t[1]->g == 9 && t[2]->g == UINT64_MAX);
	free(t);
}

/* The ones that lived longest keep their rows; nothing is lost of the others. */
Test(stats, threads_that_ended_share_a_row_when_there_are_many)
{
	enum { ALL = 2 * GT_STATS_OVER };
	const struct gt_stats_thread **t;
	uint64_t waits = 0;
	size_t n;

	gt_stats_stay(gt_stats_thread(s, 1), GT_G_Running, 1);
	for (uint64_t g = 2; g < ALL + 2; g++) {
		gt_stats_stay(gt_stats_thread(s, g), GT_G_Waiting, g % 2 ? g : 1000000);
		gt_histogram_add(&gt_stats_thread(s, g)->waits, 7);
		if (g == ALL + 1)
			free(gt_stats_threads(s, &n));
		gt_stats_over(s, g);
		gt_stats_over(s, g);
	}
	cr_expect_eq(n, ALL + 1);
	gt_stats_over(s, ALL + 5);
	t = gt_stats_threads(s, &n);
	cr_assert_eq(n, GT_STATS_OVER + 2);
	cr_expect(t[0]->g == 1 && !t[0]->over && t[1]->g == 2 && t[2]->g == 4);
	cr_expect(t[n - 1]->g == GT_NONE && t[n - 1]->threads == GT_STATS_OVER);
	cr_expect_eq(t[n - 1]->in_state[GT_G_Waiting].count, GT_STATS_OVER);
	cr_expect_eq(t[n - 1]->in_state[GT_G_Waiting].total_ns, (uint64_t)GT_STATS_OVER * (GT_STATS_OVER + 2));
	for (size_t i = 0; i < n; i++)
		waits += t[i]->waits.count;
	cr_expect_eq(waits, ALL);
	free(t);
}

Test(stats, equal_keys_meet_in_one_row)
{
	const struct gt_stats_row **rows;
	size_t n;

	add(GT_STATS_OBJECT, GT_PRIM_MUTEX, 0x1000, "", 5);
	add(GT_STATS_OBJECT, GT_PRIM_MUTEX, 0x2000, "", 100);
	add(GT_STATS_OBJECT, GT_PRIM_MUTEX, 0x1000, "", 7);
	add(GT_STATS_OBJECT, GT_PRIM_COND, 0x1000, "", 1);
	add(GT_STATS_REASON, GT_PRIM_COND, 0x1000, "", 1);
	rows = gt_stats_rows(s, GT_STATS_OBJECT, &n);
	cr_assert_eq(n, 3);
	cr_expect_eq(rows[0]->number[1], 0x2000);
	cr_expect(rows[1]->times.count == 2 && rows[1]->times.total == 12 && rows[1]->times.max == 7);
	cr_expect_eq(rows[2]->number[0], GT_PRIM_COND);
	free(rows);
}

Test(stats, texts_are_compared_to_their_ends)
{
	const struct gt_stats_row **rows;
	size_t n;

	add(GT_STATS_REASON, 0, 0, "sync", 5);
	add(GT_STATS_REASON, 0, 0, "sync ", 6);
	add(GT_STATS_REASON, 0, 0, "sync", 7);
	gt_histogram_add(&gt_stats_row(s, GT_STATS_REASON, 0, 0, "syn", "c")->times, 1);
	rows = gt_stats_rows(s, GT_STATS_REASON, &n);
	cr_assert_eq(n, 3);
	cr_expect(strcmp(rows[0]->text, "sync") == 0 && rows[0]->times.total == 12);
	cr_expect_str_eq(rows[1]->text, "sync ");
	cr_expect(strcmp(rows[2]->text, "syn") == 0 && strcmp(rows[2]->file, "c") == 0);
	free(rows);
}

Test(stats, texts_that_are_too_long_are_cut)
{
	static char text[GT_MAX_STRING + 100];

	memset(text, 'x', sizeof(text) - 1);
	cr_expect_eq(strlen(gt_stats_row(s, GT_STATS_SITE, 0, 0, text, text)->file), GT_MAX_STRING);
}

Test(stats, a_row_of_numbers_is_the_one_without_texts)
{
	gt_stats_row(s, GT_STATS_OBJECT, 1, 0, "text", "");
	/* More than are kept at hand, each asked for a second time after all others. */
	for (uint64_t i = 0; i < 2000; i++) {
		uint64_t first = i % 1000 % 7, second = i % 1000 * 64;

		cr_expect_eq(gt_stats_number(s, GT_STATS_OBJECT, first, second),
			     gt_stats_row(s, GT_STATS_OBJECT, first, second, "", ""));
		cr_expect_eq(gt_stats_number(s, GT_STATS_SYSCALL, first, second),
			     gt_stats_row(s, GT_STATS_SYSCALL, first, second, "", ""));
	}
}

/* Its number may be given out again, and its row may have gone in between. */
Test(stats, a_thread_that_comes_again_has_a_row)
{
	struct gt_stats_thread *t = gt_stats_thread(s, 1);

	gt_stats_over(s, 1);
	cr_expect_eq(gt_stats_thread(s, 1), t);
	for (uint64_t i = 1; i < 3 * GT_STATS_OVER; i++) {
		uint64_t g = 4096 * i;

		gt_stats_stay(gt_stats_thread(s, g), GT_G_Running, i);
		gt_stats_over(s, g);
	}
	cr_expect_null(gt_stats_find_thread(s, 1));
	t = gt_stats_thread(s, 1);
	cr_expect_eq(gt_stats_find_thread(s, 1), t);
	cr_expect(t->g == 1 && t->threads == 1 && !t->over);
}

Test(stats, rows_that_nothing_fell_into_are_not_listed)
{
	size_t n = 1;

	gt_stats_row(s, GT_STATS_SITE, 1, 0, "work", "/x");
	free(gt_stats_rows(s, GT_STATS_SITE, &n));
	cr_expect_eq(n, 0);
}

Test(stats, the_longest_row_is_first_and_equal_ones_have_an_order)
{
	const struct gt_stats_row **rows;
	size_t n;

	for (uint64_t i = 0; i < 20; i++)
		add(GT_STATS_SYSCALL, i, 0, "", i * 7 % 10 + 1);
	add(GT_STATS_SYSCALL, GT_NONE, 0, "", 1000);
	rows = gt_stats_rows(s, GT_STATS_SYSCALL, &n);
	cr_assert_eq(n, 21);
	cr_expect_eq(rows[0]->number[0], GT_NONE);
	for (size_t i = 1; i < n; i++)
		cr_expect(gt_stats_compare(rows[i - 1], rows[i]) < 0);
	free(rows);
}

Test(stats, nothing_happened)
{
	size_t n = 1;

	free(gt_stats_threads(s, &n));
	cr_expect_eq(n, 0);
	gt_stats_free(NULL);
}
