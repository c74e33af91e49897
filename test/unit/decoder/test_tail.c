/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end of a trace from its live file: whatever part of it came to the trace file, the same events come out.
 */
#include "decoder/tail.h"

#include "decoder/live.h"
#include "decoder/reader.h"
#include "shim/format/header.h"
#include "test/lib/builder.h"
#include "test/lib/left.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <string.h>
#include <unistd.h>

static struct gt_left left;
static struct gt_builder file, b, f;
static struct gt_error err;
static struct gt_tail tail;

enum { FIRST_EVENTS = 4, SECOND_EVENTS = 6 };

static const char *path(void)
{
	return gt_temp_path("x.trace");
}

static const char *live(void)
{
	return gt_temp_path("x.trace.live");
}

static void start(void)
{
	cr_redirect_stderr(); /* each look at both is said */
	gt_left_start(&left);
}

static void tear_down(void)
{
	gt_build_free(&file);
	gt_build_free(&b);
	gt_temp_clean();
}

TestSuite(tail, .init = start, .fini = tear_down);

/* A complete generation in the file. */
static void first(void)
{
	gt_build_start(&file);
	gt_add_GoStop(&file, 1, 0, 0);
	gt_add_GoStart(&file, 1, 1, 1);
	gt_build_end(&file);
	left.head->complete = file.len;
}

/* Two buffers of M 1 with the events of generation 2. */
static void half(int i)
{
	if (i == 0) {
		gt_add_ProcStatus(&b, 1, 0, GT_P_Running);
		gt_add_GoStatus(&b, 1, 1, 1, GT_G_Running);
	} else {
		gt_add_GoStop(&b, 1, GT_STRING_STOP, 0);
		gt_add_GoStart(&b, 1, 1, 1);
		gt_add_GoStop(&b, 1, GT_STRING_STOP, 0);
		gt_add_GoStart(&b, 1, 1, 2);
	}
}

static uint64_t half_time(int i)
{
	return 1000 + 100 * (uint64_t)i;
}

static struct gt_buf *half_in_live(int i)
{
	half(i);
	return gt_left_buf(&left, 2, 1, half_time(i), &b, NULL);
}

static void half_in_file(int i)
{
	half(i);
	gt_build_batch(&file, 2, 1, half_time(i));
	gt_build_bytes(&file, b.bytes, b.len);
	gt_build_end(&file);
	gt_build_free(&b);
}

static int make(void)
{
	gt_temp_file("x.trace", file.bytes, file.len);
	gt_left_write(&left, live());
	return gt_tail_make(&tail, path(), live(), &err);
}

/* What a reader gets from both files, that must be sound. */
static uint64_t events(void)
{
	uint64_t n = 0, generations;
	struct gt_reader *reader;

	gt_temp_file("x.trace", file.bytes, file.len);
	gt_left_write(&left, gt_temp_path("x.trace.live"));
	reader = gt_reader_open(path(), &err);
	cr_assert_not_null(reader);
	cr_assert_eq(gt_reader_check(reader, UINT64_MAX, &n, &generations), 0, "%s", err.words);
	gt_reader_close(reader);
	return n;
}

Test(tail, without_a_live_file_there_is_none)
{
	first();
	gt_temp_file("x.trace", file.bytes, file.len);
	cr_assert_eq(gt_tail_make(&tail, path(), live(), &err), 0);
}

/* The last fact of the tail is a count of drops, and the only one of them. */
static void expect_drops(uint8_t cause, uint8_t n)
{
	const uint8_t fact[] = {GT_FACT_Dropped, 2, cause, n};
	uint8_t bytes[1000];
	ssize_t len = pread(tail.fd, bytes, sizeof(bytes), 0);

	cr_assert(len > (ssize_t)sizeof(fact) && len < (ssize_t)sizeof(bytes));
	cr_assert(memmem(bytes, (size_t)len, fact, sizeof(fact)) == bytes + len - sizeof(fact));
	close(tail.fd);
}

/* A thread was killed in a signal handler, on top of the only event of its generation. */
Test(tail, drops_are_said_in_the_last_complete_generation)
{
	first();
	left.head->dropped[GT_DROP_HANDLER] = 40;
	cr_assert_eq(make(), 1);
	expect_drops(GT_DROP_HANDLER, 40);
	cr_assert_eq(events(), FIRST_EVENTS);
}

/* It was killed between the tables and the drops. */
Test(tail, drops_are_said_behind_tables_of_the_file)
{
	first();
	half_in_file(0);
	gt_build_frequency(&file, 2, 1000000000);
	left.head->dropped[GT_DROP_HANDLER] = 40;
	cr_assert_eq(make(), 1);
	expect_drops(GT_DROP_HANDLER, 40);
	cr_assert_eq(events(), FIRST_EVENTS + 2);
}

