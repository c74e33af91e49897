/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Traces merged by the clock of their machine, each in its own order.
 */
#include "decoder/merge.h"

#include "test/lib/builder.h"
#include "test/lib/capture.h"
#include "test/lib/tempdir.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct gt_merge merge;

static void tear_down(void)
{
	gt_merge_close(&merge);
	gt_temp_clean();
}

TestSuite(merge, .fini = tear_down);

/* A trace of four events at trace time 101, 102 and twice `step` later, which is `ahead` on the common clock. */
static char *trace(const char *name, uint64_t ahead, uint64_t step, bool clocked)
{
	struct gt_fact_record fact = {.number = GT_FACT_Clock, .field = {{.u = 100}, {.u = 100 + ahead}, {.u = 1}}};
	struct gt_builder b = {0};
	const char *path;

	gt_build_start(&b);
	gt_add_HeapAlloc(&b, step, 1);
	gt_add_HeapAlloc(&b, step, 2);
	gt_build_end(&b);
	if (clocked) {
		gt_build_facts(&b, 1, GT_NONE);
		gt_build_fact(&b, &fact);
		gt_build_end(&b);
	}
	path = gt_temp_file(name, b.bytes, b.len);
	gt_build_free(&b);
	return (char *)path;
}

/* The numbers of the traces in the order of their events. */
static void expect_order(const char *order)
{
	char seen[64];
	int n = 0;

	for (int i; (i = gt_merge_next(&merge)) >= 0 && n < 60;)
		seen[n++] = (char)('a' + i);
	seen[n] = '\0';
	cr_expect_str_eq(seen, order);
}

Test(merge, a_single_trace_needs_no_clock)
{
	char *paths[] = {trace("a", 0, 10, false)};

	gt_merge_open(&merge, paths, 1, NULL, NULL, NULL, NULL);
	cr_expect_null(gt_merge_unclocked(&merge));
	cr_expect(merge.start == 101 && gt_merge_start_of(&merge, 0) == 101);
	expect_order("aaaaa");
	cr_expect_eq(gt_merge_next(&merge), -1);
}

Test(merge, the_earliest_event_is_next)
{
	/* a: 101 102 112 122 and its end at 123; b: 106 107 117 127 128. */
	char *paths[] = {trace("a", 0, 10, true), trace("b", 5, 10, true)};

	gt_merge_open(&merge, paths, 2, NULL, NULL, NULL, NULL);
	cr_expect_null(gt_merge_unclocked(&merge));
	cr_expect_eq(merge.start, 101);
	cr_expect_eq(gt_merge_start_of(&merge, 0), 101);
	cr_expect_eq(gt_merge_start_of(&merge, 1), 96);
	expect_order("aabbabaabb");
}

Test(merge, of_equal_times_the_first_trace_goes_first)
{
	char *paths[] = {trace("a", 3, 10, true), trace("b", 3, 10, true), trace("c", 3, 10, true)};

	gt_merge_open(&merge, paths, 3, NULL, NULL, NULL, NULL);
	expect_order("abcabcabcabcabc");
}

Test(merge, a_trace_without_a_clock_is_named)
{
	char *paths[] = {trace("a", 3, 10, true), trace("b", 3, 10, false)};

	gt_merge_open(&merge, paths, 2, NULL, NULL, NULL, NULL);
	cr_expect_str_eq(gt_merge_unclocked(&merge), paths[1]);
}

/* What is said of n traces, and whether they suit. */
static int suits(void *paths)
{
	int n = 0;
	bool wanted;

	while (((char **)paths)[n] != NULL)
		n++;
	gt_merge_open(&merge, paths, n, NULL, NULL, NULL, NULL);
	wanted = gt_merge_suits(&merge, false) && gt_merge_suits(&merge, true);
	return wanted ? 10 + gt_merge_complain(&merge) : gt_merge_complain(&merge);
}

Test(merge, what_is_said_of_traces_that_do_not_suit)
{
	char missing[] = "/nonexistent/trace";
	char *single[] = {trace("a", 3, 10, false), NULL};
	char *both[] = {trace("b", 3, 10, true), single[0], NULL};
	char *one[] = {missing, both[0], NULL};
	struct gt_captured said;

	gt_capture(suits, single, &said);
	cr_expect_eq(said.status, 0);
	gt_expect_part(said.err, "/a: does not know the wall clock: it has no Clock facts\n");
	gt_capture(suits, both, &said);
	cr_expect_eq(said.status, 0);
	gt_expect_part(said.err, "/a: cannot be merged with others: it has no Clock facts\n");
	gt_capture(suits, one, &said);
	cr_expect_eq(said.status, 11);
	cr_expect_str_eq(said.err,
			 "gtrace: /nonexistent/trace: cannot open /nonexistent/trace: No such file or directory\n");
}

Test(merge, what_cannot_be_read_keeps_nobody_waiting)
{
	char missing[] = "/nonexistent/trace";
	char *paths[] = {missing, trace("b", 3, 10, true)};

	gt_merge_open(&merge, paths, 2, NULL, NULL, NULL, NULL);
	cr_expect_null(gt_merge_unclocked(&merge));
	expect_order("bbbbb");
	cr_expect(merge.source[0].state == -1 && merge.source[1].state == 0);
}

Test(merge, a_dropped_trace_is_not_asked_any_more)
{
	char *paths[] = {trace("a", 0, 10, true), trace("b", 5, 10, true)};

	gt_merge_open(&merge, paths, 2, NULL, NULL, NULL, NULL);
	cr_expect_eq(gt_merge_next(&merge), 0);
	gt_merge_drop(&merge, 0);
	expect_order("bbbbb");
	cr_expect_eq(merge.source[0].state, 1);
}

static void *arg_of(void *arg, int i)
{
	return (int *)arg + i;
}

static void count(void *arg, uint64_t gen, const struct gt_fact_record *fact)
{
	(void)gen;
	(void)fact;
	++*(int *)arg;
}

Test(merge, facts_are_told_to_each_ones_own)
{
	char *paths[] = {trace("a", 0, 10, true), trace("b", 5, 10, false)};
	int counts[2] = {0, 0};

	gt_merge_open(&merge, paths, 2, NULL, count, arg_of, counts);
	cr_expect(counts[0] == 1 && counts[1] == 0);
}

Test(merge, time_does_not_go_back_when_a_clock_is_set)
{
	struct gt_fact_record fact = {.number = GT_FACT_Clock, .field = {{.u = 100}, {.u = 500}}};
	struct gt_builder b = {0};
	char *paths[2];

	gt_build_start(&b);
	gt_build_end(&b);
	gt_build_facts(&b, 1, GT_NONE);
	gt_build_fact(&b, &fact);
	gt_build_end(&b);
	gt_build_frequency(&b, 2, 1000000000);
	gt_build_batch(&b, 2, 1, 110);
	gt_add_GoStatus(&b, 0, 1, 1, GT_G_Running);
	gt_build_end(&b);
	fact.field[1].u = 100;
	gt_build_facts(&b, 2, GT_NONE);
	gt_build_fact(&b, &fact);
	gt_build_end(&b);
	paths[0] = (char *)gt_temp_file("back", b.bytes, b.len);
	gt_build_free(&b);
	/* a: 501 502 503 | 110, taken for 503; b: 401 402 502 602 603. */
	paths[1] = trace("b", 300, 100, true);
	gt_merge_open(&merge, paths, 2, NULL, NULL, NULL, NULL);
	expect_order("bbaabaaabb");
}
