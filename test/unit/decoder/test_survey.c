/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One pass over a trace: what goes into the sums, and what the trace says about itself.
 */
#include "decoder/survey.h"

#include "test/lib/builder.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct gt_builder b;
static struct gt_survey survey;
static struct gt_error err;

static void tear_down(void)
{
	gt_survey_free(&survey);
	gt_build_free(&b);
}

TestSuite(survey, .fini = tear_down);

/* The trace is sound. */
static void read_all(void)
{
	cr_assert_eq(gt_survey_read(gt_build_path(&b), &survey, &err), 0, "%s", err.words);
}

static void tied(int number, uint64_t position, uint64_t first, uint64_t second)
{
	struct gt_fact_record fact = {
		.number = (uint8_t)number, .position = position, .field = {{.u = first}, {.u = second}}};

	gt_build_fact(&b, &fact);
}

/* The only thread of the survey. */
static const struct gt_stats_thread *only_thread(void)
{
	static const struct gt_stats_thread *thread;
	const struct gt_stats_thread **list;
	size_t n;

	list = gt_stats_threads(survey.stats, &n);
	cr_assert_eq(n, 1);
	thread = list[0];
	free(list);
	return thread;
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
	t = only_thread();
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
	stayed(only_thread(), GT_G_Running, 1, 50);
}

Test(survey, a_new_generation_goes_on_with_the_same_stay)
{
	gt_build_start(&b);
	gt_build_second(&b);
	gt_add_GoStatus(&b, 0, 1, 1, GT_G_Running);
	gt_add_GoBlock(&b, 100, 0, 0);
	gt_build_end(&b);
	read_all();
	stayed(only_thread(), GT_G_Running, 1, 1100 - 102);
	cr_expect_eq(survey.generations, 2);
	cr_expect_eq(survey.events, 4);
}

/* The only row of a list, which this frees. */
#define ONLY(type, list_fn)                                                                                            \
	static struct type only_##type(void)                                                                           \
	{                                                                                                              \
		const struct type **list;                                                                              \
		struct type row;                                                                                       \
		size_t n;                                                                                              \
                                                                                                                       \
		list = list_fn(survey.stats, &n);                                                                      \
		cr_assert_eq(n, 1);                                                                                    \
		row = *list[0];                                                                                        \
		free(list);                                                                                            \
		return row;                                                                                            \
	}

ONLY(gt_stats_wait, gt_stats_waits)
ONLY(gt_stats_syscall, gt_stats_syscalls)

Test(survey, waits_are_known_by_reason_and_object)
{
	struct gt_stats_wait wait;

	gt_build_start(&b);
	gt_build_end(&b);
	gt_build_string(&b, 1, 4, "sync", 4);
	gt_build_batch(&b, 1, 1, 200);
	for (uint64_t i = 0; i < 2; i++) {
		gt_add_GoBlock(&b, 10, 4, 0);
		gt_add_GoUnblock(&b, 30 + i, 1, 2 * i + 1, 0);
		gt_add_GoStart(&b, 1, 1, 2 * i + 2);
	}
	gt_build_end(&b);
	gt_build_facts(&b, 1, 1);
	tied(GT_FACT_Wait, 0, GT_PRIM_COND, 0x1000);
	tied(GT_FACT_Wait, 3, GT_PRIM_COND, 0x1000);
	gt_build_end(&b);
	read_all();
	wait = only_gt_stats_wait();
	cr_expect_str_eq(wait.reason, "sync");
	cr_expect(wait.primitive == GT_PRIM_COND && wait.object == 0x1000);
	cr_expect(wait.tally.count == 2 && wait.tally.total_ns == 61 && wait.tally.max_ns == 31);
}

Test(survey, a_wait_goes_on_in_a_new_generation)
{
	struct gt_stats_wait wait;

	gt_build_start(&b);
	gt_add_GoBlock(&b, 8, 0, 0);
	gt_build_second(&b);
	gt_add_GoStatus(&b, 10, 1, GT_NONE, GT_G_Waiting);
	gt_add_GoUnblock(&b, 100, 1, 1, 0);
	gt_build_end(&b);
	read_all();
	wait = only_gt_stats_wait();
	cr_expect(wait.tally.count == 1 && wait.tally.total_ns == 1000);
}

Test(survey, a_wait_without_a_fact_is_on_something_unknown)
{
	struct gt_stats_wait wait;

	gt_build_start(&b);
	gt_add_GoBlock(&b, 10, 0, 0);
	gt_add_GoUnblock(&b, 30, 1, 1, 0);
	gt_build_end(&b);
	read_all();
	wait = only_gt_stats_wait();
	cr_expect_str_eq(wait.reason, "");
	cr_expect(wait.primitive == GT_PRIM_NONE && wait.object == 0);
	cr_expect_eq(wait.tally.total_ns, 30);
}

