/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The facts of a batch of events: in the order of the events, whatever their order in the file.
 */
#include "decoder/tied.h"

#include "test/lib/decode.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct gt_builder b;
static struct gt_input in;
static struct gt_error err;
static struct gt_arena arena;
static struct gt_batch events;
static struct gt_batch **end = &events.tied;
static struct gt_tied tied;
static struct gt_fact_list list;

static void tear_down(void)
{
	gt_tied_free(&tied);
	free(list.at);
	gt_arena_free(&arena);
	gt_input_close(&in);
	gt_build_free(&b);
}

TestSuite(tied, .fini = tear_down);

static void facts(const struct gt_fact_record *fact, size_t n)
{
	gt_build_facts(&b, 1, 1);
	for (size_t i = 0; i < n; i++)
		gt_build_fact(&b, &fact[i]);
	gt_build_end(&b);
}

/* All batches of the file are tied to `events`. */
static void open_them(bool regular)
{
	gt_error_clear(&err);
	gt_decode_open(&b, &in);
	in.regular = regular;
	while (gt_batch_read(&in, &arena, end, &err) > 0)
		end = &(*end)->tied;
	cr_assert_eq(gt_tied_open(&tied, &events, &in, &err), 0, "%s", err.words);
}

static const struct gt_fact_record *get(uint64_t index, size_t n)
{
	cr_expect(n == 0 || !gt_tied_is_bare(&tied, index));
	cr_assert(gt_tied_get(&tied, index, &list));
	cr_assert_eq(list.n, n, "%zu facts of event %d", list.n, (int)index);
	return list.at;
}

static const struct gt_fact_record mixed[] = {
	{.number = GT_FACT_SleepTime, .position = 7, .field = {{.u = 5}}},
	{.number = GT_FACT_Wait, .position = 7, .field = {{.u = 1}, {.u = 2}}},
	{.number = GT_FACT_Dropped, .field = {{.u = 1}, {.u = 2}}},
	{.number = GT_FACT_Waker, .position = 300, .field = {{.u = 9}}},
	{.number = GT_FACT_SyscallResult, .position = 0, .field = {{.s = -9}}},
};

Test(tied, facts_come_by_position_and_number)
{
	const struct gt_fact_record *got;

	facts(mixed, 5);
	open_them(true);
	got = get(0, 1);
	cr_expect(got[0].number == GT_FACT_SyscallResult && got[0].field[0].s == -9);
	get(1, 0);
	get(6, 0);
	got = get(7, 2);
	cr_expect(got[0].number == GT_FACT_Wait && got[0].field[1].u == 2);
	cr_expect(got[1].number == GT_FACT_SleepTime && got[1].position == 7);
	get(299, 0);
	cr_expect_eq(get(300, 1)->number, GT_FACT_Waker);
	get(301, 0);
}

Test(tied, an_event_may_be_asked_for_again)
{
	facts(mixed, 5);
	open_them(true);
	get(7, 2);
	get(7, 2);
	get(300, 1);
	get(300, 1);
}

Test(tied, what_has_no_facts_is_known_before_it_is_asked_for)
{
	facts(mixed, 5);
	open_them(true);
	cr_expect_not(gt_tied_is_bare(&tied, 0));
	get(0, 1);
	get(7, 2);
	cr_expect_not(gt_tied_is_bare(&tied, 7));
	get(8, 0);
	for (uint64_t i = 8; i < 300; i++)
		cr_expect(gt_tied_is_bare(&tied, i));
	cr_expect_not(gt_tied_is_bare(&tied, 300));
	get(301, 0);
	cr_expect(gt_tied_is_bare(&tied, 65535));
}

Test(tied, newest_first_as_the_recorder_writes)
{
	struct gt_fact_record newest[1000] = {0};

	for (size_t i = 0; i < 1000; i++) {
		newest[i] = (struct gt_fact_record){.number = GT_FACT_Waker, .position = 999 - i};
		newest[i].field[0].u = i;
	}
	facts(newest, 1000);
	open_them(true);
	for (uint64_t i = 0; i < 1000; i++)
		cr_expect_eq(get(i, 1)->field[0].u, 999 - i);
}

Test(tied, equal_ones_keep_the_order_of_the_file)
{
	struct gt_fact_record equal[200] = {0};

	for (size_t i = 0; i < 200; i++) {
		equal[i] = (struct gt_fact_record){.number = GT_FACT_Waker, .position = 3};
		equal[i].field[0].u = i;
	}
	facts(equal, 200);
	open_them(true);
	get(3, 200);
	for (size_t i = 0; i < 200; i++)
		cr_expect_eq(list.at[i].field[0].u, i);
}

Test(tied, several_batches_add_up)
{
	for (int regular = 0; regular <= 1; regular++) {
		events = (struct gt_batch){0};
		end = &events.tied;
		for (uint64_t i = 0; i < 9; i++) {
			struct gt_fact_record one = {.number = GT_FACT_Waker, .position = 8 - i};

			facts(&one, 1);
		}
		open_them(regular != 0);
		for (uint64_t i = 0; i < 9; i++)
			get(i, 1);
		gt_input_close(&in);
		gt_build_free(&b);
	}
}

Test(tied, positions_that_no_event_can_have)
{
	static const struct gt_fact_record high[] = {
		{.number = GT_FACT_Waker, .position = UINT64_MAX},
		{.number = GT_FACT_Waker, .position = 65536},
		{.number = GT_FACT_Waker, .position = 65535},
	};

	facts(high, 3);
	open_them(true);
	get(0, 0);
	get(65535, 1);
	get(65536, 0);
}

Test(tied, a_batch_of_free_facts_ties_nothing)
{
	facts(&mixed[2], 1);
	open_them(true);
	get(0, 0);
}

Test(tied, another_batch_takes_its_place)
{
	struct gt_batch none = {0};

	facts(mixed, 5);
	open_them(true);
	get(300, 1);
	cr_assert_eq(gt_tied_open(&tied, &none, &in, &err), 0);
	cr_expect_eq(tied.of, &none);
	get(300, 0);
	cr_assert_eq(gt_tied_open(&tied, &events, &in, &err), 0);
	get(0, 1);
}
