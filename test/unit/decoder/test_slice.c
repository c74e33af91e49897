/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Generations as they stand in the file: where one ends, when its events happened, and that nothing is lost.
 */
#include "decoder/slice.h"

#include "test/lib/decode.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct gt_builder b;
static struct gt_input in;
static struct gt_slice slice;
static struct gt_error err;

static void tear_down(void)
{
	gt_slice_free(&slice);
	gt_input_close(&in);
	gt_build_free(&b);
}

TestSuite(slice, .fini = tear_down);

static void open_trace(void)
{
	gt_decode_open(&b, &in);
	gt_error_clear(&err);
	cr_assert_eq(gt_input_header(&in, &err), 23);
}

static int read_next(void)
{
	return gt_slice_read(&slice, &in, &err);
}

Test(slice, one_generation_after_the_other)
{
	gt_build_start(&b);
	gt_add_GoCreate(&b, 8, 2, 0, 0);
	gt_build_second(&b);
	gt_add_GoStatus(&b, 0, 1, 1, GT_G_Running);
	gt_build_end(&b);
	gt_build_sample(&b, 2, 1500, 1, 0);
	open_trace();
	cr_assert_eq(read_next(), 1);
	cr_expect(slice.is.gen == 1 && slice.is.events == 3 && slice.is.from == 101 && slice.is.to == 110);
	cr_assert_eq(read_next(), 1);
	cr_expect(slice.is.gen == 2 && slice.is.events == 2 && slice.is.from == 1000 && slice.is.to == 1500);
	cr_expect_eq(read_next(), 0);
}

Test(slice, times_are_in_the_units_of_the_generation)
{
	gt_build_header(&b, 23);
	gt_build_batch(&b, 1, 1, 100);
	gt_add_ProcStop(&b, 50);
	gt_build_end(&b);
	gt_build_frequency(&b, 1, 15625000);
	open_trace();
	cr_assert_eq(read_next(), 1);
	cr_expect(slice.is.from == 150 * 64 && slice.is.to == 150 * 64);
}

Test(slice, what_is_malformed_has_no_time_and_is_kept)
{
	gt_build_start(&b);
	gt_build_bytes(&b, "\x10\x05", 2);
	gt_build_end(&b);
	gt_build_batch(&b, 1, 2, 900);
	gt_build_end(&b);
	open_trace();
	cr_assert_eq(read_next(), 1);
	cr_expect(slice.is.events == 3 && slice.is.to == 107);
}

Test(slice, an_unfinished_batch_spoils_its_generation)
{
	gt_build_start(&b);
	gt_build_second(&b);
	gt_add_GoStatus(&b, 0, 1, 1, GT_G_Running);
	gt_build_end(&b);
	b.len--;
	open_trace();
	cr_assert_eq(read_next(), 1);
	cr_expect_eq(read_next(), -1);
	cr_expect_eq(err.code, GT_ERR_TRUNCATED);
	cr_expect_null(slice.first);
}

/* The bytes that are written, behind a header. */
static void write_to(struct gt_out *out)
{
	gt_out_open(out, -1);
	gt_out_bytes(out, b.bytes, 16);
	gt_slice_write(&slice, out);
}

Test(slice, what_is_written_is_read_again)
{
	struct gt_stretch first;
	struct gt_out out, again;

	gt_build_start(&b);
	gt_build_end(&b);
	gt_build_experiment(&b, 7, 1, 9);
	gt_build_bytes(&b, "opaque", 6);
	gt_build_end(&b);
	open_trace();
	cr_assert_eq(read_next(), 1);
	first = slice.is;
	write_to(&out);
	cr_expect(out.len < b.len && out.len > 50, "sizes need not ten bytes");
	tear_down();
	gt_build_bytes(&b, out.buf, out.len);
	open_trace();
	cr_assert_eq(read_next(), 1);
	cr_expect(gt_stretch_same(&slice.is, &first));
	first.events++;
	cr_expect_not(gt_stretch_same(&slice.is, &first));
	write_to(&again);
	cr_assert_eq(out.len, again.len);
	cr_expect_eq(memcmp(out.buf, again.buf, out.len), 0);
	gt_out_close(&out);
	gt_out_close(&again);
}

Test(slice, a_pipe_is_as_good_as_a_file)
{
	int ends[2];
	char path[32];

	gt_build_start(&b);
	gt_build_second(&b);
	gt_add_GoStatus(&b, 0, 1, 1, GT_G_Running);
	gt_build_end(&b);
	cr_assert_eq(pipe(ends), 0);
	cr_assert_eq(write(ends[1], b.bytes, b.len), (ssize_t)b.len);
	close(ends[1]);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	gt_error_clear(&err);
	cr_assert_eq(gt_input_open(&in, path, &err), 0);
	gt_input_header(&in, &err);
	cr_assert_eq(read_next(), 1);
	cr_expect(slice.is.gen == 1 && slice.is.events == 2 && slice.is.to == 102);
	cr_assert_eq(read_next(), 1);
	cr_expect(slice.is.gen == 2 && slice.is.events == 1 && slice.is.from == 1000);
	cr_expect_eq(read_next(), 0);
}
