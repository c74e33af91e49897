/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One pass over a trace: what goes into the sums.
 */
#include "test/lib/builder.h"
#include "test/lib/surveyed.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct gt_builder b;
static struct gt_survey survey;
static struct gt_source source;
static struct gt_filter *filter;
static struct gt_span span = {INT64_MIN, INT64_MAX};

static void set_up(void)
{
	filter = gt_filter_new();
	gt_survey_start(&survey);
}

static void tear_down(void)
{
	gt_source_close(&source);
	gt_survey_free(&survey);
	gt_filter_free(filter);
	gt_build_free(&b);
}

TestSuite(survey, .init = set_up, .fini = tear_down);

/* Surveys all of the trace; what the source says at its end. */
static int read_it(void)
{
	return gt_surveyed_read(&survey, &source, &b, filter, span);
}

/* The trace is sound. */
static void read_all(void)
{
	cr_assert_eq(read_it(), 0, "%s", source.err.words);
}

static void tied(int number, uint64_t position, uint64_t first, uint64_t second)
{
	struct gt_fact_record fact = {
		.number = (uint8_t)number, .position = position, .field = {{.u = first}, {.u = second}}};

	gt_build_fact(&b, &fact);
}

static void stayed(const struct gt_stats_thread *t, int state, uint64_t count, uint64_t ns)
{
	cr_expect_eq(t->in_state[state].count, count, "%d stays in state %d", (int)t->in_state[state].count, state);
	cr_expect_eq(t->in_state[state].total_ns, ns, "%d ns in state %d", (int)t->in_state[state].total_ns, state);
}

Test(survey, states_are_summed_up)
{
	const struct gt_stats_thread *t;

	gt_build_start(&b);
	gt_add_GoBlock(&b, 8, 0, 0);
	gt_add_GoUnblock(&b, 90, 1, 1, 0);
	gt_add_GoStart(&b, 5, 1, 2);
	gt_add_GoSyscallBegin(&b, 5, 1, 0);
	gt_add_GoSyscallEnd(&b, 40);
	gt_add_GoDestroy(&b, 10);
	gt_add_ProcStop(&b, 100);
	gt_build_end(&b);
	read_all();
	t = gt_surveyed_thread(&survey);
	cr_expect_eq(t->g, 1);
	stayed(t, GT_G_Running, 3, 8 + 5 + 10);
	stayed(t, GT_G_Waiting, 1, 90);
	stayed(t, GT_G_Runnable, 1, 5);
	stayed(t, GT_G_Syscall, 1, 40);
	cr_expect(survey.first == 101 && survey.last == 360);
	cr_expect_eq(survey.events, 9);
	cr_expect_eq(survey.generations, 1);
}

Test(survey, the_last_stay_ends_with_the_trace)
{
	gt_build_start(&b);
	gt_add_HeapAlloc(&b, 50, 1);
	gt_build_end(&b);
	read_all();
	stayed(gt_surveyed_thread(&survey), GT_G_Running, 1, 50);
}

Test(survey, a_new_generation_goes_on_with_the_same_stay)
{
	gt_build_start(&b);
	gt_build_second(&b);
	gt_add_GoStatus(&b, 0, 1, 1, GT_G_Running);
	gt_add_GoBlock(&b, 100, 0, 0);
	gt_build_end(&b);
	read_all();
	stayed(gt_surveyed_thread(&survey), GT_G_Running, 1, 1100 - 102);
	cr_expect_eq(survey.generations, 2);
	cr_expect_eq(survey.events, 4);
}

/* The only row of a table. */
static const struct gt_stats_row *only_row(enum gt_stats_table table)
{
	const struct gt_stats_row **list, *row;
	size_t n;

	list = gt_stats_rows(survey.stats, table, &n);
	cr_assert_eq(n, 1, "%zu rows", n);
	row = list[0];
	free(list);
	return row;
}

static void summed(enum gt_stats_table table, uint64_t count, uint64_t total)
{
	const struct gt_histogram *h = &only_row(table)->times;

	cr_expect(h->count == count && h->total == total, "table %d: %d times, %d ns", table, (int)h->count,
		  (int)h->total);
}

