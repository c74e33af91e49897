/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * gtrace text as a whole: what is left out changes nothing of what is shown.
 */
#include "decoder/text.h"

#include "test/lib/builder.h"
#include "test/lib/capture.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct gt_builder b;
static struct gt_text_options options;
static struct gt_captured said;

/* G 1 waits from 110 to 140, runs from 145 on, and ends at 150; the slot goes at 151. */
static void set_up(void)
{
	static const struct gt_fact_record name = {.number = GT_FACT_ThreadName,
						   .field = {{.u = 1}, {.u = 1}, {.t = GT_TEXT("main")}}};
	static const struct gt_fact_record stop = {.number = GT_FACT_Stopped, .field = {{.u = 112}, {.u = 139}}};

	static const struct gt_fact_record gap = {.number = GT_FACT_Gap, .field = {{.u = 20}, {.u = 60}}};

	gt_build_start(&b);
	gt_add_GoBlock(&b, 8, 4, 0);
	gt_add_GoUnblock(&b, 30, 1, 1, 0);
	gt_add_GoStart(&b, 5, 1, 2);
	gt_add_GoDestroy(&b, 5);
	gt_add_ProcStop(&b, 1);
	gt_build_end(&b);
	gt_build_string(&b, 1, 4, "sync", 4);
	gt_build_facts(&b, 1, GT_NONE);
	gt_build_fact(&b, &name);
	gt_build_fact(&b, &stop);
	gt_build_fact(&b, &gap);
	gt_build_end(&b);
	options = (struct gt_text_options){.filter = gt_filter_new()};
	setenv("TZ", "UTC", 1);
}

static void tear_down(void)
{
	gt_filter_free(options.filter);
	gt_build_free(&b);
}

TestSuite(text, .init = set_up, .fini = tear_down);

static int print_file(void *path)
{
	char *paths[] = {path};
	struct gt_out out;
	int result;

	gt_out_open(&out, STDOUT_FILENO);
	result = gt_text_print(paths, 1, &options, &out);
	gt_out_close(&out);
	return result == 0 ? 0 : 1;
}

static void print(void)
{
	gt_capture(print_file, (void *)gt_build_path(&b), &said);
}

static void only(enum gt_filter_kind kind, const char *text)
{
	cr_assert_null(gt_filter_add(options.filter, kind, text));
}

Test(text, a_stop_from_outside_is_told_where_its_generation_ends)
{
	only(GT_FILTER_GREP, "--");
	print();
	gt_expect_part(said.out,
		       "-- end of generation, in which the process was stopped for 27ns, behind a gap of 40ns (no free "
		       "buffer");
}

Test(text, what_is_hidden_is_known_all_the_same)
{
	only(GT_FILTER_EVENT, "GoUnblock,GoDestroy");
	print();
	cr_expect_str_eq(said.out, "     0.000039ms -/1                     P0   GoUnblock            "
				   "G1 main -> Runnable  after 30ns\n"
				   "     0.000049ms G1 main/1               P0   GoDestroy            "
				   "G1 main -> NotExist  after 5ns\n");
	cr_expect_eq(said.status, 0);
	cr_expect_str_eq(said.err, "");
}

Test(text, a_window_of_time_includes_its_ends)
{
	options.window.from = (struct gt_when){GT_WHEN_RELATIVE, 9};
	options.window.to = (struct gt_when){GT_WHEN_RELATIVE, 39};
	options.format = GT_TEXT_CSV;
	print();
	gt_expect_part(said.out, "process,pid,time_ns");
	gt_expect_part(said.out, "\n,,9,,1,GoBlock,");
	gt_expect_part(said.out, "\n,,39,,1,GoUnblock,");
	cr_expect_null(strstr(said.out, "Status"));
	cr_expect_null(strstr(said.out, "GoStart"));
}

Test(text, lines_are_chosen_without_their_colours)
{
	options.colour = true;
	only(GT_FILTER_GREP, "-/1 .*P0 .*ProcStop");
	print();
	cr_expect_str_eq(said.out, "\033[2m     0.000050ms \033[36m-/1                     \033[0mP0   "
				   "ProcStop             P0 -> Idle\n");
}

Test(text, without_clock_facts_there_is_no_wall_clock)
{
	options.time = GT_TIME_WALL;
	print();
	cr_expect_eq(said.status, 1);
	cr_expect_str_eq(said.out, "");
	gt_expect_part(said.err, ": does not know the wall clock: it has no Clock facts\n");
	options.time = GT_TIME_RAW;
	options.window.to = (struct gt_when){GT_WHEN_WALL, 0};
	print();
	gt_expect_part(said.err, "does not know the wall clock");
}

Test(text, times_on_every_clock)
{
	static const struct gt_fact_record clock_fact = {.number = GT_FACT_Clock,
							 .field = {{.u = 101}, {.u = 7}, {.u = 1}, {.u = 500}}};

	gt_build_facts(&b, 1, GT_NONE);
	gt_build_fact(&b, &clock_fact);
	gt_build_end(&b);
	only(GT_FILTER_EVENT, "ProcStop");
	options.format = GT_TEXT_JSON;
	options.time = GT_TIME_RAW;
	print();
	gt_expect_part(said.out, "{\"time_ns\":151,\"generation\"");
	options.time = GT_TIME_WALL;
	print();
	gt_expect_part(said.out, "{\"time_ns\":1000000550,\"wall\":\"1970-01-01T00:00:01.000000550+00:00\",");
	options.window.from = (struct gt_when){GT_WHEN_WALL, 1000000551};
	print();
	cr_expect_str_eq(said.out, "");
	cr_expect_eq(said.status, 0);
}

Test(text, what_is_sound_comes_before_the_damage)
{
	gt_build_batch(&b, 1, 1, 200);
	gt_add_GoStart(&b, 0, 77, 1);
	gt_build_end(&b);
	print();
	cr_expect_eq(said.status, 1);
	gt_expect_part(said.out, "ProcStop");
	cr_expect(strchr(said.err, '\n') == said.err + strlen(said.err) - 1, "not one line: %s", said.err);
}

Test(text, behind_the_window_nothing_is_read)
{
	gt_build_batch(&b, 1, 1, 200);
	gt_add_GoStart(&b, 0, 77, 1);
	gt_build_end(&b);
	options.window.to = (struct gt_when){GT_WHEN_RELATIVE, 20};
	print();
	cr_expect_eq(said.status, 0);
	gt_expect_part(said.out, "GoBlock");
}
