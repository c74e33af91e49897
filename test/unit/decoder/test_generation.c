/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What belongs to a generation, what a generation must have, and where damage makes it unusable.
 */
#include "decoder/generation.h"

#include "test/lib/decode.h"
#include "test/lib/text.h"
#include "test/lib/verdict.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct gt_generation *gen;
static struct gt_error err;
static struct gt_builder b;

static void tear_down(void)
{
	gt_generation_free(gen);
	gt_build_free(&b);
}

TestSuite(generation, .fini = tear_down);

/* The generation is sound, and so far that is all. */
static void read_it(void)
{
	gt_generation_free(gen);
	gen = gt_decode_generation(&b, &err);
	cr_assert_not_null(gen, "%s", err.words);
	cr_expect_eq(err.code, GT_ERR_NONE);
}

static void unusable(const char *part)
{
	gen = gt_decode_generation(&b, &err);
	cr_expect_null(gen);
	cr_expect_eq(err.code, GT_ERR_FORMAT);
	gt_expect_part(err.words, part);
}

/* An open batch with one event. */
static void one_event(uint64_t number, uint64_t m, uint64_t time)
{
	gt_build_batch(&b, number, m, time);
	gt_add_ProcStatus(&b, 1, m, GT_P_Idle);
	gt_build_end(&b);
}

Test(generation, streams_are_kept_by_thread_in_the_order_of_the_file)
{
	gt_build_header(&b, 23);
	one_event(4, 30, 500);
	gt_build_frequency(&b, 4, 1000000000);
	one_event(4, 20, 300);
	one_event(4, 30, 100);
	read_it();
	cr_expect_eq(gen->gen, 4);
	cr_assert_eq(HASH_COUNT(gen->streams), 2);
	cr_expect_eq(gen->streams->id, 30);
	cr_expect_eq(gen->streams->first->time, 500);
	cr_expect_eq(gen->streams->first->next->time, 100);
	cr_expect_eq(gen->streams->last, gen->streams->first->next);
	cr_expect_null(gen->streams->last->next);
}

Test(generation, tables_may_stand_anywhere)
{
	gt_build_header(&b, 23);
	gt_build_stack(&b, 1, 2, 0x1000, 3);
	gt_build_string(&b, 1, 7, "first", 5);
	one_event(1, 1, 1);
	gt_build_string(&b, 1, 8, "last", 4);
	gt_build_frequency(&b, 1, 1000000000);
	read_it();
	gt_expect_string(gt_table_string(gen->table, 7), "first");
	gt_expect_string(gt_table_string(gen->table, 8), "last");
	cr_expect_eq(gt_table_stack(gen->table, 2)->nframes, 3);
	cr_expect_eq(HASH_COUNT(gen->streams), 1);
}

Test(generation, damage_in_tables_is_named_by_its_place)
{
	uint64_t place;

	gt_build_header(&b, 23);
	gt_build_frequency(&b, 1, 1000000000);
	gt_build_string(&b, 1, 7, "x", 1);
	place = b.len;
	gt_build_string(&b, 1, 7, "x", 1);
	unusable("string 7 is said twice");
	cr_expect_eq(err.offset, place);
	cr_expect_eq(err.gen, 1);
}

Test(generation, the_next_one_takes_its_place)
{
	struct gt_error later;
	struct gt_input in;

	gt_error_clear(&later);
	gt_build_frequency(&b, 1, 1000000000);
	gt_build_string(&b, 1, 7, "first", 5);
	gt_build_frequency(&b, 2, 500000000);
	one_event(2, 1, 1);
	gt_decode_open(&b, &in);
	gen = gt_generation_new();
	cr_assert_not_null(gen);
	cr_assert_eq(gt_generation_read(gen, &in, &err, &later), 1);
	cr_expect_eq(gen->gen, 1);
	cr_assert_not_null(gen->spill);
	cr_expect_eq(gen->spill->gen, 2);
	cr_assert_eq(gt_generation_read(gen, &in, &err, &later), 1);
	cr_expect_null(gen->spill);
	cr_expect_eq(gen->gen, 2);
	cr_expect_eq(gen->ns, 2.0);
	cr_expect_eq(HASH_COUNT(gen->streams), 1);
	cr_expect_null(gt_table_string(gen->table, 7));
	gt_input_close(&in);
}

