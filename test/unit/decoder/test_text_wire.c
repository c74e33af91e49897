/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Raw records as Go prints them. Only the framing is looked at: what was whole before damage is printed.
 */
#include "decoder/text_go.h"

#include "test/lib/builder.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

static struct gt_builder b;

static void set_up(void)
{
	gt_build_header(&b, 23);
}

static void tear_down(void)
{
	gt_build_free(&b);
}

TestSuite(text_wire, .init = set_up, .fini = tear_down);

/* The records read so, and then comes the end or damage of this code with `part` in the words. */
static void reads(const char *text, enum gt_error_code code, const char *part)
{
	struct gt_error err;
	struct gt_out out;
	int r;

	gt_out_open(&out, -1);
	r = gt_text_wire(gt_build_path(&b), &out, &err);
	cr_expect_eq(r, code == GT_ERR_NONE ? 0 : -1);
	cr_expect_eq(err.code, code, "code %d: %s", err.code, err.words);
	gt_expect_part(err.words, part);
	gt_expect_text(&out, text);
}

Test(text_wire, batches_and_events)
{
	gt_build_frequency(&b, 1, 15);
	gt_build_batch(&b, 2, 7, 99);
	gt_add_ProcStop(&b, 3);
	gt_add_GoCreate(&b, 300, 5, 6, 7);
	gt_build_end(&b);
	reads("EventBatch gen=1 m=18446744073709551615 time=0 size=2\n"
	      "Frequency freq=15\n"
	      "EventBatch gen=2 m=7 time=99 size=8\n"
	      "ProcStop dt=3\n"
	      "GoCreate dt=300 new_g=5 new_stack=6 stack=7\n",
	      GT_ERR_NONE, "");
}

Test(text_wire, newer_records)
{
	gt_build_free(&b);
	gt_build_header(&b, 26);
	gt_build_sync(&b, 1, 5);
	gt_build_byte(&b, GT_FR_EndOfGeneration);
	reads("EventBatch gen=1 m=18446744073709551615 time=5 size=14\n"
	      "Sync\n"
	      "Frequency freq=1000000000\n"
	      "ClockSnapshot dt=10 mono=1001 sec=1001 nsec=0\n"
	      "EndOfGeneration\n",
	      GT_ERR_NONE, "");
}

Test(text_wire, strings)
{
	gt_build_string(&b, 1, 4, "a\"\xff", 3);
	gt_build_string(&b, 1, 5, "", 0);
	reads("EventBatch gen=1 m=18446744073709551615 time=0 size=7\n"
	      "Strings\n"
	      "String id=4\n\tdata=\"a\\\"\\xff\"\n"
	      "EventBatch gen=1 m=18446744073709551615 time=0 size=4\n"
	      "Strings\n"
	      "String id=5\n",
	      GT_ERR_NONE, "");
}

Test(text_wire, stacks)
{
	gt_build_stack(&b, 1, 4, 16, 2);
	reads("EventBatch gen=1 m=18446744073709551615 time=0 size=12\n"
	      "Stacks\n"
	      "Stack id=4 nframes=2\n"
	      "\tpc=16 func=0 file=0 line=7\n"
	      "\tpc=16 func=0 file=0 line=7\n",
	      GT_ERR_NONE, "");
}

Test(text_wire, samples)
{
	gt_build_sample(&b, 1, 50, 9, 4);
	reads("EventBatch gen=1 m=18446744073709551615 time=0 size=16\n"
	      "CPUSamples\n"
	      "CPUSample time=50 m=5 p=18446744073709551615 g=9 stack=4\n",
	      GT_ERR_NONE, "");
}

Test(text_wire, experiments)
{
	gt_build_experiment(&b, 1, 2, 3);
	gt_build_bytes(&b, "GTF1\0", 5);
	gt_build_end(&b);
	reads("ExperimentalBatch exp=1 gen=2 m=3 time=0\n\tdata=\"GTF1\\x00\"\n", GT_ERR_NONE, "");
}

