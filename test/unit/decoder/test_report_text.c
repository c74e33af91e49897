/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sums in columns: which tables there are, and what their rows say.
 */
#include "decoder/report.h"

#include "test/lib/summed.h"
#include "test/lib/tempdir.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <errno.h>

static struct gt_report_options options;
static struct gt_report report;
static struct gt_out out;
static char *paths[2];

static void set_up(void)
{
	options = (struct gt_report_options){.filter = gt_filter_new()};
	paths[0] = gt_summed_trace("a", 20);
	paths[1] = gt_summed_trace("b", 21);
	gt_out_open(&out, -1);
}

static void tear_down(void)
{
	gt_report_free(&report);
	gt_filter_free(options.filter);
	gt_temp_clean();
}

TestSuite(report_text, .init = set_up, .fini = tear_down);

static void print(int n)
{
	cr_assert_eq(gt_report_read(&report, paths, n, &options), 0);
	gt_report_text(&report, &out);
}

Test(report_text, stops_from_outside)
{
	cr_assert_eq(gt_report_read(&report, paths, 1, &options), 0);
	report.survey[0].stops = (struct gt_tally){2, 2500000000};
	gt_report_text(&report, &out);
	gt_out_char(&out, '\0');
	gt_expect_part(out.buf, "or not be reached\nstopped:     2 times, for 2.50s in all\n\nthreads");
	gt_out_close(&out);
}

/* The anchor of the trace: 20 ns of CLOCK_MONOTONIC are its 0, and one second of 1970. */
Test(report_text, gaps_beside_the_trace)
{
	setenv("TZ", "UTC", 1);
	cr_assert_eq(gt_report_read(&report, paths, 1, &options), 0);
	report.survey[0].gaps = (struct gt_gaps){2, {{5, 15, GT_DROP_DISK, ENOSPC}, {900000, 0, GT_DROP_BUFFER, 0}}};
	gt_report_text(&report, &out);
	gt_out_char(&out, '\0');
	gt_expect_part(
		out.buf,
		"\ngap:         before this trace nothing was recorded for 10ns, since 1970-01-01T00:00:00.999999985+00:00\n"
		"             the trace file or its live file could not be written, or not be reached: "
		"No space left on device\n"
		"gap:         behind this trace nothing was recorded for an unknown time, since "
		"1970-01-01T00:00:01.000899980+00:00\n"
		"             no free buffer");
	gt_out_close(&out);
}

Test(report_text, why_it_was_written)
{
	cr_assert_eq(gt_report_read(&report, paths, 1, &options), 0);
	report.survey[0].snapshot = (struct gt_survey_snapshot){true, GT_TRIGGER_WAIT, 7, 512000000, "mutex"};
	gt_report_text(&report, &out);
	gt_out_char(&out, '\0');
	gt_expect_part(out.buf, "\nwritten:     a wait was too long, 512ms of G 7: mutex\n");
	gt_out_close(&out);
}

Test(report_text, what_the_program_and_its_collector_say)
{
	struct gt_survey *survey;

	options.by = 1u << GT_STATS_TASK | 1u << GT_STATS_GC | 1u << GT_STATS_SAMPLE;
	cr_assert_eq(gt_report_read(&report, paths, 1, &options), 0);
	survey = &report.survey[0];
	gt_histogram_add(&gt_stats_row(survey->stats, GT_STATS_TASK, 0, 0, "order", "")->times, 5000);
	gt_histogram_add(&gt_stats_row(survey->stats, GT_STATS_GC, 0, 0, "collection", "")->times, 100);
	for (int i = 0; i < 4; i++)
		gt_histogram_add(&gt_stats_row(survey->stats, GT_STATS_SAMPLE, 0, 0, i ? "f" : "g", "f.c")->times, 1);
	survey->heap = (struct gt_level){2, 1024, 20 << 20, 100};
	survey->reclaimed = 1536;
	gt_report_text(&report, &out);
	gt_out_char(&out, '\0');
	gt_expect_part(out.buf, "\ntasks:\n"
				"     count     total      mean       p50       p99       max\n"
				"         1    5.00us    5.00us    5.00us    5.00us    5.00us  order\n"
				"\n"
				"collections:\n"
				"     count     total      mean       p50       p99       max\n"
				"         1     100ns     100ns     100ns     100ns     100ns  collection\n"
				"\n"
				"CPU samples by function:\n"
				"     count     share\n"
				"         3     75.0%  f  f.c\n"
				"         1     25.0%  g  f.c\n"
				"\n"
				"heap:\n"
				"      first      peak      last      goal     swept reclaimed\n"
				"    1.00KiB   20.0MiB      100B        0B        0B   1.50KiB\n");
	gt_out_close(&out);
}

