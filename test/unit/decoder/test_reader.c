/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the reader accepts, what it refuses, and that the sound part comes first.
 */
#include "decoder/reader.h"

#include "test/lib/builder.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* Reads the trace: `events` come out of it and then `code`, with `part` in the words. */
static void expect(struct gt_builder *b, int events, enum gt_error_code code, const char *part)
{
	struct gt_error err;
	int n = gt_build_verdict(b, &err);

	cr_expect_eq(n, events, "%d events, not %d", n, events);
	cr_expect_eq(err.code, code, "code %d: %s", err.code, err.words);
	cr_expect(strstr(err.words, part) != NULL, "no '%s' in: %s", part, err.words);
}

Test(reader, a_small_trace_is_sound)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_build_end(&b);
	expect(&b, 3, GT_ERR_NONE, "");
}

Test(reader, version_22_is_known)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_build_end(&b);
	b.bytes[6] = '2';
	expect(&b, 3, GT_ERR_NONE, "");
}

Test(reader, other_versions_are_named)
{
	static const int minors[] = {11, 19, 21, 24, 25, 26};

	for (size_t i = 0; i < sizeof(minors) / sizeof(minors[0]); i++) {
		struct gt_builder b = {0};
		char words[16];

		snprintf(words, sizeof(words), "go 1.%d;", minors[i]);
		gt_build_header(&b, minors[i]);
		expect(&b, 0, GT_ERR_VERSION, words);
	}
}

Test(reader, files_that_are_no_traces)
{
	struct gt_builder empty = {0}, text = {0}, header = {0};

	expect(&empty, 0, GT_ERR_HEADER, "empty");
	gt_build_bytes(&text, "#!/bin/sh\nexit 0\n", 17);
	expect(&text, 0, GT_ERR_HEADER, "not a trace");
	gt_build_header(&header, 23);
	expect(&header, 0, GT_ERR_FORMAT, "no batches");
}

Test(reader, a_missing_file_is_named)
{
	struct gt_error err;

	cr_expect_null(gt_reader_open("/nonexistent/trace", &err));
	cr_expect_eq(err.code, GT_ERR_IO);
	cr_expect(strstr(err.words, "/nonexistent/trace") != NULL);
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
	expect(&b, 3, GT_ERR_TRUNCATED, "1 of 2 bytes");
}

Test(reader, two_frequencies)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_build_end(&b);
	gt_build_frequency(&b, 1, 1000);
	expect(&b, 0, GT_ERR_FORMAT, "two frequencies");
}

Test(reader, no_frequency)
{
	struct gt_builder b = {0};

	gt_build_header(&b, 23);
	gt_build_batch(&b, 1, 1, 1);
	gt_add_ProcStatus(&b, 1, 0, GT_P_Running);
	gt_build_end(&b);
	expect(&b, 0, GT_ERR_FORMAT, "no frequency");
}

Test(reader, a_gap_in_generations)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_build_end(&b);
	gt_build_frequency(&b, 3, 1000);
	expect(&b, 0, GT_ERR_FORMAT, "generation 3 follows generation 1");
}

Test(reader, a_generation_without_events)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_build_end(&b);
	gt_build_frequency(&b, 2, 1000);
	expect(&b, 3, GT_ERR_FORMAT, "without events");
}

Test(reader, generation_0)
{
	struct gt_builder b = {0};

	gt_build_header(&b, 23);
	gt_build_frequency(&b, 0, 1000);
	expect(&b, 0, GT_ERR_FORMAT, "generation 0");
}

/* A batch of `size` zero bytes behind a sound generation. Zero is no event. */
static void oversized(struct gt_builder *b, size_t size)
{
	static const uint8_t zeros[65537];

	gt_build_start(b);
	gt_build_end(b);
	gt_build_experiment(b, 1, 1, GT_NONE);
	gt_build_bytes(b, zeros, size);
	gt_build_end(b);
}

Test(reader, the_largest_payload)
{
	struct gt_builder b = {0};

	oversized(&b, 65536);
	expect(&b, 3, GT_ERR_NONE, "");
	oversized(&b, 65537);
	expect(&b, 3, GT_ERR_FORMAT, "65537");
}

Test(reader, the_longest_string)
{
	static const char text[1025];
	struct gt_builder b = {0};

	for (int len = 1024; len <= 1025; len++) {
		gt_build_start(&b);
		gt_build_end(&b);
		gt_build_string(&b, 1, 7, text, (size_t)len);
		expect(&b, len == 1024 ? 3 : 0, len == 1024 ? GT_ERR_NONE : GT_ERR_FORMAT,
		       len == 1024 ? "" : "1025");
	}
}