Test(survey, a_wait_that_does_not_end_is_no_wait_yet)
{
	size_t n;

	gt_build_start(&b);
	gt_add_GoBlock(&b, 10, 0, 0);
	gt_add_HeapAlloc(&b, 500, 1);
	gt_build_end(&b);
	read_all();
	free(gt_stats_waits(survey.stats, &n));
	cr_expect_eq(n, 0);
	stayed(only_thread(), GT_G_Waiting, 1, 500);
}

Test(survey, system_calls_are_known_by_number_and_result)
{
	static const struct gt_fact_record failed = {
		.number = GT_FACT_SyscallResult, .position = 3, .field = {{.s = -4}}};
	struct gt_stats_syscall call;

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
	call = only_gt_stats_syscall();
	cr_expect_eq(call.number, 202);
	cr_expect_eq(call.errors, 1);
	cr_expect(call.tally.count == 2 && call.tally.total_ns == 46 && call.tally.max_ns == 40);
}

Test(survey, a_system_call_without_facts)
{
	struct gt_stats_syscall call;

	gt_build_start(&b);
	gt_add_GoSyscallBegin(&b, 10, 1, 0);
	gt_add_GoSyscallEnd(&b, 40);
	gt_build_end(&b);
	read_all();
	call = only_gt_stats_syscall();
	cr_expect(call.number == GT_NONE && call.errors == 0 && call.tally.count == 1);
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

Test(survey, what_the_trace_says_about_itself)
{
	gt_build_start(&b);
	gt_build_end(&b);
	add_identity();
	read_all();
	cr_expect(survey.pid == 123 && survey.parent_pid == 99);
	cr_expect_str_eq(survey.program, "app");
	cr_expect(survey.started == 700 && survey.parent_started == 600);
	cr_expect_str_eq(survey.forked_from, "parent.trace");
	cr_expect_str_eq(survey.version, "0.1.0");
	cr_expect_str_eq(only_thread()->name, "main");
	cr_expect_eq(only_thread()->tid, 123);
	cr_assert_eq(survey.options, 1);
	cr_expect_str_eq(survey.option[0].name, "PERIOD");
	cr_expect_str_eq(survey.option[0].value, "1s");
	cr_expect_eq(survey.option[0].verdict, 2);
	cr_assert_eq(survey.modules, 1);
	cr_expect(survey.module[0].base == 0x1000 && survey.module[0].end == 0x2000);
	cr_expect_str_eq(survey.module[0].build_id, "ab");
	cr_expect_str_eq(survey.module[0].path, "/x");
}

Test(survey, drops_are_counted_from_the_start_and_nested_ones_apart)
{
	gt_build_start(&b);
	gt_build_end(&b);
	add_identity();
	read_all();
	cr_expect_eq(survey.dropped[GT_DROP_BUFFER], 5, "the last count counts");
	cr_expect_eq(survey.dropped[GT_DROP_NESTED], 70);
	cr_expect_eq(gt_survey_dropped(&survey), 6);
}

Test(survey, more_options_than_there_is_room_for)
{
	static const struct gt_fact_record option = {.number = GT_FACT_Option,
						     .field = {{.t = GT_TEXT("X")}, {.t = GT_TEXT("")}, {.u = 3}}};

	gt_build_start(&b);
	gt_build_end(&b);
	gt_build_facts(&b, 1, GT_NONE);
	for (int i = 0; i < GT_SURVEY_OPTIONS + 10; i++)
		gt_build_fact(&b, &option);
	gt_build_end(&b);
	read_all();
	cr_expect_eq(survey.options, GT_SURVEY_OPTIONS);
}

Test(survey, texts_that_are_too_long_are_cut)
{
	static char text[300];
	struct gt_fact_record process = {.number = GT_FACT_Process};

	memset(text, 'x', sizeof(text));
	process.field[2].t = process.field[3].t = (struct gt_string){text, sizeof(text)};
	gt_build_start(&b);
	gt_build_end(&b);
	gt_build_facts(&b, 1, GT_NONE);
	gt_build_fact(&b, &process);
	gt_build_end(&b);
	read_all();
	cr_expect_eq(strlen(survey.program), sizeof(survey.program) - 1);
	cr_expect_eq(strlen(survey.version), sizeof(survey.version) - 1);
}

Test(survey, what_was_sound_before_damage_counts)
{
	gt_build_start(&b);
	gt_add_GoBlock(&b, 8, 0, 0);
	gt_add_GoStart(&b, 100, 1, 9);
	gt_build_end(&b);
	cr_expect_eq(gt_survey_read(gt_build_path(&b), &survey, &err), -1);
	cr_expect_eq(err.code, GT_ERR_ORDER);
	cr_expect_eq(survey.events, 3);
	cr_expect_eq(survey.generations, 0);
	stayed(only_thread(), GT_G_Running, 1, 8);
}

Test(survey, a_file_that_is_not_there)
{
	cr_expect_eq(gt_survey_read("/nonexistent/trace", &survey, &err), -1);
	cr_expect_eq(err.code, GT_ERR_IO);
	cr_expect(survey.events == 0 && survey.stats != NULL);
}
