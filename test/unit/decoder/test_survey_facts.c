/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One pass over a trace: what the trace says about itself.
 */
#include "test/lib/builder.h"
#include "test/lib/surveyed.h"

#include <criterion/criterion.h>
#include <stdio.h>

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

TestSuite(survey_facts, .init = set_up, .fini = tear_down);

/* The trace is sound. */
static void read_all(void)
{
	cr_assert_eq(gt_surveyed_read(&survey, &source, &b, filter, span), 0, "%s", source.err.words);
}

static void add_identity(void)
{
	static const struct gt_fact_record facts[] = {
		{.number = GT_FACT_Process,
		 .field = {{.u = 123}, {.u = 99}, {.t = GT_TEXT("app")}, {.t = GT_TEXT("0.1.0")}}},
		{.number = GT_FACT_Origin, .field = {{.u = 700}, {.u = 600}, {.t = GT_TEXT("parent.trace")}}},
		{.number = GT_FACT_ThreadName, .field = {{.u = 1}, {.u = 123}, {.t = GT_TEXT("main")}}},
		{.number = GT_FACT_Option, .field = {{.t = GT_TEXT("PERIOD")}, {.t = GT_TEXT("1s")}, {.u = 2}}},
		{.number = GT_FACT_Dropped, .field = {{.u = GT_DROP_BUFFER}, {.u = 3}}},
		{.number = GT_FACT_Dropped, .field = {{.u = GT_DROP_BUFFER}, {.u = 5}}},
		{.number = GT_FACT_Dropped, .field = {{.u = GT_DROP_EXIT}, {.u = 1}}},
		{.number = GT_FACT_Dropped, .field = {{.u = GT_DROP_NESTED}, {.u = 70}}},
		{.number = GT_FACT_Dropped, .field = {{.u = GT_DROPS}, {.u = 900}}},
		{.number = GT_FACT_Module,
		 .field = {{.u = 0x1000}, {.u = 0x2000}, {.t = GT_TEXT("ab")}, {.t = GT_TEXT("/x")}}},
	};

	gt_build_facts(&b, 1, GT_NONE);
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		gt_build_fact(&b, &facts[i]);
	gt_build_end(&b);
}

Test(survey_facts, what_the_trace_says_about_itself)
{
	gt_build_start(&b);
	gt_build_end(&b);
	add_identity();
	read_all();
	cr_expect_str_eq(gt_surveyed_thread(&survey)->name, "main");
	cr_expect_eq(gt_surveyed_thread(&survey)->tid, 123);
	cr_assert_eq(survey.options, 1);
	cr_expect_str_eq(survey.option[0].name, "PERIOD");
	cr_expect_str_eq(survey.option[0].value, "1s");
	cr_expect_eq(survey.option[0].verdict, 2);
	cr_assert_eq(survey.modules, 1);
	cr_expect(survey.module[0].base == 0x1000 && survey.module[0].end == 0x2000);
	cr_expect_str_eq(survey.module[0].build_id, "ab");
	cr_expect_str_eq(survey.module[0].path, "/x");
}

Test(survey_facts, drops_are_counted_from_the_start_and_nested_ones_apart)
{
	gt_build_start(&b);
	gt_build_end(&b);
	add_identity();
	read_all();
	cr_expect_eq(survey.dropped[GT_DROP_BUFFER], 5, "the last count counts");
	cr_expect_eq(survey.dropped[GT_DROP_NESTED], 70);
	cr_expect_eq(gt_survey_dropped(&survey), 6);
}

Test(survey_facts, stops_from_outside_are_summed)
{
	static const struct gt_fact_record stops[] = {
		{.number = GT_FACT_Stopped, .field = {{.u = 100}, {.u = 350}}},
		{.number = GT_FACT_Stopped, .field = {{.u = 400}, {.u = 420}}},
		{.number = GT_FACT_Stopped, .field = {{.u = 9}, {.u = 8}}}, /* a broken one */
	};

	gt_build_start(&b);
	gt_build_end(&b);
	gt_build_facts(&b, 1, GT_NONE);
	for (int i = 0; i < 3; i++)
		gt_build_fact(&b, &stops[i]);
	gt_build_end(&b);
	read_all();
	cr_expect(survey.stops.count == 2 && survey.stops.total_ns == 270);
}