Test(tail, drops_are_said_behind_tables_that_are_made)
{
	first();
	half_in_live(0);
	half_in_live(1);
	left.head->dropped[GT_DROP_HANDLER] = 40;
	cr_assert_eq(make(), 1);
	expect_drops(GT_DROP_HANDLER, 40);
}

Test(tail, where_nothing_was_recorded_there_is_nobody_to_say_drops_of)
{
	gt_build_header(&file, 23);
	left.head->dropped[GT_DROP_HANDLER] = 40;
	cr_assert_eq(make(), 0);
}

Test(tail, a_live_file_that_has_no_more_adds_nothing)
{
	first();
	half_in_live(0)->used = 0;
	cr_assert_eq(make(), 0);
}

Test(tail, buffers_become_a_generation)
{
	first();
	half_in_live(0);
	half_in_live(1);
	cr_assert_eq(events(), FIRST_EVENTS + SECOND_EVENTS);
}

Test(tail, it_may_be_the_first_generation)
{
	gt_build_header(&file, 23);
	half_in_live(0);
	cr_assert_eq(events(), 2);
}

Test(tail, what_is_in_the_file_goes_before)
{
	first();
	half_in_file(0);
	half_in_live(1);
	cr_assert_eq(events(), FIRST_EVENTS + SECOND_EVENTS);
}

Test(tail, what_is_in_both_counts_once)
{
	first();
	half_in_file(0);
	half_in_live(0);
	half_in_live(1);
	cr_assert_eq(events(), FIRST_EVENTS + SECOND_EVENTS);
}

/* The process ended while it wrote a buffer, whatever had come to the file. */
Test(tail, a_batch_that_is_cut_is_taken_from_the_live_file)
{
	size_t whole, most;

	first();
	whole = file.len;
	half_in_file(0);
	half_in_file(1);
	most = file.len;
	for (size_t len = whole; len <= most; len++) {
		file.len = len;
		half_in_live(0);
		half_in_live(1);
		cr_assert_eq(events(), FIRST_EVENTS + SECOND_EVENTS, "cut at %zu", len - whole);
		gt_left_start(&left);
		left.head->complete = whole;
	}
}

/* Then the tables may be there, cut anywhere, or all of them, and only the head does not know it yet. */
Test(tail, tables_are_those_of_the_file_only_with_a_frequency)
{
	size_t whole, from, most;

	first();
	whole = file.len;
	half_in_file(0);
	half_in_file(1);
	from = file.len;
	gt_build_string(&file, 2, GT_STRING_STOP, "of the file", 11);
	gt_build_frequency(&file, 2, 1000000000);
	most = file.len;
	for (size_t len = from; len <= most; len++) {
		file.len = len;
		cr_assert_eq(events(), FIRST_EVENTS + SECOND_EVENTS, "cut at %zu", len - from);
		gt_left_start(&left);
		left.head->complete = whole;
	}
}

Test(tail, two_generations_may_be_unfinished)
{
	first();
	half_in_live(0);
	half_in_live(1);
	gt_add_ProcStatus(&b, 1, 0, GT_P_Running);
	gt_left_buf(&left, 3, 1, 5000, &b, NULL);
	cr_assert_eq(events(), FIRST_EVENTS + SECOND_EVENTS + 1);
}

/* A generation with nothing but tables in the file would be no generation. */
Test(tail, a_generation_without_events_is_left_out)
{
	first();
	half_in_live(0);
	gt_build_string(&file, 3, 1, "early", 5);
	cr_assert_eq(events(), FIRST_EVENTS + 2);
}

Test(tail, facts_stay_with_their_events)
{
	static const struct gt_fact_record waker = {.number = GT_FACT_Waker, .position = 1, .field = {{.u = 71}}};
	struct gt_trace_event ev;
	struct gt_reader *reader;
	int found = 0;

	first();
	gt_add_ProcStatus(&b, 1, 0, GT_P_Running);
	gt_add_GoStatus(&b, 1, 1, 1, GT_G_Running);
	gt_build_fact(&f, &waker);
	gt_left_buf(&left, 2, 1, 1000, &b, &f);
	gt_temp_file("x.trace", file.bytes, file.len);
	gt_left_write(&left, gt_temp_path("x.trace.live"));
	reader = gt_reader_open(path(), &err);
	while (gt_reader_next(reader, &ev) == 1)
		found += gt_event_fact(&ev, GT_FACT_Waker) != NULL && ev.type == GT_EV_GoStatus;
	cr_assert_eq(found, 1);
	gt_reader_close(reader);
}

Test(tail, a_file_that_is_shorter_than_it_says_is_not_its_own)
{
	first();
	half_in_live(0);
	left.head->complete++;
	cr_assert_eq(make(), -1);
	cr_assert_not_null(strstr(err.words, "shorter"));
}

Test(tail, damage_behind_what_is_complete_is_said)
{
	first();
	half_in_live(0);
	gt_build_byte(&file, 77);
	cr_assert_eq(make(), -1);
	cr_assert_neq(err.code, GT_ERR_NONE);
}

