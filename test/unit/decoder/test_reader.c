/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The reader as a whole: the sound part comes first, times increase, samples and facts come along.
 */
#include "decoder/reader.h"

#include "test/lib/text.h"
#include "test/lib/verdict.h"

#include <criterion/criterion.h>

Test(reader, a_small_trace_is_sound)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_build_end(&b);
	gt_expect(&b, 3, GT_ERR_NONE, "");
}

Test(reader, the_version_is_told)
{
	for (int minor = 22; minor <= 23; minor++) {
		struct gt_builder b = {0};
		struct gt_error err;
		struct gt_reader *reader;

		gt_build_start(&b);
		gt_build_end(&b);
		b.bytes[6] = (uint8_t)('0' + minor - 20);
		reader = gt_reader_open(gt_build_path(&b), &err);
		cr_assert_not_null(reader);
		cr_expect_eq(gt_reader_version(reader), minor);
		gt_reader_close(reader);
		gt_expect(&b, 3, GT_ERR_NONE, "");
	}
}

Test(reader, a_file_with_nothing_behind_the_header)
{
	struct gt_builder b = {0};

	gt_build_header(&b, 23);
	gt_expect(&b, 0, GT_ERR_FORMAT, "no batches");
}

Test(reader, a_missing_file_is_named)
{
	struct gt_error err;

	cr_expect_null(gt_reader_open("/nonexistent/trace", &err));
	cr_expect_eq(err.code, GT_ERR_IO);
	gt_expect_part(err.words, "/nonexistent/trace");
	cr_expect_eq(gt_check("/nonexistent/trace", &err), -1);
	cr_expect_eq(err.code, GT_ERR_IO);
	gt_reader_close(NULL);
}

Test(reader, events_come_before_the_cut)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_build_end(&b);
	gt_build_batch(&b, 2, 1, 100);
	gt_add_GoDestroy(&b, 1);
	gt_build_end(&b);
	b.len--;
	gt_expect(&b, 3, GT_ERR_TRUNCATED, "1 of 2 bytes");
}

Test(reader, whole_generations_come_before_damage_in_a_later_one)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_build_second(&b);
	gt_add_GoStatus(&b, 1, 1, 1, GT_G_Running);
	gt_build_end(&b);
	gt_build_string(&b, 2, 5, "x", 1);
	gt_build_string(&b, 2, 5, "x", 1);
	gt_expect(&b, 3, GT_ERR_FORMAT, "string 5 is said twice");
}

Test(reader, the_place_of_damage_is_named)
{
	struct gt_builder b = {0};
	struct gt_error err;

	gt_build_start(&b);
	gt_add_GoStart(&b, 1, 77, 1);
	gt_build_end(&b);
	cr_expect_eq(gt_build_verdict(&b, &err), 2);
	cr_expect_eq(err.gen, 1);
	cr_expect_eq(err.m, 1);
	cr_expect_eq(err.index, 2);
}

Test(reader, the_end_stays_the_end)
{
	struct gt_builder b = {0};
	struct gt_trace_event ev;
	struct gt_error err;
	struct gt_reader *reader;

	gt_build_start(&b);
	gt_add_GoLabel(&b, 1, 77);
	gt_add_HeapAlloc(&b, 1, 1);
	for (int broken = 1; broken >= 0; broken--) {
		gt_build_end(&b);
		reader = gt_reader_open(gt_build_path(&b), &err);
		cr_assert_not_null(reader);
		while (gt_reader_next(reader, &ev) > 0)
			;
		cr_expect_eq(gt_reader_next(reader, &ev), -broken);
		cr_expect_eq(gt_reader_next(reader, &ev), -broken);
		gt_reader_close(reader);
		cr_expect_eq(gt_check(gt_build_path(&b), &err), -broken);
		gt_build_free(&b);
		gt_build_start(&b);
	}
	gt_build_free(&b);
}

/* Opens the trace and hands `n` events out. Close the reader and free the builder. */
static struct gt_reader *events(struct gt_builder *b, struct gt_trace_event *ev, int n)
{
	static struct gt_error err;
	struct gt_reader *reader = gt_reader_open(gt_build_path(b), &err);

	cr_assert_not_null(reader);
	while (n-- > 0)
		cr_assert_eq(gt_reader_next(reader, ev++), 1, "%s", err.words);
	return reader;
}