/* The same whether payloads stay in the file or not. */
Test(generation, what_opens_the_next_one_keeps_its_payload)
{
	for (int regular = 0; regular <= 1; regular++) {
		struct gt_room room = {0};
		struct gt_error later;
		struct gt_input in;
		const uint8_t *data;

		gt_error_clear(&later);
		gt_build_frequency(&b, 1, 1000000000);
		one_event(2, 5, 1);
		gt_build_frequency(&b, 2, 1000000000);
		gt_decode_open(&b, &in);
		in.regular = regular != 0;
		gen = gt_generation_new();
		cr_assert_eq(gt_generation_read(gen, &in, &err, &later), 1);
		cr_assert_eq(gt_generation_read(gen, &in, &err, &later), 1);
		cr_assert_eq(HASH_COUNT(gen->streams), 1);
		cr_expect_eq(gen->streams->id, 5);
		data = gt_batch_payload(gen->streams->first, &in, &room, &err);
		cr_assert_not_null(data);
		cr_expect_eq(data[0], GT_EV_ProcStatus);
		free(room.bytes);
		gt_generation_free(gen);
		gt_input_close(&in);
		gt_build_free(&b);
	}
	gen = NULL;
}

Test(generation, damage_behind_a_usable_one_is_kept_for_later)
{
	struct gt_error later;
	struct gt_input in;

	gt_error_clear(&later);
	gt_build_frequency(&b, 1, 1000000000);
	gt_build_byte(&b, 99);
	gt_decode_open(&b, &in);
	gen = gt_generation_new();
	cr_assert_eq(gt_generation_read(gen, &in, &err, &later), 1);
	cr_expect_eq(err.code, GT_ERR_NONE);
	cr_expect_eq(later.code, GT_ERR_FORMAT);
	gt_expect_part(later.words, "byte 99");
	gt_input_close(&in);
}

Test(generation, damage_before_the_clock_makes_it_unusable)
{
	gt_build_header(&b, 23);
	one_event(1, 1, 1);
	gt_build_byte(&b, 99);
	unusable("byte 99");
}

Test(generation, damage_at_the_very_beginning)
{
	gt_build_header(&b, 23);
	gt_build_byte(&b, 99);
	unusable("byte 99");
	gt_build_header(&b, 23);
	unusable("the trace has no batches");
}

Test(generation, the_first_may_have_any_number_but_0)
{
	gt_build_header(&b, 23);
	gt_build_frequency(&b, UINT64_MAX, 1000);
	read_it();
	cr_expect_eq(gen->gen, UINT64_MAX);
	gt_generation_free(gen);
	gt_build_header(&b, 23);
	gt_build_frequency(&b, 0, 1000);
	unusable("a batch of generation 0");
}

Test(generation, numbers_go_up_by_one)
{
	gt_build_header(&b, 23);
	gt_build_frequency(&b, 4, 1000);
	gt_build_frequency(&b, 6, 1000);
	unusable("generation 6 follows generation 4");
	gt_build_header(&b, 23);
	gt_build_frequency(&b, 4, 1000);
	gt_build_frequency(&b, 3, 1000);
	unusable("generation 3 follows generation 4");
	gt_build_header(&b, 23);
	gt_build_frequency(&b, UINT64_MAX, 1000);
	gt_build_frequency(&b, 0, 1000);
	unusable("a batch of generation 0");
}