Test(reader, a_string_said_twice)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_build_end(&b);
	gt_build_string(&b, 1, 7, "x", 1);
	gt_build_string(&b, 1, 7, "x", 1);
	expect(&b, 0, GT_ERR_FORMAT, "string 7 is said twice");
}

Test(reader, the_deepest_stack)
{
	struct gt_builder b = {0};

	for (uint64_t n = 128; n <= 129; n++) {
		gt_build_start(&b);
		gt_build_end(&b);
		gt_build_stack(&b, 1, 1, 0x1000, n);
		expect(&b, n == 128 ? 3 : 0, n == 128 ? GT_ERR_NONE : GT_ERR_FORMAT,
		       n == 128 ? "" : "129");
	}
}

Test(reader, ids_that_are_not_there)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 9, 0);
	gt_build_end(&b);
	expect(&b, 2, GT_ERR_FORMAT, "string 9");
	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 9);
	gt_build_end(&b);
	expect(&b, 2, GT_ERR_FORMAT, "stack 9");
}

Test(reader, numbers_of_ten_and_eleven_bytes)
{
	struct gt_builder b = {0};

	for (int width = 10; width <= 11; width++) {
		gt_build_start(&b);
		gt_build_byte(&b, GT_EV_ProcStop);
		for (int i = 1; i < width; i++)
			gt_build_byte(&b, 0x80);
		gt_build_byte(&b, 0);
		gt_build_end(&b);
		if (width == 10)
			expect(&b, 4, GT_ERR_NONE, "");
		else
			expect(&b, 1, GT_ERR_FORMAT, "ProcStop");
	}
}

Test(reader, numbers_that_are_no_events)
{
	static const int types[] = {0, 1, 49, 53, 127, 137, 255};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct gt_builder b = {0};
		char words[48];

		snprintf(words, sizeof(words), "%d is not the number", types[i]);
		gt_build_start(&b);
		gt_build_byte(&b, types[i]);
		gt_build_end(&b);
		expect(&b, 1, GT_ERR_FORMAT, words);
	}
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

Test(reader, times_increase)
{
	struct gt_builder b = {0};
	struct gt_error err;
	struct gt_reader *reader;
	struct gt_trace_event ev;
	int64_t times[3];

	gt_build_start(&b);
	gt_build_end(&b);
	reader = gt_reader_open(gt_build_path(&b), &err);
	cr_assert_not_null(reader);
	for (int i = 0; i < 3; i++) {
		cr_assert_eq(gt_reader_next(reader, &ev), 1);
		times[i] = ev.time;
	}
	cr_expect_eq(times[0], 101);
	cr_expect_eq(times[1], 102);
	cr_expect_eq(times[2], 103, "Sync is one behind the last event");
	cr_expect_eq(ev.kind, GT_KIND_SYNC);
	gt_reader_close(reader);
	gt_build_free(&b);
}

static void count_fact(void *arg, uint64_t gen, const struct gt_fact_record *fact)
{
	cr_expect_eq(gen, 1);
	cr_expect_eq(fact->number, GT_FACT_Dropped);
	cr_expect_eq(fact->field[1].u, 42);
	++*(int *)arg;
}

/* A free fact, one tied to the third event, one of an unknown number; the tied one stands last. */
static void add_facts(struct gt_builder *b)
{
	gt_build_experiment(b, GT_FACTS_EXPERIMENT, 1, 1);
	gt_build_bytes(b, GT_FACTS_MAGIC, 4);
	gt_build_bytes(b, "\x1f\x02\x01\x01", 4);
	gt_build_byte(b, GT_FACT_Dropped);
	gt_build_bytes(b, "\x02\x00\x2a", 3);
	gt_build_byte(b, GT_FACT_Wait);
	gt_build_bytes(b, "\x03\x02\x01", 3);
	gt_build_byte(b, 0x10);
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
	gt_reader_on_fact(reader, count_fact, &facts);
	for (int i = 0; i < 3; i++) {
		cr_assert_eq(gt_reader_next(reader, &ev), 1);
		cr_expect_eq(ev.nfacts, i == 2);
	}
	cr_assert_not_null(gt_event_fact(&ev, GT_FACT_Wait));
	cr_expect_eq(gt_event_fact(&ev, GT_FACT_Wait)->field[0].u, GT_PRIM_MUTEX);
	cr_expect_eq(gt_event_fact(&ev, GT_FACT_Wait)->field[1].u, 0x10);
	cr_expect_eq(facts, 1);
	gt_reader_close(reader);
	gt_build_free(&b);
}