Test(report_text, one_trace)
{
	options.modules = true;
	print(1);
	gt_expect_text(&out,
		       "program:     a\\x1bpp, pid 20, parent 10, recorded by libgtrace 0.1.0\n"
		       "span:        4.07us, 1 generations, 10 events\n"
		       "dropped:     4\n"
		       "             4 the trace file or its live file could not be written, or not be reached\n"
		       "\n"
		       "threads: 1\n"
		       "  G      tid      name              running  runnable   syscall   waiting    waits      mean"
		       "       p50       p99       max\n"
		       "  1      1        main                 17ns      10ns      40ns    4.00us        2    2.00us"
		       "    1.00us    3.00us    3.00us\n"
		       "\n"
		       "waits by reason:\n"
		       "     count     total      mean       p50       p99       max\n"
		       "         2    4.00us    2.00us    1.00us    3.00us    3.00us  sync\n"
		       "\n"
		       "waits by object:\n"
		       "     count     total      mean       p50       p99       max\n"
		       "         2    4.00us    2.00us    1.00us    3.00us    3.00us  mutex 0xab0\n"
		       "\n"
		       "waits by call site:\n"
		       "     count     total      mean       p50       p99       max\n"
		       "         2    4.00us    2.00us    1.00us    3.00us    3.00us  unknown\n"
		       "\n"
		       "system calls:\n"
		       "     count     total      mean       p50       p99       max\n"
		       "         1      40ns      40ns      40ns      40ns      40ns  read, 1 failed\n"
		       "\n"
		       "options in force:\n"
		       "  GTRACE_PERIOD=soon  bad value, the default is in force\n"
		       "\n"
		       "modules:\n"
		       "  0x000000001000-0x000000002000 ab                                       /x\n");
}

Test(report_text, several_traces_say_whose_each_row_is)
{
	options.by = 1 << GT_STATS_OBJECT;
	print(2);
	gt_expect_text(
		&out,
		"processes: 2\n"
		"  process                       parent how         begins      span generations     events  dropped\n"
		"  a\\x1bpp[20]                       10 started        0ns    4.07us           1         10        4\n"
		"  a\\x1bpp[21]                       10 started        1ns    4.07us           1         10        4\n"
		"\n"
		"waits by object:\n"
		"     count     total      mean       p50       p99       max\n"
		"         2    4.00us    2.00us    1.00us    3.00us    3.00us  a\\x1bpp[20]         mutex 0xab0\n"
		"         2    4.00us    2.00us    1.00us    3.00us    3.00us  a\\x1bpp[21]         mutex 0xab0\n");
}

Test(report_text, only_the_top_rows)
{
	options.by = GT_REPORT_THREADS | 1 << GT_STATS_REASON;
	options.top = 1;
	options.top_given = true;
	print(2);
	gt_out_char(&out, '\0');
	gt_expect_part(out.buf, "threads: 2\n");
	gt_expect_part(out.buf, "  a\\x1bpp[20]         1      1        main ");
	cr_expect_null(strstr(out.buf, "a\\x1bpp[21]         1 "));
	gt_expect_part(out.buf, "sync\n  and 1 more\n");
	gt_out_close(&out);
}

/* Of many threads a hundred are shown, and with --top=0 those that share a row come last. */
Test(report_text, many_threads)
{
	struct gt_stats *stats;

	options.by = GT_REPORT_THREADS;
	cr_assert_eq(gt_report_read(&report, paths, 1, &options), 0);
	stats = report.survey[0].stats;
	for (uint64_t g = 2; g < 2 + 2 * GT_STATS_OVER; g++) {
		gt_stats_stay(gt_stats_thread(stats, g), GT_G_Running, 1000);
		gt_stats_over(stats, g);
	}
	gt_report_text(&report, &out);
	options.top_given = true;
	gt_report_text(&report, &out);
	gt_out_char(&out, '\0');
	gt_expect_part(out.buf, "threads: 8193\n");
	gt_expect_part(out.buf, "  and 8093 more\n");
	gt_expect_part(out.buf, "  others          4096 ended         4.10ms       0ns ");
	gt_out_close(&out);
}
