/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sums as one JSON object.
 */
#include "decoder/report.h"

#include "test/lib/summed.h"
#include "test/lib/tempdir.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>

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
	gt_expect_part(out.buf, "\"count\":4}],\"heap_first_bytes\":0,\"heap_peak_bytes\":0,"
				"\"heap_last_bytes\":0,\"heap_goal_bytes\":0,\"swept_bytes\":0,"
				"\"reclaimed_bytes\":0,\"stops\":0,\"stopped_ns\":0,\"gaps\":[],\"snapshot\":\"\","
				"\"snapshot_goroutine\":0,\"snapshot_ns\":0,\"snapshot_name\":\"\",\"options\"");
	gt_expect_part(out.buf, "\"options\":[{\"name\":\"PERIOD\",\"value\":\"soon\",\"verdict\":\"bad\"}],"
				"\"modules\":[{\"base\":4096,\"end\":8192,\"build_id\":\"ab\",\"path\":\"/x\"}]}],");
	gt_expect_part(out.buf, "\"threads\":[{\"process\":0,\"goroutine\":1,\"threads\":1,\"tid\":1,\"name\":\"main\","
				"\"running_ns\":17,\"runnable_ns\":10,\"syscall_ns\":40,\"waiting_ns\":4000," TIMES);
	gt_expect_part(out.buf, "\"reasons\":[{\"process\":0,\"reason\":\"sync\"," TIMES "]");
	gt_expect_part(out.buf, "\"objects\":[{\"process\":0,\"primitive\":\"mutex\",\"object\":\"0xab0\"," TIMES "]");
	gt_expect_part(out.buf, "\"sites\":[{\"process\":0,\"function\":\"\",\"file\":\"\",\"line\":7," TIMES "]");
	gt_expect_part(out.buf, "\"syscalls\":[{\"process\":0,\"syscall\":\"read\",\"errors\":1,\"count\":1,");
	gt_expect_part(out.buf, "\"max_ns\":40}],\"tasks\":[],\"regions\":[],\"collections\":[],\"samples\":[]}\n");
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