/* It may have come to the file in part. */
Test(tail, a_generation_that_is_thrown_away_counts_in_neither_file)
{
	first();
	half_in_file(0);
	half_in_live(1);
	left.head->lost = 2;
	cr_assert_eq(events(), FIRST_EVENTS);
}

Test(tail, a_generation_before_one_that_is_thrown_away_counts)
{
	first();
	half_in_live(0);
	half_in_live(1);
	left.head->lost = 3;
	cr_assert_eq(events(), FIRST_EVENTS + SECOND_EVENTS);
}

/* All that is left of the live file is its head; the gap is told of in the last complete generation. */
Test(tail, a_gap_is_said_with_the_trace_before_it)
{
	struct gt_fact_record fact;
	uint8_t bytes[200];
	const uint8_t *p = bytes, *end;

	first();
	half_in_file(0);
	left.head->lost = 2;
	left.head->gap_after = 1;
	left.head->gap_from = 70;
	left.head->gap_error = 28;
	left.head->dropped[GT_DROP_GAP] = 5;
	left.len = 4096;
	cr_assert_eq(make(), 1);
	end = bytes + pread(tail.fd, bytes, sizeof(bytes), 0);
	while (p < end && memcmp(p, GT_FACTS_MAGIC, GT_FACTS_MAGIC_LEN) != 0)
		p++;
	p += GT_FACTS_MAGIC_LEN;
	cr_assert(gt_fact_next(&p, end, &fact));
	cr_assert(fact.number == GT_FACT_Gap && fact.field[0].u == 70 && fact.field[3].u == 28);
	expect_drops(GT_DROP_GAP, 5);
}

Test(tail, it_says_where_it_begins_and_that_nobody_writes)
{
	uint8_t byte;

	first();
	half_in_live(0);
	cr_assert_eq(make(), 1);
	cr_assert_eq(tail.at, file.len);
	cr_assert_not(tail.is_written);
	cr_assert_eq(pread(tail.fd, &byte, 1, 0), 1);
	cr_assert_eq(byte, GT_FR_EventBatch);
	close(tail.fd);
}

/* The file, as far as it came, lies in the ring; there is none. */
static void fly(uint64_t from, size_t complete)
{
	gt_left_fly(&left, from, file.bytes + GT_HEADER_LEN, file.len - GT_HEADER_LEN, complete - GT_HEADER_LEN);
	gt_left_write(&left, live());
}

static uint64_t read_alone(void)
{
	uint64_t n = 0, generations;
	struct gt_reader *reader = gt_reader_open(path(), &err);

	cr_assert_not_null(reader, "%s", err.words);
	cr_assert_eq(gt_reader_check(reader, UINT64_MAX, &n, &generations), 0, "%s", err.words);
	gt_reader_close(reader);
	return n;
}

Test(tail, a_ring_has_all_there_is)
{
	first();
	half_in_live(0);
	half_in_live(1);
	fly(7, file.len);
	cr_assert_eq(read_alone(), FIRST_EVENTS + SECOND_EVENTS);
}

Test(tail, a_ring_goes_round_its_end_and_ends_in_a_generation)
{
	size_t complete;

	first();
	complete = file.len;
	half_in_file(0);
	half_in_live(1);
	fly(10 * GT_LEFT_RING - 30, complete);
	cr_assert_eq(read_alone(), FIRST_EVENTS + SECOND_EVENTS);
}

Test(tail, a_ring_is_found_behind_a_link)
{
	first();
	fly(0, file.len);
	cr_assert_eq(rename(live(), gt_temp_path("elsewhere")), 0);
	cr_assert_eq(symlink(gt_temp_path("elsewhere"), live()), 0);
	cr_assert_eq(read_alone(), FIRST_EVENTS);
	cr_assert(gt_live_unlink(live()));
	cr_assert_not(gt_temp_exists(gt_temp_path("elsewhere")));
	cr_assert_eq(gt_temp_count(), 0);
}

Test(tail, a_ring_that_cannot_be_is_refused)
{
	static const struct {
		uint64_t from, complete, end, bytes;
	} bad[] = {{5, 4, 9, 4096}, {0, 9, 8, 4096}, {0, 0, 5000, 4096}, {0, 0, 8, UINT64_MAX}};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		gt_left_start(&left);
		left.head->ring_bytes = bad[i].bytes;
		left.head->ring_from = bad[i].from;
		left.head->complete = bad[i].complete;
		left.head->ring_end = bad[i].end;
		gt_left_write(&left, live());
		cr_expect_eq(gt_tail_make(&tail, path(), live(), &err), -1, "%zu", i);
		gt_error_clear(&err);
	}
}

/* Nobody did anything in generation 2 before the recorder was killed. */
Test(tail, a_generation_without_events_leaves_no_hole)
{
	first();
	half_in_live(0)->gen = 3;
	half_in_live(1)->gen = 3;
	cr_assert_eq(events(), FIRST_EVENTS + SECOND_EVENTS);
}
