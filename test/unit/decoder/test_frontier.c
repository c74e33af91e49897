/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The choice among the threads: by time, equal times in the order of the file, and later ones when the earliest has to
 * wait. Also how events are cut out of batches.
 */
#include "decoder/frontier.h"

#include "test/lib/decode.h"
#include "test/lib/text.h"
#include "test/lib/verdict.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct gt_builder b;
static struct gt_generation *gen;
static struct gt_order *order;
static struct gt_frontier frontier;
static struct gt_error err;

static void tear_down(void)
{
	gt_frontier_close(&frontier);
	gt_order_free(order);
	gt_generation_free(gen);
	gt_build_free(&b);
}

TestSuite(frontier, .fini = tear_down);

static void start(uint64_t frequency)
{
	gt_build_header(&b, 23);
	gt_build_frequency(&b, 1, frequency);
}

/* Ends the open batch and opens a frontier on all. */
static int open_all(void)
{
	gt_build_end(&b);
	gen = gt_decode_generation(&b, &err);
	cr_assert_not_null(gen, "%s", err.words);
	order = gt_order_new();
	return gt_frontier_open(&frontier, gen, &err);
}

/* Lets the next event happen. */
static const struct gt_placed_event *next(void)
{
	const struct gt_placed_event *ev;

	cr_assert(frontier.n > 0);
	cr_assert_eq(gt_frontier_advance(&frontier, order, &err), 0, "%s", err.words);
	ev = gt_order_take(order);
	cr_assert_not_null(ev);
	return ev;
}

static void happens(int64_t m, int64_t time)
{
	const struct gt_placed_event *ev = next();

	cr_expect(ev->m == m && ev->raw.time == time, "M %d at %d, not M %d at %d", (int)ev->m, (int)ev->raw.time,
		  (int)m, (int)time);
}

Test(frontier, times_add_up_from_the_base_of_each_batch)
{
	start(1000000000);
	gt_build_batch(&b, 1, 1, 500);
	gt_add_Span(&b, 1, 0, 0, 0);
	gt_add_Span(&b, 0, 0, 0, 0);
	gt_add_Span(&b, 10, 0, 0, 0);
	gt_build_other(&b, 1, 300);
	gt_add_Span(&b, 2, 0, 0, 0);
	cr_assert_eq(open_all(), 0);
	happens(1, 501);
	happens(1, 501);
	happens(1, 511);
	happens(1, 302);
	cr_expect_eq(frontier.n, 0);
}

Test(frontier, every_difference_is_cut_off_by_itself)
{
	start(2500000000);
	gt_build_batch(&b, 1, 1, 4);
	gt_add_Span(&b, 4, 0, 0, 0);
	gt_add_Span(&b, 4, 0, 0, 0);
	gt_add_Span(&b, 4, 0, 0, 0);
	cr_assert_eq(open_all(), 0);
	happens(1, 2);
	happens(1, 3);
	happens(1, 4);
}

Test(frontier, the_earliest_thread_is_first)
{
	static const uint64_t times[] = {50, 20, 90, 10, 70, 30, 80, 60, 40};

	start(1000000000);
	gt_build_batch(&b, 1, 100, 1000);
	gt_add_Span(&b, 0, 0, 0, 0);
	for (uint64_t i = 0; i < 9; i++) {
		gt_build_other(&b, i, times[i]);
		gt_add_Span(&b, 0, 0, 0, 0);
		gt_add_Span(&b, 95, 0, 0, 0);
	}
	cr_assert_eq(open_all(), 0);
	cr_expect_eq(frontier.n, 10);
	for (int64_t i = 1; i <= 18; i++)
		cr_expect_eq(next()->raw.time, i <= 9 ? 10 * i : 10 * (i - 9) + 95);
	happens(100, 1000);
	cr_expect_eq(frontier.n, 0);
}