Test(survey, waits_are_known_by_thread_reason_object_and_site)
{
	gt_build_start(&b);
	gt_build_end(&b);
	gt_build_string(&b, 1, 4, "sync", 4);
	gt_build_stack(&b, 1, 6, 0x77, 2);
	gt_build_batch(&b, 1, 1, 200);
	for (uint64_t i = 0; i < 2; i++) {
		gt_add_GoBlock(&b, 10, 4, 6);
		gt_add_GoUnblock(&b, 30 + i, 1, 2 * i + 1, 0);
		gt_add_GoStart(&b, 1, 1, 2 * i + 2);
	}
	gt_build_end(&b);
	gt_build_facts(&b, 1, 1);
	tied(GT_FACT_Wait, 0, GT_PRIM_COND, 0x1000);
	tied(GT_FACT_Wait, 3, GT_PRIM_COND, 0x1000);
	gt_build_end(&b);
	read_all();
	summed(GT_STATS_REASON, 2, 61);
	summed(GT_STATS_OBJECT, 2, 61);
	summed(GT_STATS_SITE, 2, 61);
	cr_expect_str_eq(only_row(GT_STATS_REASON)->text, "sync");
	cr_expect_eq(only_row(GT_STATS_REASON)->times.max, 31);
	cr_expect_eq(only_row(GT_STATS_OBJECT)->number[0], GT_PRIM_COND);
	cr_expect_eq(only_row(GT_STATS_OBJECT)->number[1], 0x1000);
	cr_expect_eq(only_row(GT_STATS_SITE)->number[0], 7, "the line of the innermost frame");
	cr_expect(gt_surveyed_thread(&survey)->waits.count == 2 && gt_surveyed_thread(&survey)->waits.total == 61);
}

Test(survey, a_wait_goes_on_in_a_new_generation)
{
	gt_build_start(&b);
	gt_add_GoBlock(&b, 8, 0, 0);
	gt_build_second(&b);
	gt_add_GoStatus(&b, 10, 1, GT_NONE, GT_G_Waiting);
	gt_add_GoUnblock(&b, 100, 1, 1, 0);
	gt_build_end(&b);
	read_all();
	summed(GT_STATS_REASON, 1, 1000);
	summed(GT_STATS_SITE, 1, 1000);
}

Test(survey, a_wait_without_a_fact_is_on_something_unknown)
{
	gt_build_start(&b);
	gt_add_GoBlock(&b, 10, 0, 0);
	gt_add_GoUnblock(&b, 30, 1, 1, 0);
	gt_build_end(&b);
	read_all();
	summed(GT_STATS_OBJECT, 1, 30);
	cr_expect_str_eq(only_row(GT_STATS_REASON)->text, "");
	cr_expect_eq(only_row(GT_STATS_OBJECT)->number[0], GT_PRIM_NONE);
	cr_expect_eq(only_row(GT_STATS_OBJECT)->number[1], 0);
	cr_expect_str_eq(only_row(GT_STATS_SITE)->text, "");
}

Test(survey, what_does_not_end_counts_up_to_the_end_of_the_trace)
{
	gt_build_start(&b);
	gt_add_GoBlock(&b, 10, 0, 0);
	gt_add_HeapAlloc(&b, 500, 1);
	gt_build_end(&b);
	read_all();
	summed(GT_STATS_REASON, 1, 500);
	stayed(gt_surveyed_thread(&survey), GT_G_Waiting, 1, 500);
}

Test(survey, system_calls_are_known_by_number_and_result)
{
	static const struct gt_fact_record failed = {
		.number = GT_FACT_SyscallResult, .position = 3, .field = {{.s = -4}}};

	gt_build_start(&b);
	gt_add_GoSyscallBegin(&b, 10, 1, 0);
	gt_add_GoSyscallEnd(&b, 40);
	gt_add_GoSyscallBegin(&b, 10, 2, 0);
	gt_add_ProcStop(&b, 1);
	gt_add_GoSyscallEndBlocked(&b, 5);
	gt_build_end(&b);
	gt_build_facts(&b, 1, 1);
	tied(GT_FACT_Syscall, 2, 202, 0);
	tied(GT_FACT_Syscall, 4, 202, 0);
	gt_build_fact(&b, &failed);
	gt_build_end(&b);
	read_all();
	summed(GT_STATS_SYSCALL, 2, 46);
	cr_expect_eq(only_row(GT_STATS_SYSCALL)->number[0], 202);
	cr_expect_eq(only_row(GT_STATS_SYSCALL)->errors, 1);
}

