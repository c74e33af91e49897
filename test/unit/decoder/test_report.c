/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Several traces summed up: what is read, what is refused, and the order of the rows over all of them.
 */
#include "decoder/report.h"

#include "test/lib/builder.h"
#include "test/lib/capture.h"
#include "test/lib/tempdir.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct gt_report_options options;
static struct gt_report report;

static void set_up(void)
{
	options = (struct gt_report_options){.filter = gt_filter_new()};
}

static void tear_down(void)
{
	gt_filter_free(options.filter);
	gt_temp_clean();
}

TestSuite(report, .init = set_up, .fini = tear_down);

/* A trace of a process whose G 1 waits `ns` for an object. */
static char *trace(const char *name, uint64_t pid, uint64_t object, uint64_t ns, bool clocked)
{
	struct gt_fact_record clock_fact = {.number = GT_FACT_Clock, .field = {{.u = 0}, {.u = 1000}, {.u = 1}}};
	struct gt_fact_record process = {
		.number = GT_FACT_Process,
		.field = {{.u = pid}, {.u = 1}, {.t = GT_TEXT("app")}, {.t = GT_TEXT("0.1.0")}}};
	struct gt_fact_record wait = {
		.number = GT_FACT_Wait, .position = 2, .field = {{.u = GT_PRIM_MUTEX}, {.u = object}}};
	struct gt_builder b = {0};
	const char *path;

	gt_build_start(&b);
	gt_add_GoBlock(&b, 8, 0, 0);
	gt_add_GoUnblock(&b, ns, 1, 1, 0);
	gt_add_GoStart(&b, 5, 1, 2);
	gt_build_end(&b);
	gt_build_facts(&b, 1, 1);
	gt_build_fact(&b, &wait);
	gt_build_end(&b);
	gt_build_facts(&b, 1, GT_NONE);
	gt_build_fact(&b, &process);
	if (clocked)
		gt_build_fact(&b, &clock_fact);
	gt_build_end(&b);
	path = gt_temp_file(name, b.bytes, b.len);
	gt_build_free(&b);
	return (char *)path;
}

Test(report, rows_of_all_processes_by_length)
{
	char *paths[] = {trace("a", 10, 0x100, 50, true), trace("b", 11, 0x100, 70, true)};
	struct gt_entry *e;
	size_t n;

	cr_assert_eq(gt_report_read(&report, paths, 2, &options), 0);
	cr_expect_eq(gt_report_events(&report), 10);
	cr_expect_eq(gt_merge_complain(&report.merge), 0);
	e = gt_report_rows(&report, GT_STATS_OBJECT, &n);
	cr_assert_eq(n, 2, "the same address is not the same object in two processes");
	cr_expect(e[0].process == 1 && e[0].row->times.total == 70);
	cr_expect(e[1].process == 0 && e[1].row->times.total == 50);
	free(e);
	gt_report_free(&report);
}

Test(report, threads_by_process_or_the_ones_that_waited_longest)
{
	char *paths[] = {trace("a", 10, 0x100, 50, true), trace("b", 11, 0x100, 70, true)};
	struct gt_entry *e;
	size_t n;

	gt_report_read(&report, paths, 2, &options);
	e = gt_report_threads(&report, &n);
	cr_expect(n == 2 && e[0].process == 0 && e[1].process == 1);
	free(e);
	options.top = 1;
	options.top_given = true;
	e = gt_report_threads(&report, &n);
	cr_expect(n == 2 && e[0].process == 1 && e[1].process == 0);
	free(e);
	gt_report_free(&report);
}

static int read_both(void *paths)
{
	int result = gt_report_read(&report, paths, 2, &options);
	int broken = gt_merge_complain(&report.merge);

	gt_report_free(&report);
	return result == 0 ? broken : 100;
}

Test(report, traces_without_a_common_clock_are_refused)
{
	char *paths[] = {trace("a", 10, 0x100, 50, true), trace("b", 11, 0x100, 70, false)};
	struct gt_captured said;

	gt_capture(read_both, paths, &said);
	cr_expect_eq(said.status, 100);
	gt_expect_part(said.err, "/b: cannot be merged with others: it has no Clock facts\n");
}

Test(report, a_trace_that_cannot_be_read_is_told_of)
{
	char missing[] = "/nonexistent/trace";
	char *paths[] = {missing, trace("b", 11, 0x100, 70, true)};
	struct gt_captured said;

	gt_capture(read_both, paths, &said);
	cr_expect_eq(said.status, 1);
	gt_expect_part(said.err, "/nonexistent/trace: cannot open");
}

static int read_one(void *path)
{
	char *paths[] = {path};
	int result = gt_report_read(&report, paths, 1, &options);

	gt_report_free(&report);
	return result == 0 ? 0 : 100;
}

Test(report, a_window_of_the_wall_clock_needs_one)
{
	struct gt_captured said;

	options.window.to = (struct gt_when){GT_WHEN_WALL, 0};
	gt_capture(read_one, trace("a", 10, 0x100, 50, false), &said);
	cr_expect_eq(said.status, 100);
	gt_expect_part(said.err, "/a: does not know the wall clock");
	gt_capture(read_one, trace("b", 10, 0x100, 50, true), &said);
	cr_expect_eq(said.status, 0);
	cr_expect_str_eq(said.err, "");
}