Test(frontier, equal_times_keep_the_order_of_the_file)
{
	start(1000000000);
	gt_build_batch(&b, 1, 9, 100);
	gt_add_Span(&b, 0, 0, 0, 0);
	gt_build_other(&b, 3, 100);
	gt_add_Span(&b, 0, 0, 0, 0);
	cr_assert_eq(open_all(), 0);
	happens(9, 100);
	happens(3, 100);
}

Test(frontier, a_later_thread_goes_on_when_the_earliest_must_wait)
{
	start(1000000000);
	gt_build_batch(&b, 1, 1, 100);
	gt_add_GoUnblock(&b, 0, 5, 1, 0);
	gt_add_Span(&b, 1, 0, 0, 0);
	gt_build_other(&b, 2, 500);
	gt_add_Span(&b, 0, 0, 0, 0);
	gt_build_other(&b, 3, 200);
	gt_add_GoUnblock(&b, 0, 5, 2, 0);
	gt_build_other(&b, 4, 400);
	gt_add_GoStatus(&b, 0, 5, GT_NONE, GT_G_Waiting);
	gt_add_Span(&b, 1, 0, 0, 0);
	cr_assert_eq(open_all(), 0);
	happens(4, 400);
	happens(1, 100);
	happens(1, 101);
	happens(4, 401);
	happens(2, 500);
	cr_expect_eq(gt_frontier_advance(&frontier, order, &err), -1);
	cr_expect_str_eq(err.words, "no event of 1 threads can be next; GoUnblock of thread 3 is the earliest");
	cr_expect(err.m == 3 && err.index == 0 && err.gen == 1 && err.offset != 0);
}

Test(frontier, the_earliest_of_the_later_threads_goes_on)
{
	start(1000000000);
	gt_build_batch(&b, 1, 1, 100);
	gt_add_GoUnblock(&b, 0, 5, 1, 0);
	for (uint64_t m = 2; m <= 7; m++) {
		gt_build_other(&b, m, 900 - 100 * m);
		gt_add_Span(&b, 0, 0, 0, 0);
	}
	cr_assert_eq(open_all(), 0);
	for (int64_t m = 7; m >= 2; m--)
		happens(m, 900 - 100 * m);
	cr_expect_eq(gt_frontier_advance(&frontier, order, &err), -1);
}

Test(frontier, the_earliest_of_those_that_wait_is_named)
{
	start(1000000000);
	gt_build_batch(&b, 1, 7, 900);
	gt_add_GoUnblock(&b, 0, 5, 1, 0);
	gt_build_other(&b, 8, 100);
	gt_add_GoUnblock(&b, 0, 5, 1, 0);
	cr_assert_eq(open_all(), 0);
	cr_expect_eq(gt_frontier_advance(&frontier, order, &err), -1);
	gt_expect_part(err.words, "no event of 2 threads can be next; GoUnblock of thread 8");
}

Test(frontier, a_broken_event_is_named_by_its_place)
{
	start(1000000000);
	gt_build_batch(&b, 1, 7, 900);
	gt_add_Span(&b, 0, 0, 0, 0);
	gt_add_HeapAlloc(&b, 0, 1);
	cr_assert_eq(open_all(), 0);
	happens(7, 900);
	cr_expect_eq(gt_frontier_advance(&frontier, order, &err), -1);
	cr_expect_eq(err.code, GT_ERR_ORDER);
	cr_expect(err.m == 7 && err.index == 1 && err.gen == 1);
	cr_expect_eq(err.offset, gen->streams->first->offset);
}

Test(frontier, empty_batches_are_passed_over)
{
	start(1000000000);
	gt_build_batch(&b, 1, 1, 10);
	gt_build_other(&b, 1, 20);
	gt_add_Span(&b, 0, 0, 0, 0);
	gt_build_other(&b, 1, 30);
	gt_build_other(&b, 2, 5);
	cr_assert_eq(open_all(), 0);
	cr_expect_eq(frontier.n, 1);
	happens(1, 20);
	cr_expect_eq(frontier.n, 0);
}