Test(survey_facts, gaps_beside_the_trace_are_kept)
{
	static const struct gt_fact_record gaps[] = {
		{.number = GT_FACT_Gap, .field = {{.u = 100}, {.u = 350}, {.u = 5}, {.u = 28}}},
		{.number = GT_FACT_Gap, .field = {{.u = 100}, {.u = 350}, {.u = 5}, {.u = 28}}}, /* said once more */
		{.number = GT_FACT_Gap, .field = {{.u = 900}, {.u = 0}, {.u = 0}, {.u = 0}}},
	};

	gt_build_start(&b);
	gt_build_end(&b);
	gt_build_facts(&b, 1, GT_NONE);
	for (int i = 0; i < 3; i++)
		gt_build_fact(&b, &gaps[i]);
	gt_build_end(&b);
	read_all();
	cr_assert_eq(survey.gaps.n, 2);
	cr_expect(survey.gaps.gap[0].from == 100 && survey.gaps.gap[0].error == 28);
	cr_expect(survey.gaps.gap[1].from == 900 && survey.gaps.gap[1].to == 0);
}

Test(survey_facts, what_is_said_again_is_known)
{
	gt_build_start(&b);
	gt_build_end(&b);
	add_identity();
	add_identity();
	read_all();
	cr_expect_eq(survey.options, 1);
	cr_expect_eq(survey.modules, 1);
}

Test(survey_facts, why_a_flight_recorder_wrote_the_trace)
{
	static const struct gt_fact_record why = {
		.number = GT_FACT_Snapshot,
		.field = {{.u = GT_TRIGGER_WAIT}, {.u = 7}, {.u = 5000}, {.t = GT_TEXT("mutex")}}};

	gt_build_start(&b);
	gt_build_end(&b);
	gt_build_facts(&b, 1, GT_NONE);
	gt_build_fact(&b, &why);
	gt_build_end(&b);
	read_all();
	cr_expect(survey.snapshot.is_known && survey.snapshot.why == GT_TRIGGER_WAIT && survey.snapshot.g == 7);
	cr_expect_eq(survey.snapshot.ns, 5000);
	cr_expect_str_eq(survey.snapshot.name, "mutex");
}

Test(survey_facts, more_options_than_there_is_room_for)
{
	struct gt_fact_record option = {.number = GT_FACT_Option, .field = {[1] = {.t = GT_TEXT("")}, [2] = {.u = 3}}};
	char name[16];

	gt_build_start(&b);
	gt_build_end(&b);
	gt_build_facts(&b, 1, GT_NONE);
	for (int i = 0; i < GT_SURVEY_OPTIONS + 10; i++) {
		option.field[0].t = (struct gt_string){name, (size_t)sprintf(name, "X%d", i)};
		gt_build_fact(&b, &option);
	}
	gt_build_end(&b);
	read_all();
	cr_expect_eq(survey.options, GT_SURVEY_OPTIONS);
}

Test(survey_facts, a_name_that_comes_late_is_the_name_all_the_same)
{
	static const struct gt_fact_record name = {.number = GT_FACT_ThreadName,
						   .field = {{.u = 1}, {.u = 77}, {.t = GT_TEXT("late")}}};

	gt_build_start(&b);
	gt_add_GoBlock(&b, 8, 0, 0);
	gt_build_second(&b);
	gt_build_end(&b);
	gt_build_batch(&b, 2, 1, 1500);
	gt_add_GoStatus(&b, 10, 1, GT_NONE, GT_G_Waiting);
	gt_build_end(&b);
	gt_build_facts(&b, 2, GT_NONE);
	gt_build_fact(&b, &name);
	gt_build_end(&b);
	span.to = 109;
	read_all();
	cr_expect_str_eq(gt_surveyed_thread(&survey)->name, "late");
	cr_expect_eq(gt_surveyed_thread(&survey)->tid, 77);
}
