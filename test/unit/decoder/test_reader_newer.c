/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Traces of go 1.25 and 1.26: a Sync batch opens a generation and a Sync event comes before it; from 1.26 on a byte ends
 * it.
 */
#include "decoder/input.h"
#include "decoder/reader.h"

#include "test/lib/text.h"
#include "test/lib/verdict.h"

#include <criterion/criterion.h>

static struct gt_builder b;

static void end(int minor)
{
	if (minor == GT_GO_END)
		gt_build_byte(&b, GT_FR_EndOfGeneration);
}

/* One event, of P 0. */
static void generation(int minor, uint64_t gen, uint64_t time)
{
	gt_build_sync(&b, gen, time);
	gt_build_batch(&b, gen, 1, time + 20);
	gt_add_ProcStatus(&b, 1, 0, GT_P_Running);
	gt_build_end(&b);
	end(minor);
}

Test(reader_newer, a_sync_comes_before_each_generation_and_at_the_end)
{
	for (int minor = GT_GO_SYNC; minor <= GT_GO_END; minor++) {
		struct gt_trace_event ev[5];
		struct gt_reader *reader;
		struct gt_error err;

		gt_build_header(&b, minor);
		generation(minor, 1, 100);
		generation(minor, 2, 50);
		reader = gt_reader_open(gt_build_path(&b), &err);
		cr_assert_not_null(reader);
		for (int i = 0; i < 5; i++) {
			cr_assert_eq(gt_reader_next(reader, &ev[i]), 1);
			cr_assert_eq(ev[i].kind == GT_KIND_SYNC, i % 2 == 0);
			if (i % 2 == 0)
				cr_expect(ev[i].args[0] == (uint64_t)i / 2 + 1 && ev[i].args[1] == (uint64_t)i / 2);
			if (i == 0)
				cr_expect(ev[0].snapshot->mono == 1001 && ev[0].args[2] == 110);
			if (i == 2)
				cr_expect(ev[2].snapshot->sec == 1002 && ev[2].args[2] == 60);
		}
		cr_expect_eq(gt_reader_next(reader, &ev[0]), 0);
		cr_expect(ev[1].time == 121 && ev[2].time == 122 && ev[3].time == 123 && ev[4].time == 124);
		cr_expect_null(ev[4].snapshot);
		gt_reader_close(reader);
		gt_expect(&b, 5, GT_ERR_NONE, "");
	}
}

Test(reader_newer, a_generation_may_have_no_events)
{
	for (int minor = GT_GO_SYNC; minor <= GT_GO_END; minor++) {
		gt_build_header(&b, minor);
		gt_build_sync(&b, 1, 100);
		end(minor);
		generation(minor, 2, 200);
		gt_expect(&b, 4, GT_ERR_NONE, "");
	}
}

Test(reader_newer, what_opens_a_generation_must_be_there)
{
	for (int minor = GT_GO_SYNC; minor <= GT_GO_END; minor++) {
		gt_build_header(&b, minor);
		gt_build_batch(&b, 1, 1, 20);
		gt_build_end(&b);
		end(minor);
		gt_expect(&b, 1, GT_ERR_FORMAT, "no frequency");
		gt_build_header(&b, minor);
		gt_build_batch(&b, 1, GT_NONE, 20);
		gt_build_bytes(&b, (const uint8_t[]){GT_FR_Sync, GT_FR_Frequency, 1}, 3);
		gt_build_end(&b);
		end(minor);
		gt_expect(&b, 1, GT_ERR_FORMAT, "no clock snapshot");
		gt_build_header(&b, minor);
		gt_build_frequency(&b, 1, 1000);
		end(minor);
		gt_expect(&b, 1, GT_ERR_FORMAT, "no frequency");
	}
}

/* As newer records in an older trace. */
Test(reader_newer, an_older_trace_has_none_of_it)
{
	gt_build_header(&b, 23);
	gt_build_frequency(&b, 1, 1000000000);
	gt_build_sync(&b, 1, 100);
	gt_expect(&b, 0, GT_ERR_FORMAT, "50 is not the number of an event");
	gt_build_start(&b);
	gt_build_end(&b);
	end(GT_GO_END);
	gt_expect(&b, 3, GT_ERR_FORMAT, "cannot start with byte 52");
	gt_build_header(&b, GT_GO_SYNC);
	generation(GT_GO_SYNC, 1, 100);
	end(GT_GO_END);
	gt_expect(&b, 3, GT_ERR_FORMAT, "cannot start with byte 52");
}

Test(reader_newer, a_generation_ends_by_its_byte_only)
{
	gt_build_header(&b, GT_GO_END);
	generation(GT_GO_END, 1, 100);
	generation(GT_GO_SYNC, 2, 200);
	generation(GT_GO_END, 3, 300);
	gt_expect(&b, 3, GT_ERR_FORMAT, "generation 3 follows generation 2");
	gt_build_header(&b, GT_GO_END);
	generation(GT_GO_END, 1, 100);
	generation(GT_GO_SYNC, 2, 200);
	gt_expect(&b, 3, GT_ERR_TRUNCATED, "the file ends in generation 2");
	gt_build_header(&b, GT_GO_END);
	end(GT_GO_END);
	gt_expect(&b, 1, GT_ERR_FORMAT, "no batches");
}

Test(reader_newer, nothing_at_all)
{
	gt_build_header(&b, GT_GO_SYNC);
	gt_expect(&b, 1, GT_ERR_FORMAT, "no batches");
	gt_build_header(&b, GT_GO_END);
	gt_expect(&b, 1, GT_ERR_NONE, "");
}
