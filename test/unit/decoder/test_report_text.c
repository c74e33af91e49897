/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sums in columns: which tables there are, and what their rows say.
 */
#include "decoder/report.h"

#include "test/lib/builder.h"
#include "test/lib/tempdir.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>

static struct gt_report_options options;
static struct gt_report report;
static struct gt_out out;
static char *paths[2];

/* G 1 "main" waits twice for a mutex, in `work`, and calls read. */
static char *trace(const char *name, uint64_t pid)
{
	struct gt_fact_record facts[] = {
		{.number = GT_FACT_Clock, .field = {{.u = 0}, {.u = pid}, {.u = 1}}},
		{.number = GT_FACT_Process,
		 .field = {{.u = pid}, {.u = 10}, {.t = GT_TEXT("a\033pp")}, {.t = GT_TEXT("0.1.0")}}},
		{.number = GT_FACT_ThreadName, .field = {{.u = 1}, {.u = 1}, {.t = GT_TEXT("main")}}},
		{.number = GT_FACT_Dropped, .field = {{.u = GT_DROP_DISK}, {.u = 4}}},
		{.number = GT_FACT_Option, .field = {{.t = GT_TEXT("PERIOD")}, {.t = GT_TEXT("soon")}, {.u = 2}}},
		{.number = GT_FACT_Module,
		 .field = {{.u = 0x1000}, {.u = 0x2000}, {.t = GT_TEXT("ab")}, {.t = GT_TEXT("/x")}}},
	};
	struct gt_fact_record tied[] = {
		{.number = GT_FACT_Wait, .position = 2, .field = {{.u = GT_PRIM_MUTEX}, {.u = 0xab0}}},
		{.number = GT_FACT_Wait, .position = 5, .field = {{.u = GT_PRIM_MUTEX}, {.u = 0xab0}}},
		{.number = GT_FACT_Syscall, .position = 8, .field = {{.u = 0}, {.s = 3}}},
		{.number = GT_FACT_SyscallResult, .position = 9, .field = {{.s = -9}}},
	};
	struct gt_builder b = {0};
	const char *path;

	gt_build_start(&b);
	for (uint64_t i = 0; i < 2; i++) {
		gt_add_GoBlock(&b, 8, 4, 6);
		gt_add_GoUnblock(&b, 1000 + 2000 * i, 1, 2 * i + 1, 0);
		gt_add_GoStart(&b, 5, 1, 2 * i + 2);
	}
	gt_add_GoSyscallBegin(&b, 1, 1, 0);
	gt_add_GoSyscallEnd(&b, 40);
	gt_build_end(&b);
	gt_build_facts(&b, 1, 1);
	for (size_t i = 0; i < sizeof(tied) / sizeof(tied[0]); i++)
		gt_build_fact(&b, &tied[i]);
	gt_build_end(&b);
	gt_build_string(&b, 1, 4, "sync", 4);
	gt_build_stack(&b, 1, 6, 0x77, 1);
	gt_build_facts(&b, 1, GT_NONE);
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		gt_build_fact(&b, &facts[i]);
	gt_build_end(&b);
	path = gt_temp_file(name, b.bytes, b.len);
	gt_build_free(&b);
	return (char *)path;
}

static void set_up(void)
{
	options = (struct gt_report_options){.filter = gt_filter_new()};
	paths[0] = trace("a", 20);
	paths[1] = trace("b", 21);
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

Test(report_text, one_trace)
{
	options.modules = true;
	print(1);
	gt_expect_text(&out,
		       "program:     a\\x1bpp, pid 20, parent 10, recorded by libgtrace 0.1.0\n"
		       "span:        4.07us, 1 generations, 10 events\n"
		       "dropped:     4\n"
		       "             4 the trace file could not be written; nothing is recorded after that\n"
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