Test(text_wire, generations_and_order_do_not_matter)
{
	gt_build_batch(&b, 9, 1, 1);
	gt_add_GoStart(&b, 1, 77, 5);
	gt_build_end(&b);
	gt_build_batch(&b, 0, 1, 1);
	gt_build_end(&b);
	reads("EventBatch gen=9 m=1 time=1 size=4\n"
	      "GoStart dt=1 g=77 g_seq=5\n"
	      "EventBatch gen=0 m=1 time=1 size=0\n",
	      GT_ERR_NONE, "");
}

Test(text_wire, nothing_behind_the_header)
{
	reads("", GT_ERR_NONE, "");
}

Test(text_wire, a_record_that_is_cut_off_is_not_printed)
{
	gt_build_frequency(&b, 1, 15);
	gt_build_bytes(&b, "\x10\1", 2);
	reads("EventBatch gen=1 m=18446744073709551615 time=0 size=2\nFrequency freq=15\n", GT_ERR_TRUNCATED,
	      "the file ends in a record");
	gt_build_free(&b);
	gt_build_header(&b, 23);
	gt_build_bytes(&b, "\5\4\3ab", 5);
	reads("", GT_ERR_TRUNCATED, "the file ends in a record");
	gt_build_free(&b);
	gt_build_header(&b, 23);
	gt_build_bytes(&b, "\3\4\2\1\2\3\4\1", 8);
	reads("", GT_ERR_TRUNCATED, "the file ends in a record");
}

Test(text_wire, a_number_that_is_malformed)
{
	gt_add_ProcStop(&b, 3);
	gt_build_bytes(&b, "\x0b\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\1", 12);
	reads("ProcStop dt=3\n", GT_ERR_FORMAT, "a number is malformed");
}

Test(text_wire, bytes_that_are_no_records)
{
	static const int types[] = {0, 137, 255};

	for (int i = 0; i < 3; i++) {
		struct gt_error err;
		struct gt_out out;

		gt_add_ProcStop(&b, 3);
		gt_build_byte(&b, types[i]);
		gt_out_open(&out, -1);
		cr_expect_eq(gt_text_wire(gt_build_path(&b), &out, &err), -1);
		cr_expect_eq(err.code, GT_ERR_FORMAT);
		gt_expect_part(err.words, "is not the number of a record");
		cr_expect_eq(err.offset, b.len - 1);
		gt_expect_text(&out, "ProcStop dt=3\n");
		gt_build_free(&b);
		gt_build_header(&b, 23);
	}
}

Test(text_wire, files_that_are_no_traces)
{
	b.bytes[0] = 'G';
	reads("", GT_ERR_HEADER, "not a trace");
	b.bytes[0] = 'g';
	b.bytes[6] = '7';
	reads("", GT_ERR_VERSION, "go 1.27");
}

Test(text_wire, files_that_cannot_be_read)
{
	struct gt_error err;
	struct gt_out out;

	gt_out_open(&out, -1);
	cr_expect_eq(gt_text_wire("/nonexistent/trace", &out, &err), -1);
	cr_expect_eq(err.code, GT_ERR_IO);
	gt_expect_part(err.words, strerror(ENOENT));
	gt_expect_text(&out, "");
}

Test(text_wire, output_that_cannot_be_written_ends_it)
{
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct gt_error err;
	struct gt_out out;

	cr_assert(fd >= 0);
	for (int i = 0; i < 10000; i++)
		gt_add_ProcStop(&b, 3);
	gt_build_byte(&b, 0);
	gt_out_open(&out, fd);
	cr_expect_eq(gt_text_wire(gt_build_path(&b), &out, &err), -1);
	cr_expect_eq(err.code, GT_ERR_IO);
	cr_expect_str_eq(err.words, "cannot write");
	cr_expect_not(gt_out_close(&out));
}