Test(reader, times_increase)
{
	struct gt_builder b = {0};
	struct gt_reader *reader;
	struct gt_trace_event ev[6];

	gt_build_start(&b);
	gt_add_HeapAlloc(&b, 0, 1);
	gt_build_other(&b, 1, 20);
	gt_add_HeapAlloc(&b, 1, 2);
	gt_build_other(&b, 1, 900);
	gt_add_HeapAlloc(&b, 1, 2);
	gt_build_end(&b);
	reader = events(&b, ev, 6);
	cr_expect_eq(ev[0].time, 101);
	cr_expect_eq(ev[1].time, 102);
	cr_expect_eq(ev[2].time, 103, "an equal time is one later");
	cr_expect_eq(ev[3].time, 104, "an earlier time is one later");
	cr_expect_eq(ev[4].time, 901);
	cr_expect_eq(ev[5].time, 902, "Sync is one behind the last event");
	cr_expect_eq(ev[5].kind, GT_KIND_SYNC);
	gt_reader_close(reader);
	gt_build_free(&b);
}

Test(reader, times_increase_across_generations)
{
	struct gt_builder b = {0};
	struct gt_reader *reader;
	struct gt_trace_event ev[4];

	gt_build_start(&b);
	gt_build_end(&b);
	gt_build_frequency(&b, 2, 1000000000);
	gt_build_batch(&b, 2, 1, 5);
	gt_add_HeapAlloc(&b, 1, 1);
	gt_build_end(&b);
	reader = events(&b, ev, 4);
	cr_expect(ev[2].time == 103 && ev[2].gen == 1);
	cr_expect(ev[3].time == 104 && ev[3].gen == 2);
	gt_reader_close(reader);
	gt_build_free(&b);
}

Test(reader, samples_come_between_events_by_time)
{
	struct gt_builder b = {0};
	struct gt_reader *reader;
	struct gt_trace_event ev[6];

	gt_build_start(&b);
	gt_build_end(&b);
	gt_build_sample(&b, 1, 900, 7, 0);
	gt_build_sample(&b, 1, 102, 7, 0);
	gt_build_sample(&b, 1, 50, 0, 0);
	reader = events(&b, ev, 6);
	cr_expect(ev[0].kind == GT_KIND_STACK_SAMPLE && ev[0].time == 50);
	cr_expect(ev[1].type == GT_EV_ProcStatus && ev[1].time == 101);
	cr_expect(ev[2].type == GT_EV_GoStatus && ev[2].time == 102);
	cr_expect(ev[3].kind == GT_KIND_STACK_SAMPLE && ev[3].time == 103);
	cr_expect(ev[4].kind == GT_KIND_STACK_SAMPLE && ev[4].time == 900);
	cr_expect(ev[3].m == 5 && ev[3].p == -1 && ev[3].g == 7);
	cr_expect_eq(ev[5].kind, GT_KIND_SYNC);
	gt_reader_close(reader);
	gt_build_free(&b);
}

Test(reader, every_generation_has_its_own_samples)
{
	struct gt_builder b = {0};

	gt_build_header(&b, 23);
	gt_build_frequency(&b, 1, 1000000000);
	gt_build_sample(&b, 1, 50, 0, 0);
	gt_build_frequency(&b, 2, 1000000000);
	gt_build_sample(&b, 2, 60, 0, 0);
	gt_build_sample(&b, 2, 70, 0, 0);
	gt_expect(&b, 5, GT_ERR_NONE, "");
}

Test(reader, a_generation_of_samples_is_no_empty_one)
{
	struct gt_builder b = {0};

	gt_build_header(&b, 23);
	gt_build_frequency(&b, 1, 1000000000);
	gt_build_sample(&b, 1, 50, 0, 0);
	gt_expect(&b, 2, GT_ERR_NONE, "");
}

static void take_fact(void *arg, uint64_t gen, const struct gt_fact_record *fact)
{
	cr_expect_eq(gen, 1);
	cr_expect_eq(fact->number, GT_FACT_Dropped);
	cr_expect_eq(fact->field[1].u, 42);
	++*(int *)arg;
}

/* A free fact, one tied to the third event, one of an unknown number; the tied one stands last. */
static void add_facts(struct gt_builder *b)
{
	static const struct gt_fact_record dropped = {.number = GT_FACT_Dropped, .field = {{.u = 0}, {.u = 42}}};
	static const struct gt_fact_record wait = {
		.number = GT_FACT_Wait, .position = 2, .field = {{.u = GT_PRIM_MUTEX}, {.u = 16}}};

	gt_build_facts(b, 1, 1);
	gt_build_bytes(b, "\x1f\x02\x01\x01", 4);
	gt_build_fact(b, &dropped);
	gt_build_fact(b, &wait);
	gt_build_end(b);
}