Test(frontier, arguments_come_as_they_were_written)
{
	const struct gt_placed_event *ev;

	start(1000000000);
	gt_build_batch(&b, 1, 1, 10);
	gt_add_Span(&b, 0, 1, UINT64_MAX, 300);
	gt_add_SpanFree(&b, 0, 7);
	cr_assert_eq(open_all(), 0);
	ev = next();
	cr_expect_eq(ev->raw.type, GT_EV_Span);
	cr_expect(ev->raw.args[0] == 1 && ev->raw.args[1] == UINT64_MAX && ev->raw.args[2] == 300);
	ev = next();
	cr_expect(ev->raw.args[0] == 7 && ev->raw.args[1] == 0 && ev->raw.args[2] == 0);
}

Test(frontier, facts_come_with_the_event_of_their_position)
{
	static const struct gt_fact_record facts[] = {
		{.number = GT_FACT_Waker, .position = 2, .field = {{.u = 5}}},
		{.number = GT_FACT_SleepTime, .position = 2, .field = {{.u = 6}}},
		{.number = GT_FACT_Waker, .position = 9, .field = {{.u = 7}}},
		{.number = GT_FACT_SleepTime, .position = 0, .field = {{.u = 8}}},
	};

	start(1000000000);
	gt_build_batch(&b, 1, 1, 10);
	for (int i = 0; i < 4; i++)
		gt_add_Span(&b, 1, 0, 0, 0);
	gt_build_end(&b);
	gt_build_facts(&b, 1, 1);
	for (int i = 0; i < 4; i++)
		gt_build_fact(&b, &facts[i]);
	gt_build_other(&b, 1, 100);
	gt_add_Span(&b, 1, 0, 0, 0);
	cr_assert_eq(open_all(), 0);
	for (int i = 0; i < 5; i++) {
		const struct gt_placed_event *ev = next();

		cr_assert_eq(ev->raw.nfacts, i == 0 ? 1 : i == 2 ? 2 : 0, "event %d", i);
		if (i == 0)
			cr_expect_eq(ev->raw.facts->field[0].u, 8);
		if (i == 2)
			cr_expect_eq(ev->raw.facts->field[0].u, 5);
	}
}

Test(frontier, damage_in_the_first_event_is_found_at_once)
{
	start(1000000000);
	gt_build_batch(&b, 1, 4, 10);
	gt_build_byte(&b, 200);
	cr_expect_eq(open_all(), -1);
	cr_expect_eq(err.code, GT_ERR_FORMAT);
	cr_expect_str_eq(err.words, "200 is not the number of an event");
	cr_expect(err.m == 4 && err.index == 0 && err.gen == 1);
}

Test(frontier, numbers_that_are_no_events)
{
	static const int types[] = {0, 1, 49, 53, 127, 137, 255};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		char words[48];

		snprintf(words, sizeof(words), "%d is not the number of an event", types[i]);
		gt_build_start(&b);
		gt_build_byte(&b, types[i]);
		gt_build_end(&b);
		gt_expect(&b, 1, GT_ERR_FORMAT, words);
	}
}

Test(frontier, numbers_of_ten_and_eleven_bytes)
{
	for (int width = 10; width <= 11; width++) {
		gt_build_start(&b);
		gt_build_byte(&b, GT_EV_ProcStop);
		for (int i = 1; i < width; i++)
			gt_build_byte(&b, 0x80);
		gt_build_byte(&b, 0);
		gt_build_end(&b);
		if (width == 10)
			gt_expect(&b, 4, GT_ERR_NONE, "");
		else
			gt_expect(&b, 1, GT_ERR_FORMAT, "ProcStop: a number is cut off");
	}
}

Test(frontier, an_event_that_its_batch_cuts_off)
{
	gt_build_start(&b);
	gt_build_bytes(&b, "\x10\1\2", 3);
	gt_build_end(&b);
	gt_expect(&b, 1, GT_ERR_FORMAT, "GoStart: a number is cut off or malformed");
}