Test(generation, an_older_one_does_not_come_back)
{
	gt_build_start(&b);
	gt_build_second(&b);
	gt_add_HeapAlloc(&b, 1, 1);
	gt_build_end(&b);
	gt_build_frequency(&b, 1, 1000);
	gt_expect(&b, 3, GT_ERR_FORMAT, "generation 1 follows generation 2");
}

Test(generation, one_frequency)
{
	gt_build_header(&b, 23);
	gt_build_frequency(&b, 1, 1000);
	one_event(1, 1, 1);
	gt_build_frequency(&b, 1, 1000);
	unusable("two frequencies in generation 1");
	gt_build_header(&b, 23);
	one_event(1, 1, 1);
	unusable("no frequency in a generation");
}

Test(generation, a_frequency_is_a_number)
{
	gt_build_header(&b, 23);
	gt_build_batch(&b, 1, 1, 1);
	gt_build_byte(&b, GT_FR_Frequency);
	gt_build_end(&b);
	unusable("the frequency is malformed");
}

Test(generation, clock_units_become_nanoseconds)
{
	gt_build_header(&b, 23);
	gt_build_frequency(&b, 1, 15625000);
	read_it();
	cr_expect_eq(gt_generation_ns(gen, 0), 0);
	cr_expect_eq(gt_generation_ns(gen, 3), 192);
	gt_build_header(&b, 23);
	gt_build_frequency(&b, 1, 2500000000);
	read_it();
	cr_expect_eq(gt_generation_ns(gen, 7), 2, "2.8 is cut off");
	gt_build_header(&b, 23);
	gt_build_frequency(&b, 1, 1000000000);
	read_it();
	cr_expect_eq(gt_generation_ns(gen, 1234567890123), 1234567890123);
	cr_expect_eq(gt_generation_ns(gen, UINT64_MAX), INT64_MIN);
	cr_expect_eq(gt_generation_ns(gen, (1ull << 53) + 1), 1ll << 53, "a double does not hold it");
	gt_build_header(&b, 23);
	gt_build_frequency(&b, 1, 0);
	read_it();
	cr_expect_eq(gt_generation_ns(gen, 0), INT64_MIN);
}

Test(generation, a_generation_without_events_is_unusable_for_the_reader)
{
	gt_build_start(&b);
	gt_build_end(&b);
	gt_build_frequency(&b, 2, 1000);
	gt_expect(&b, 3, GT_ERR_FORMAT, "a generation without events");
}

Test(generation, samples_are_sorted_by_time)
{
	gt_build_header(&b, 23);
	gt_build_frequency(&b, 1, 500000000);
	gt_build_stack(&b, 1, 3, 0x1000, 1);
	gt_build_sample(&b, 1, 900, 7, 3);
	gt_build_sample(&b, 1, 200, 0, 0);
	gt_build_sample(&b, 1, 500, 8, 3);
	read_it();
	cr_assert_eq(gen->nsamples, 3);
	cr_expect(gen->samples[0].time == 400 && gen->samples[0].g == -1);
	cr_expect(gen->samples[1].time == 1000 && gen->samples[1].g == 8);
	cr_expect(gen->samples[2].time == 1800 && gen->samples[2].g == 7);
	cr_expect(gen->samples[2].m == 5 && gen->samples[2].p == -1 && gen->samples[2].stack == 3);
}

Test(generation, samples_that_are_damaged)
{
	gt_build_header(&b, 23);
	gt_build_frequency(&b, 1, 1000);
	gt_build_sample(&b, 1, 900, 7, 3);
	unusable("a sample names stack 3, which is not there");
	gt_build_header(&b, 23);
	gt_build_batch(&b, 1, GT_NONE, 0);
	gt_build_bytes(&b, "\6\7\1\1\1\1", 6);
	gt_build_end(&b);
	unusable("a sample is cut off or malformed");
	gt_build_header(&b, 23);
	gt_build_batch(&b, 1, GT_NONE, 0);
	gt_build_bytes(&b, "\6\5", 2);
	gt_build_end(&b);
	unusable("a record of type 5 among samples");
}
