/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end of a trace from its live file: whatever part of it came to the trace file, the same events come out.
 */
#include "decoder/tail.h"

#include "decoder/reader.h"
#include "test/lib/killed.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

static struct gt_builder b, f; /* of a buffer */

TestSuite(tail, .init = gt_killed_start, .fini = gt_killed_clean);

Test(tail, without_a_live_file_there_is_none)
{
	gt_killed_first();
	gt_temp_file("x.trace", gt_killed.file.bytes, gt_killed.file.len);
	cr_assert_eq(gt_tail_make(&gt_killed.tail, gt_killed_path(), gt_killed_live(), &gt_killed.err), 0);
}

Test(tail, a_live_file_that_has_no_more_adds_nothing)
{
	gt_killed_first();
	gt_killed_half_in_live(0)->used = 0;
	cr_assert_eq(gt_killed_make(), 0);
}

Test(tail, buffers_become_a_generation)
{
	gt_killed_first();
	gt_killed_half_in_live(0);
	gt_killed_half_in_live(1);
	cr_assert_eq(gt_killed_events(), GT_KILLED_FIRST + GT_KILLED_SECOND);
}

Test(tail, it_may_be_the_first_generation)
{
	gt_build_header(&gt_killed.file, 23);
	gt_killed_half_in_live(0);
	cr_assert_eq(gt_killed_events(), 2);
}

Test(tail, what_is_in_the_file_goes_before)
{
	gt_killed_first();
	gt_killed_half_in_file(0);
	gt_killed_half_in_live(1);
	cr_assert_eq(gt_killed_events(), GT_KILLED_FIRST + GT_KILLED_SECOND);
}

Test(tail, what_is_in_both_counts_once)
{
	gt_killed_first();
	gt_killed_half_in_file(0);
	gt_killed_half_in_live(0);
	gt_killed_half_in_live(1);
	cr_assert_eq(gt_killed_events(), GT_KILLED_FIRST + GT_KILLED_SECOND);
}

/* The process ended while it wrote a buffer, whatever had come to the file. */
Test(tail, a_batch_that_is_cut_is_taken_from_the_live_file)
{
	size_t whole, most;

	gt_killed_first();
	whole = gt_killed.file.len;
	gt_killed_half_in_file(0);
	gt_killed_half_in_file(1);
	most = gt_killed.file.len;
	for (size_t len = whole; len <= most; len++) {
		gt_killed.file.len = len;
		gt_killed_half_in_live(0);
		gt_killed_half_in_live(1);
		cr_assert_eq(gt_killed_events(), GT_KILLED_FIRST + GT_KILLED_SECOND, "cut at %zu", len - whole);
		gt_left_start(&gt_killed.left);
		gt_killed.left.head->complete = whole;
	}
}

/* Then the tables may be there, cut anywhere, or all of them, and only the head does not know it yet. */
Test(tail, tables_are_those_of_the_file_only_with_a_frequency)
{
	size_t whole, from, most;

	gt_killed_first();
	whole = gt_killed.file.len;
	gt_killed_half_in_file(0);
	gt_killed_half_in_file(1);
	from = gt_killed.file.len;
	gt_build_string(&gt_killed.file, 2, GT_STRING_STOP, "of the file", 11);
	gt_build_frequency(&gt_killed.file, 2, 1000000000);
	most = gt_killed.file.len;
	for (size_t len = from; len <= most; len++) {
		gt_killed.file.len = len;
		cr_assert_eq(gt_killed_events(), GT_KILLED_FIRST + GT_KILLED_SECOND, "cut at %zu", len - from);
		gt_left_start(&gt_killed.left);
		gt_killed.left.head->complete = whole;
	}
}

Test(tail, two_generations_may_be_unfinished)
{
	gt_killed_first();
	gt_killed_half_in_live(0);
	gt_killed_half_in_live(1);
	gt_add_ProcStatus(&b, 1, 0, GT_P_Running);
	gt_left_buf(&gt_killed.left, 3, 1, 5000, &b, NULL);
	cr_assert_eq(gt_killed_events(), GT_KILLED_FIRST + GT_KILLED_SECOND + 1);
}

/* A generation with nothing but tables in the file would be no generation. */
Test(tail, a_generation_without_events_is_left_out)
{
	gt_killed_first();
	gt_killed_half_in_live(0);
	gt_build_string(&gt_killed.file, 3, 1, "early", 5);
	cr_assert_eq(gt_killed_events(), GT_KILLED_FIRST + 2);
}

Test(tail, a_generation_with_samples_alone_is_left_out)
{
	gt_killed_first();
	gt_killed_half_in_live(0);
	gt_build_sample(&gt_killed.file, 3, 5000, 1, 0);
	cr_assert_eq(gt_killed_events(), GT_KILLED_FIRST + 2);
}

static const uint64_t sample_pc = 0x5000;

/* The stack of samples, in the live file. */
static uint64_t half_with_stack(void)
{
	gt_killed_first();
	gt_killed_half_in_live(0);
	return gt_left_stack(&gt_killed.left, 2, &sample_pc, 1);
}

