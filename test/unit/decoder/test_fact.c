/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Facts out of bytes: what is unknown, too short or lying about its length is passed over, never believed.
 */
#include "decoder/fact.h"

#include "test/lib/builder.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>

static struct gt_builder bytes;
static const uint8_t *at;
static struct gt_fact_record fact;

static void tear_down(void)
{
	gt_build_free(&bytes);
}

TestSuite(fact, .fini = tear_down);

/* A record whose length says the truth. */
static void record(int number, const char *body, size_t len)
{
	gt_build_byte(&bytes, number);
	gt_build_varint(&bytes, len);
	gt_build_bytes(&bytes, body, len);
}

static void start(void)
{
	at = bytes.bytes;
}

static int next(void)
{
	return gt_fact_next(&at, bytes.bytes + bytes.len, &fact);
}

/* There are no more facts, and everything has been read. */
static void no_more(void)
{
	cr_expect_eq(next(), 0);
	cr_expect_eq(at, bytes.bytes + bytes.len);
	cr_expect_eq(next(), 0);
}

Test(fact, ours_have_the_magic_and_the_experiment)
{
	static const uint8_t magic[] = "GTF1x", other[] = "GTF3x";

	cr_expect(gt_fact_is_ours(1, magic, magic + 5));
	cr_expect(gt_fact_is_ours(1, magic, magic + 4));
	cr_expect_not(gt_fact_is_ours(1, magic, magic + 3));
	cr_expect_not(gt_fact_is_ours(1, other, other + 5));
	cr_expect_not(gt_fact_is_ours(2, magic, magic + 5));
	cr_expect_not(gt_fact_is_ours(0, magic, magic + 5));
}

Test(fact, fields_of_every_kind)
{
	static const struct gt_fact_record module = {
		.number = GT_FACT_Module,
		.field = {{.u = UINT64_MAX}, {.u = 0x2000}, {.t = GT_TEXT("ab12")}, {.t = GT_TEXT("/lib/x.so")}}};
	static const struct gt_fact_record result = {
		.number = GT_FACT_SyscallResult, .position = 300, .field = {{.s = -11}}};

	gt_build_fact(&bytes, &module);
	gt_build_fact(&bytes, &result);
	start();
	cr_assert_eq(next(), 1);
	cr_expect_eq(fact.number, GT_FACT_Module);
	cr_expect_eq(fact.position, 0);
	cr_expect_eq(fact.field[0].u, UINT64_MAX);
	cr_expect_eq(fact.field[1].u, 0x2000);
	gt_expect_string(&fact.field[2].t, "ab12");
	gt_expect_string(&fact.field[3].t, "/lib/x.so");
	cr_assert_eq(next(), 1);
	cr_expect_eq(fact.number, GT_FACT_SyscallResult);
	cr_expect_eq(fact.position, 300);
	cr_expect_eq(fact.field[0].s, -11);
	no_more();
}

Test(fact, signed_fields_are_zigzag)
{
	record(GT_FACT_SyscallResult, "\0\1", 2);
	record(GT_FACT_SyscallResult, "\0\2", 2);
	record(GT_FACT_SyscallResult, "\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\1", 11);
	start();
	cr_expect(next() && fact.field[0].s == -1);
	cr_expect(next() && fact.field[0].s == 1);
	cr_expect(next() && fact.field[0].s == INT64_MIN);
}

Test(fact, unknown_numbers_are_skipped)
{
	for (int number = 0; number < 256; number++) {
		if (number >= GT_FACT_NUMBERS || gt_fact_spec[number].name == NULL)
			record(number, "\1\2\3", 3);
	}
	record(GT_FACT_Dropped, "\2\3", 2);
	record(255, "", 0);
	start();
	cr_assert_eq(next(), 1);
	cr_expect_eq(fact.number, GT_FACT_Dropped);
	cr_expect_eq(fact.field[0].u, 2);
	cr_expect_eq(fact.field[1].u, 3);
	no_more();
}

Test(fact, a_record_that_is_too_short_for_its_row_is_skipped)
{
	record(GT_FACT_Wait, "", 0);
	record(GT_FACT_Wait, "\0", 1);
	record(GT_FACT_Wait, "\0\1", 2);
	record(GT_FACT_Wait, "\0\1\x80", 3);
	record(GT_FACT_Dropped, "\1", 1);
	record(GT_FACT_Wait, "\7\1\2", 3);
	start();
	cr_assert_eq(next(), 1);
	cr_expect_eq(fact.position, 7);
	no_more();
}

Test(fact, what_a_newer_row_adds_is_skipped)
{
	record(GT_FACT_Dropped, "\2\3\4\5", 4);
	record(GT_FACT_Dropped, "\6\7", 2);
	start();
	cr_expect(next() && fact.field[0].u == 2 && fact.field[1].u == 3);
	cr_expect(next() && fact.field[0].u == 6 && fact.field[1].u == 7);
	no_more();
}

Test(fact, a_text_that_is_longer_than_its_record_is_not_believed)
{
	record(GT_FACT_ThreadName, "\1\2\4abc", 6);
	record(GT_FACT_ThreadName, "\1\2\xff\xff\xff\xff\xff\xff\xff\xff\xff\1", 12);
	record(GT_FACT_ThreadName, "\1\2\3abc", 6);
	start();
	cr_assert_eq(next(), 1);
	gt_expect_string(&fact.field[2].t, "abc");
	no_more();
}

Test(fact, an_empty_text_at_the_end)
{
	record(GT_FACT_ThreadName, "\1\2\0", 3);
	start();
	cr_assert_eq(next(), 1);
	cr_expect_eq(fact.field[2].t.len, 0);
	no_more();
}

Test(fact, a_record_that_is_longer_than_the_payload_ends_it)
{
	record(GT_FACT_Dropped, "\2\3", 2);
	gt_build_byte(&bytes, GT_FACT_Dropped);
	gt_build_byte(&bytes, 3);
	gt_build_bytes(&bytes, "\2\3", 2);
	start();
	cr_expect_eq(next(), 1);
	no_more();
}

Test(fact, a_length_that_is_cut_off_or_malformed_ends_the_payload)
{
	gt_build_byte(&bytes, GT_FACT_Dropped);
	start();
	no_more();
	gt_build_byte(&bytes, 0x80);
	start();
	no_more();
	gt_build_bytes(&bytes, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 11);
	start();
	no_more();
}

Test(fact, fields_of_a_record_before_are_forgotten)
{
	record(GT_FACT_ThreadName, "\1\2\3abc", 6);
	record(GT_FACT_Dropped, "\1\2", 2);
	start();
	cr_assert(next() && next());
	cr_expect_eq(fact.field[2].u, 0);
	cr_expect_eq(fact.position, 0);
}
