/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Tasks, regions and what a collector does, summed while they are over one by one. Events of G 1 unless said otherwise;
 * time 101 is that of the first one.
 */
#include "test/lib/builder.h"
#include "test/lib/surveyed.h"

#include <criterion/criterion.h>
#include <string.h>

static struct gt_builder b;
static struct gt_survey survey;
static struct gt_source source;
static struct gt_filter *filter;
static struct gt_span span = {INT64_MIN, INT64_MAX};

enum { NAME_A = 21, NAME_B };

static void set_up(void)
{
	filter = gt_filter_new();
	gt_survey_start(&survey);
	gt_build_start(&b);
}

static void tear_down(void)
{
	gt_source_close(&source);
	gt_survey_free(&survey);
	gt_filter_free(filter);
	gt_build_free(&b);
}

TestSuite(stretch, .init = set_up, .fini = tear_down);

static void read_all(void)
{
	gt_build_end(&b);
	gt_build_string(&b, 1, NAME_A, "a", 1);
	gt_build_string(&b, 1, NAME_B, "b", 1);
	cr_assert_eq(gt_surveyed_read(&survey, &source, &b, filter, span), 0, "%s", source.err.words);
}

/* There is a row of that name, with so many times of that sum; none when there should be none. */
static void summed(enum gt_stats_table table, const char *name, uint64_t count, uint64_t total)
{
	const struct gt_stats_row **list;
	uint64_t found = 0, ns = 0;
	size_t n;

	list = gt_stats_rows(survey.stats, table, &n);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(list[i]->text, name) == 0) {
			found += list[i]->times.count;
			ns += list[i]->times.total;
		}
	}
	free(list);
	cr_expect(found == count && ns == total, "%s: %d times, %d ns", name, (int)found, (int)ns);
}

Test(stretch, tasks_are_summed_by_name)
{
	gt_add_UserTaskBegin(&b, 10, 1, GT_NONE, NAME_A, 0);
	gt_add_UserTaskBegin(&b, 10, 2, 1, NAME_B, 0);
	gt_add_UserTaskBegin(&b, 10, 3, 1, NAME_A, 0);
	gt_add_UserTaskEnd(&b, 5, 1, 0);
	gt_add_UserTaskEnd(&b, 100, 3, 0);
	gt_add_UserTaskEnd(&b, 10, 9, 0);
	read_all();
	summed(GT_STATS_TASK, "a", 2, 25 + 105);
	summed(GT_STATS_TASK, "b", 1, 125); /* goes on */
	summed(GT_STATS_TASK, "", 0, 0);
}

Test(stretch, regions_lie_in_each_other)
{
	gt_add_UserRegionEnd(&b, 10, 0, NAME_A, 0);
	gt_add_UserRegionBegin(&b, 10, 0, NAME_A, 0);
	gt_add_UserRegionBegin(&b, 10, 0, NAME_A, 0);
	gt_add_UserRegionBegin(&b, 10, 0, NAME_B, 0);
	gt_add_UserRegionEnd(&b, 7, 0, NAME_B, 0);
	gt_add_UserRegionEnd(&b, 10, 0, NAME_A, 0);
	gt_add_UserRegionEnd(&b, 10, 0, NAME_A, 0);
	read_all();
	summed(GT_STATS_REGION, "a", 2, 27 + 47);
	summed(GT_STATS_REGION, "b", 1, 7);
}

Test(stretch, a_goroutine_takes_its_regions_along)
{
	gt_add_UserRegionBegin(&b, 10, 0, NAME_A, 0);
	gt_add_UserRegionBegin(&b, 10, 0, NAME_B, 0);
	gt_add_GoDestroy(&b, 10);
	gt_add_ProcStop(&b, 100);
	read_all();
	summed(GT_STATS_REGION, "a", 1, 20);
	summed(GT_STATS_REGION, "b", 1, 10);
}