Test(reader, facts_reach_their_events)
{
	struct gt_builder b = {0};
	struct gt_error err;
	struct gt_reader *reader;
	struct gt_trace_event ev;
	int facts = 0;

	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_build_end(&b);
	add_facts(&b);
	reader = gt_reader_open(gt_build_path(&b), &err);
	cr_assert_not_null(reader);
	gt_reader_on_fact(reader, take_fact, &facts);
	for (int i = 0; i < 3; i++) {
		cr_assert_eq(gt_reader_next(reader, &ev), 1);
		cr_expect_eq(ev.nfacts, i == 2);
		cr_expect_eq(facts, 1, "free facts come before the first event");
	}
	cr_assert_not_null(gt_event_fact(&ev, GT_FACT_Wait));
	cr_expect_eq(gt_event_fact(&ev, GT_FACT_Wait)->field[0].u, GT_PRIM_MUTEX);
	cr_expect_eq(gt_event_fact(&ev, GT_FACT_Wait)->field[1].u, 0x10);
	while (gt_reader_next(reader, &ev) > 0)
		;
	cr_expect_eq(facts, 1);
	gt_reader_close(reader);
	gt_build_free(&b);
}

/* By the end of a generation all of it is done, tables and heads of batches apart. */
Test(reader, it_says_how_much_of_the_file_is_done)
{
	struct gt_builder b = {0};
	uint64_t done, all, before = 0, events = 0, generations;
	struct gt_error err;
	struct gt_reader *reader;

	gt_build_start(&b);
	for (int gen = 1; gen <= 3; gen++) {
		for (int i = 0; i < 1000; i++)
			gt_add_HeapAlloc(&b, 1, 1);
		gt_build_end(&b);
		gt_build_batch(&b, (uint64_t)gen, 1, 5000);
		gt_add_HeapAlloc(&b, 1, 1);
		gt_build_end(&b);
		gt_build_frequency(&b, (uint64_t)gen + 1, 1000000000);
		gt_build_batch(&b, (uint64_t)gen + 1, 1, 1000);
	}
	gt_add_HeapAlloc(&b, 1, 1);
	gt_build_end(&b);
	reader = gt_reader_open(gt_build_path(&b), &err);
	cr_assert_not_null(reader);
	while (gt_reader_check(reader, 1, &events, &generations) > 0) {
		cr_assert(gt_reader_bytes(reader, &done, &all));
		cr_assert(done >= before && done <= all && all == b.len);
		before = done;
	}
	cr_expect_eq(err.code, GT_ERR_NONE, "%s", err.words);
	cr_expect(before > b.len * 9 / 10);
	gt_reader_close(reader);
	gt_build_free(&b);
}

Test(reader, an_event_can_be_passed_over)
{
	struct gt_builder b = {0};
	struct gt_error err;
	struct gt_reader *reader, *other;
	const struct gt_placed_event *placed;
	struct gt_trace_event ev, expected;

	gt_build_start(&b);
	for (uint64_t i = 0; i < 9; i++)
		gt_add_GoStop(&b, i / 3, 0, 0), gt_add_GoStart(&b, 0, 1, 1 + i);
	gt_build_end(&b);
	gt_build_sample(&b, 1, 105, 1, 0);
	reader = gt_reader_open(gt_build_path(&b), &err);
	other = gt_reader_open(gt_build_path(&b), &err);
	for (int i = 0; gt_reader_next(other, &expected) > 0; i++) {
		cr_assert_eq(gt_reader_find(reader, &placed), 1);
		cr_expect_eq(placed != NULL, expected.kind != GT_KIND_SYNC && expected.kind != GT_KIND_STACK_SAMPLE);
		if (i % 2 == 0 && placed != NULL) {
			cr_expect_eq(gt_reader_pass(reader), expected.time);
			continue;
		}
		cr_assert_eq(gt_reader_tell(reader, &ev), 1);
		cr_expect_eq(ev.time, expected.time);
		cr_expect_eq(ev.kind, expected.kind);
	}
	cr_expect_eq(gt_reader_find(reader, &placed), 0);
	cr_expect_eq(gt_reader_find(reader, &placed), 0);
	cr_expect_eq(gt_reader_next(reader, &ev), 0);
	gt_reader_close(reader);
	gt_reader_close(other);
	gt_build_free(&b);
}
