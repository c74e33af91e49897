/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sums as one JSON object.
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

TestSuite(report_json, .init = set_up, .fini = tear_down);

static void print(int n)
{
	cr_assert_eq(gt_report_read(&report, paths, n, &options), 0);
	gt_report_json(&report, &out);
}

#define TIMES "\"count\":2,\"total_ns\":4000,\"mean_ns\":2000,\"p50_ns\":1003,\"p99_ns\":3000,\"max_ns\":3000}"

Test(report_json, one_trace)
{
	print(1);
	gt_out_char(&out, '\0');
	gt_expect_part(out.buf, "{\"processes\":[{\"file\":\"");
	gt_expect_part(out.buf, "/a\",\"program\":\"a\\u001bpp\",\"pid\":20,\"parent_pid\":10,\"parent\":null,"
				"\"forked_from\":\"\",\"started_ticks\":0,\"parent_started_ticks\":0,"
				"\"version\":\"0.1.0\",\"begins_ns\":0,\"span_ns\":4068,\"generations\":1,"
				"\"events\":10,\"dropped\":4,\"drops\":[{\"cause\":\"the trace file");
	gt_expect_part(out.buf, "\"options\":[{\"name\":\"PERIOD\",\"value\":\"soon\",\"verdict\":\"bad\"}],"
				"\"modules\":[{\"base\":4096,\"end\":8192,\"build_id\":\"ab\",\"path\":\"/x\"}]}],");
	gt_expect_part(out.buf, "\"threads\":[{\"process\":0,\"goroutine\":1,\"tid\":1,\"name\":\"main\","
				"\"running_ns\":17,\"runnable_ns\":10,\"syscall_ns\":40,\"waiting_ns\":4000," TIMES);
	gt_expect_part(out.buf, "\"reasons\":[{\"process\":0,\"reason\":\"sync\"," TIMES "]");
	gt_expect_part(out.buf, "\"objects\":[{\"process\":0,\"primitive\":\"mutex\",\"object\":\"0xab0\"," TIMES "]");
	gt_expect_part(out.buf, "\"sites\":[{\"process\":0,\"function\":\"\",\"file\":\"\",\"line\":7," TIMES "]");
	gt_expect_part(out.buf, "\"syscalls\":[{\"process\":0,\"syscall\":\"read\",\"errors\":1,\"count\":1,");
	gt_expect_part(out.buf, "\"max_ns\":40}]}\n");
	gt_out_close(&out);
}

Test(report_json, chosen_tables_and_rows)
{
	options.by = 1 << GT_STATS_REASON;
	options.top = 1;
	options.top_given = true;
	print(2);
	gt_out_char(&out, '\0');
	gt_expect_part(out.buf, "\"begins_ns\":1,");
	gt_expect_part(out.buf, "}],\"reasons\":[{\"process\":0,\"reason\":\"sync\"," TIMES "]}\n");
	cr_expect_null(strstr(out.buf, "\"threads\""));
	gt_out_close(&out);
}