/* How many the reader gives, and whether each has the frame that its stack has in the live file. */
static int samples_read(void)
{
	struct gt_trace_event ev;
	struct gt_reader *reader;
	int n = 0;

	gt_temp_file("x.trace", gt_killed.file.bytes, gt_killed.file.len);
	gt_left_write(&gt_killed.left, gt_killed_live());
	reader = gt_reader_open(gt_killed_path(), &gt_killed.err);
	cr_assert_not_null(reader);
	while (gt_reader_next(reader, &ev) == 1) {
		if (ev.type != GT_FR_CPUSample)
			continue;
		cr_assert(ev.stack && ev.stack->nframes == 1 && ev.stack->frames[0]->pc == sample_pc);
		n++;
	}
	gt_reader_close(reader);
	return n;
}

Test(tail, samples_that_wait_belong_to_it)
{
	uint64_t stack = half_with_stack();

	gt_left_sample(&gt_killed.left, 2, 1010, stack);
	gt_left_sample(&gt_killed.left, 2, 1020, stack);
	cr_assert_eq(samples_read(), 2);
}

Test(tail, a_sample_in_both_counts_once)
{
	uint64_t stack = half_with_stack();

	gt_build_sample(&gt_killed.file, 2, 1010, 1, stack);
	gt_left_sample(&gt_killed.left, 2, 1010, stack);
	gt_left_sample(&gt_killed.left, 2, 1020, stack);
	cr_assert_eq(samples_read(), 2);
}

Test(tail, facts_stay_with_their_events)
{
	static const struct gt_fact_record waker = {.number = GT_FACT_Waker, .position = 1, .field = {{.u = 71}}};
	struct gt_trace_event ev;
	struct gt_reader *reader;
	int found = 0;

	gt_killed_first();
	gt_add_ProcStatus(&b, 1, 0, GT_P_Running);
	gt_add_GoStatus(&b, 1, 1, 1, GT_G_Running);
	gt_build_fact(&f, &waker);
	gt_left_buf(&gt_killed.left, 2, 1, 1000, &b, &f);
	gt_temp_file("x.trace", gt_killed.file.bytes, gt_killed.file.len);
	gt_left_write(&gt_killed.left, gt_temp_path("x.trace.live"));
	reader = gt_reader_open(gt_killed_path(), &gt_killed.err);
	while (gt_reader_next(reader, &ev) == 1)
		found += gt_event_fact(&ev, GT_FACT_Waker) != NULL && ev.type == GT_EV_GoStatus;
	cr_assert_eq(found, 1);
	gt_reader_close(reader);
}

Test(tail, a_file_that_is_shorter_than_it_says_is_not_its_own)
{
	gt_killed_first();
	gt_killed_half_in_live(0);
	gt_killed.left.head->complete++;
	cr_assert_eq(gt_killed_make(), -1);
	cr_assert_not_null(strstr(gt_killed.err.words, "shorter"));
}

Test(tail, damage_behind_what_is_complete_is_said)
{
	gt_killed_first();
	gt_killed_half_in_live(0);
	gt_build_byte(&gt_killed.file, 77);
	cr_assert_eq(gt_killed_make(), -1);
	cr_assert_neq(gt_killed.err.code, GT_ERR_NONE);
}

/* It may have come to the file in part. */
Test(tail, a_generation_that_is_thrown_away_counts_in_neither_file)
{
	gt_killed_first();
	gt_killed_half_in_file(0);
	gt_killed_half_in_live(1);
	gt_killed.left.head->lost = 2;
	cr_assert_eq(gt_killed_events(), GT_KILLED_FIRST);
}

Test(tail, a_generation_before_one_that_is_thrown_away_counts)
{
	gt_killed_first();
	gt_killed_half_in_live(0);
	gt_killed_half_in_live(1);
	gt_killed.left.head->lost = 3;
	cr_assert_eq(gt_killed_events(), GT_KILLED_FIRST + GT_KILLED_SECOND);
}

Test(tail, it_says_where_it_begins_and_that_nobody_writes)
{
	uint8_t byte;

	gt_killed_first();
	gt_killed_half_in_live(0);
	cr_assert_eq(gt_killed_make(), 1);
	cr_assert_eq(gt_killed.tail.at, gt_killed.file.len);
	cr_assert_not(gt_killed.tail.is_written);
	cr_assert_eq(pread(gt_killed.tail.fd, &byte, 1, 0), 1);
	cr_assert_eq(byte, GT_FR_EventBatch);
	close(gt_killed.tail.fd);
}

/* Nobody did anything in generation 2 before the recorder was killed. */
Test(tail, a_generation_without_events_leaves_no_hole)
{
	gt_killed_first();
	gt_killed_half_in_live(0)->gen = 3;
	gt_killed_half_in_live(1)->gen = 3;
	cr_assert_eq(gt_killed_events(), GT_KILLED_FIRST + GT_KILLED_SECOND);
}
