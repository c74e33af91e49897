/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A trace file and its live file read as one.
 */
#include "decoder/trace.h"

#include "decoder/reader.h"
#include "test/lib/builder.h"
#include "test/lib/left.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <string.h>
#include <unistd.h>

static struct gt_left left;
static struct gt_builder file, b;
static struct gt_input in;
static struct gt_error err;

static void start(void)
{
	cr_redirect_stderr();
	gt_left_start(&left);
	gt_build_start(&file);
	gt_build_end(&file);
	left.head->complete = file.len;
}

static void tear_down(void)
{
	gt_input_close(&in);
	gt_build_free(&file);
	gt_temp_clean();
}

TestSuite(trace, .init = start, .fini = tear_down);

static void open_both(void)
{
	gt_temp_file("x.trace", file.bytes, file.len);
	if (left.head)
		gt_left_write(&left, gt_temp_path("x.trace.live"));
	cr_assert_eq(gt_trace_open(&in, gt_temp_path("x.trace"), &err), 0);
	fflush(stderr);
}

static void with_event(void)
{
	gt_add_ProcStatus(&b, 1, 0, GT_P_Running);
	gt_left_buf(&left, 2, 1, 1000, &b, NULL);
}

Test(trace, the_live_file_stands_behind_what_is_complete)
{
	uint8_t *all, byte;
	size_t n;

	with_event();
	open_both();
	cr_assert_geq(in.tail, 0);
	all = malloc(100000);
	n = gt_input_read(&in, all, 100000);
	cr_assert_gt(n, file.len);
	cr_assert_eq(memcmp(all, file.bytes, file.len), 0);
	for (size_t i = 0; i < n; i += 7) {
		cr_assert_eq(gt_input_at(&in, i, &byte, 1), 1);
		cr_assert_eq(byte, all[i]);
	}
	cr_assert_eq(gt_input_at(&in, file.len - 2, all + n, 4), 4, "over the seam");
	cr_assert_eq(memcmp(all + n, all + file.len - 2, 4), 0);
	cr_assert_stderr_neq_str("");
	free(all);
}

Test(trace, nothing_changes_without_one)
{
	free(left.head);
	left.head = NULL;
	open_both();
	cr_assert_eq(in.tail, -1);
	cr_assert_stderr_eq_str("");
}

Test(trace, one_that_cannot_be_used_is_said_and_the_file_is_read)
{
	left.head->version++;
	open_both();
	cr_assert_eq(in.tail, -1);
	cr_assert_eq(gt_input_header(&in, &err), 23);
	cr_assert_stderr_neq_str("");
}

Test(trace, a_file_that_is_not_there_is_an_error)
{
	free(left.head);
	cr_assert_eq(gt_trace_open(&in, "/nonexistent/x.trace", &err), -1);
	cr_assert_eq(err.code, GT_ERR_IO);
}

/* A flight recorder has no other file. */
Test(trace, one_that_is_empty_says_why_there_is_no_trace)
{
	static const uint8_t nothing[4096];

	free(left.head);
	gt_temp_file("x.trace.live", nothing, sizeof(nothing));
	cr_assert_eq(gt_trace_open(&in, gt_temp_path("x.trace"), &err), -1);
	cr_assert_not_null(strstr(err.words, "killed while it began"), "%s", err.words);
}

/* Killed between two threads that hand something over: what the second one wrote follows from what the first one did not. */
Test(trace, what_follows_from_what_was_not_recorded_is_left_out_and_that_is_said)
{
	uint64_t events = 0, generations;
	struct gt_reader *reader;
	char said[1000] = "";

	with_event();
	gt_add_ProcStatus(&b, 1, 1, GT_P_Running);
	gt_add_GoStart(&b, 1, 1, 5);
	gt_left_buf(&left, 2, 2, 1200, &b, NULL);
	open_both();
	cr_assert_gt(fread(said, 1, sizeof(said) - 1, cr_get_redirected_stderr()), 0);
	cr_assert_not_null(strstr(said, "the last 1 events of 1 threads are left out"), "%s", said);
	reader = gt_reader_open(gt_temp_path("x.trace"), &err);
	cr_assert_eq(gt_reader_check(reader, UINT64_MAX, &events, &generations), 0, "%s", err.words);
	cr_assert_eq(events, 2 + 2);
	gt_reader_close(reader);
}
