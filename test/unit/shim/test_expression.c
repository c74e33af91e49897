/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Expressions of compilers and linkers come to the place that they mean; others come to nothing.
 */
#include "shim/expression.h"

#include <criterion/criterion.h>
#include <string.h>

static uint8_t text[32];
static struct dl_find_object object = {.dlfo_map_start = text, .dlfo_map_end = text + sizeof(text)};
static struct gt_frame_entry frame = {.object = &object, .pc = 0x1005};
static struct gt_rule rule;
static struct gt_value result;

static bool evaluate(const char *bytes, size_t len, const struct gt_value *first)
{
	struct gt_evaluation e = {.frame = &frame, .rule = &rule};

	memset(&rule, 0, sizeof(rule));
	text[0] = (uint8_t)len;
	memcpy(text + 1, bytes, len);
	return gt_evaluate(&e, text, first, &result);
}

#define EVALUATE(bytes) evaluate(bytes, sizeof(bytes) - 1, NULL)

Test(expression, a_register_and_an_offset)
{
	cr_assert(EVALUATE("\x77\x08"));
	cr_assert(result.base == GT_BASE_SP && result.offset == 8);
	cr_assert(EVALUATE("\x76\x70"));
	cr_assert(result.base == GT_BASE_FP && result.offset == -16);
	cr_assert_not(EVALUATE("\x73\x00"), "rbx");
}

/* What linkers write for the table of imported functions: eleven bytes into a row something has been pushed. */
Test(expression, where_it_is_in_the_table_of_imports)
{
	static const char plt[] = "\x77\x08\x80\x00\x3f\x1a\x3b\x2a\x33\x24\x22";

	cr_assert(EVALUATE(plt));
	cr_assert(result.base == GT_BASE_SP && result.offset == 8);
	frame.pc = 0x100b;
	cr_assert(EVALUATE(plt));
	cr_assert_eq(result.offset, 16);
}

Test(expression, one_word_may_be_loaded)
{
	cr_assert(EVALUATE("\x76\x78\x06"));
	cr_assert(result.base == GT_BASE_LOAD && result.offset == 0);
	cr_assert(rule.load.base == GT_BASE_FP && rule.load.offset == -8);
	cr_assert(EVALUATE("\x76\x78\x06\x23\x10"));
	cr_assert(result.base == GT_BASE_LOAD && result.offset == 16);
	cr_assert_not(EVALUATE("\x76\x78\x06\x06"), "a word that a loaded one points to");
	cr_assert_not(EVALUATE("\x30\x06"), "at a number");
}

Test(expression, another_word_spoils_nothing)
{
	cr_assert_not(EVALUATE("\x76\x78\x06\x77\x10\x06"));
	cr_assert(rule.load.base == GT_BASE_FP && rule.load.offset == -8);
	cr_assert_not(EVALUATE("\x76\x78\x06\x06"));
	cr_assert(rule.load.base == GT_BASE_FP && rule.load.offset == -8);
}

Test(expression, begins_with_the_address_of_the_frame)
{
	struct gt_value cfa = {GT_BASE_SP, 32};

	cr_assert(evaluate("\x38\x1c", 2, &cfa));
	cr_assert(result.base == GT_BASE_SP && result.offset == 24);
}

Test(expression, what_makes_no_sense_comes_to_nothing)
{
	cr_assert_not(EVALUATE(""));
	cr_assert_not(EVALUATE("\x22"), "nothing to add");
	cr_assert_not(EVALUATE("\x77\x00\x77\x00\x22"), "two places");
	cr_assert_not(EVALUATE("\x77\x00\x31\x1a"), "a place, and a number");
	cr_assert_not(EVALUATE("\x0b\x01"), "a number that is cut");
	cr_assert_not(EVALUATE("\xff"), "no operation");
	cr_assert_not(EVALUATE("\x30\x30\x30\x30\x30\x30\x30\x30\x30"), "more than there is room for");
}

Test(expression, a_number_or_what_is_far_is_no_place)
{
	struct gt_place place;

	cr_assert(gt_as_place((struct gt_value){GT_BASE_FP, -8}, &place));
	cr_assert(place.base == GT_BASE_FP && place.offset == -8);
	cr_assert_not(gt_as_place((struct gt_value){GT_BASE_NUMBER, 8}, &place));
	cr_assert_not(gt_as_place((struct gt_value){GT_BASE_SP, INT64_C(1) << 40}, &place));
}