Test(survey, a_system_call_without_facts)
{
	gt_build_start(&b);
	gt_add_GoSyscallBegin(&b, 10, 1, 0);
	gt_add_GoSyscallEnd(&b, 40);
	gt_build_end(&b);
	read_all();
	summed(GT_STATS_SYSCALL, 1, 40);
	cr_expect(only_row(GT_STATS_SYSCALL)->number[0] == GT_NONE && only_row(GT_STATS_SYSCALL)->errors == 0);
}

/* G 1 runs from 102, waits from 110 to 140, is ready until 145. */
static void add_wait(void)
{
	gt_build_start(&b);
	gt_add_GoBlock(&b, 8, 0, 0);
	gt_add_GoUnblock(&b, 30, 1, 1, 0);
	gt_add_GoStart(&b, 5, 1, 2);
	gt_add_HeapAlloc(&b, 5, 1);
	gt_build_end(&b);
}

Test(survey, of_what_reaches_into_the_window_the_part_inside_counts)
{
	add_wait();
	span = (struct gt_span){105, 120};
	read_all();
	stayed(gt_surveyed_thread(&survey), GT_G_Running, 1, 5);
	stayed(gt_surveyed_thread(&survey), GT_G_Waiting, 1, 10);
	stayed(gt_surveyed_thread(&survey), GT_G_Runnable, 0, 0);
	summed(GT_STATS_REASON, 1, 10);
	cr_expect(survey.first == 101 && survey.last == 150, "the trace is as long as it was");
}

Test(survey, a_window_inside_a_wait_is_all_wait)
{
	add_wait();
	span = (struct gt_span){120, 130};
	read_all();
	stayed(gt_surveyed_thread(&survey), GT_G_Running, 0, 0);
	stayed(gt_surveyed_thread(&survey), GT_G_Waiting, 1, 10);
}

Test(survey, outside_the_trace_there_is_nothing)
{
	size_t n;

	add_wait();
	span = (struct gt_span){151, INT64_MAX};
	read_all();
	free(gt_stats_threads(survey.stats, &n));
	cr_expect_eq(n, 0);
	free(gt_stats_rows(survey.stats, GT_STATS_REASON, &n));
	cr_expect_eq(n, 0);
	free(gt_stats_rows(survey.stats, GT_STATS_SITE, &n));
	cr_expect_eq(n, 0);
}

Test(survey, only_threads_that_are_wanted)
{
	size_t n;

	add_wait();
	cr_assert_null(gt_filter_add(filter, GT_FILTER_GOROUTINE, "2"));
	read_all();
	free(gt_stats_threads(survey.stats, &n));
	cr_expect_eq(n, 0);
	cr_expect_eq(survey.events, 6);
}

Test(survey, what_was_sound_before_damage_counts)
{
	gt_build_start(&b);
	gt_add_GoBlock(&b, 8, 0, 0);
	gt_add_GoStart(&b, 100, 1, 9);
	gt_build_end(&b);
	cr_expect_eq(read_it(), -1);
	cr_expect_eq(survey.events, 3);
	cr_expect_eq(survey.generations, 0);
	stayed(gt_surveyed_thread(&survey), GT_G_Running, 1, 8);
}

static void wait_twice(uint64_t seq)
{
	for (uint64_t i = 0; i < 2; i++) {
		gt_add_GoBlock(&b, 10, 7, 3);
		gt_add_GoUnblock(&b, 10 + i, 1, seq + 2 * i, 0);
		gt_add_GoStart(&b, 10, 1, seq + 2 * i + 1);
	}
	gt_build_end(&b);
}

static uint64_t counted(const char *reason)
{
	return gt_stats_row(survey.stats, GT_STATS_REASON, 0, 0, reason, "")->times.count;
}

/* The tables of one generation lie where those of the one before lay. */
Test(survey, ids_mean_something_else_in_the_next_generation)
{
	gt_build_start(&b);
	wait_twice(1);
	gt_build_string(&b, 1, 7, "first", 5);
	gt_build_stack(&b, 1, 3, 0xabc, 1);
	gt_build_running(&b, 2, 100000000000);
	wait_twice(1);
	gt_build_string(&b, 2, 7, "other", 5);
	gt_build_stack(&b, 2, 3, 0xdef, 1);
	read_all();
	cr_expect_eq(counted("first"), 2);
	cr_expect_eq(counted("other"), 2);
	cr_expect_eq(gt_surveyed_thread(&survey)->waits.count, 4);
	cr_expect_eq(gt_stats_number(survey.stats, GT_STATS_OBJECT, 0, 0)->times.count, 4);
}