Test(stretch, what_a_collector_does)
{
	gt_add_STWBegin(&b, 10, NAME_A, 0);
	gt_add_GCBegin(&b, 10, 1, 0);
	gt_add_STWEnd(&b, 10);
	gt_add_GCMarkAssistBegin(&b, 10, 0);
	gt_add_GCMarkAssistEnd(&b, 4);
	gt_add_GCEnd(&b, 10, 2);
	gt_add_GCSweepBegin(&b, 10, 0);
	gt_add_GCSweepEnd(&b, 3, 8192, 4096);
	gt_add_GCSweepBegin(&b, 10, 0);
	gt_add_GCSweepEnd(&b, 3, 1000, 10);
	read_all();
	summed(GT_STATS_GC, "stop-the-world: a", 1, 20);
	summed(GT_STATS_GC, "collection", 1, 34);
	summed(GT_STATS_GC, "mark assist", 1, 4);
	summed(GT_STATS_GC, "sweep", 2, 6);
	cr_expect(survey.swept == 9192 && survey.reclaimed == 4106);
}

Test(stretch, what_is_under_way_at_the_begin_counts_from_there)
{
	gt_add_GCActive(&b, 10, 1);
	gt_add_GoStop(&b, 90, 0, 0);
	gt_add_GoStart(&b, 10, 1, 1);
	gt_add_GCEnd(&b, 10, 2);
	read_all();
	summed(GT_STATS_GC, "collection", 1, 110);
}

Test(stretch, a_generation_says_again_what_is_under_way)
{
	gt_add_GCBegin(&b, 10, 1, 0);
	gt_build_second(&b);
	gt_add_ProcStatus(&b, 1, 0, GT_P_Running);
	gt_add_GoStatus(&b, 1, 1, 1, GT_G_Running);
	gt_add_GCActive(&b, 1, 2);
	gt_add_GCEnd(&b, 10, 3);
	gt_build_end(&b);
	cr_assert_eq(gt_surveyed_read(&survey, &source, &b, filter, span), 0, "%s", source.err.words);
	cr_assert_eq(survey.generations, 2);
	summed(GT_STATS_GC, "collection", 1, (uint64_t)(survey.last - survey.first - 11));
}

Test(stretch, only_the_part_in_the_window_counts)
{
	span.from = 115;
	span.to = 120;
	gt_add_UserRegionBegin(&b, 10, 0, NAME_A, 0);
	gt_add_UserRegionEnd(&b, 10, 0, NAME_A, 0);
	gt_add_UserRegionBegin(&b, 10, 0, NAME_B, 0);
	gt_add_UserRegionEnd(&b, 10, 0, NAME_B, 0);
	read_all();
	summed(GT_STATS_REGION, "a", 1, 5);
	summed(GT_STATS_REGION, "b", 0, 0);
}

Test(stretch, only_what_a_chosen_thread_began_counts)
{
	cr_assert_null(gt_filter_add(filter, GT_FILTER_GOROUTINE, "2"));
	gt_add_UserRegionBegin(&b, 10, 0, NAME_A, 0);
	gt_add_UserRegionEnd(&b, 10, 0, NAME_A, 0);
	gt_add_UserTaskBegin(&b, 10, 1, GT_NONE, NAME_A, 0);
	read_all();
	summed(GT_STATS_REGION, "a", 0, 0);
	summed(GT_STATS_TASK, "a", 0, 0);
}

Test(stretch, levels_of_the_heap)
{
	gt_add_HeapAlloc(&b, 10, 500);
	gt_add_HeapGoal(&b, 10, 4000);
	gt_add_HeapAlloc(&b, 10, 900);
	gt_add_HeapAlloc(&b, 10, 700);
	read_all();
	cr_expect(survey.heap.count == 3 && survey.heap.first == 500 && survey.heap.peak == 900 &&
		  survey.heap.last == 700);
	cr_expect(survey.goal.count == 1 && survey.goal.last == 4000);
}

Test(stretch, samples_are_counted_by_function)
{
	gt_build_end(&b);
	gt_build_stack(&b, 1, 6, 0x77, 2);
	for (int i = 0; i < 3; i++)
		gt_build_sample(&b, 1, 200, 1, 6);
	gt_build_batch(&b, 1, 1, 300);
	gt_add_GoStop(&b, 0, 0, 0);
	read_all();
	summed(GT_STATS_SAMPLE, "", 3, 3);
}
