/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Strings and stacks by id: limits, ids said twice, ids that are missing, and records that are cut off.
 */
#include "decoder/table.h"

#include "test/lib/text.h"
#include "test/lib/verdict.h"

#include <criterion/criterion.h>

static struct gt_table *table;
static struct gt_error err;
static struct gt_builder records;

static void set_up(void)
{
	gt_error_clear(&err);
	table = gt_table_new();
	cr_assert_not_null(table);
}

static void tear_down(void)
{
	gt_table_free(table);
	gt_build_free(&records);
}

TestSuite(table, .init = set_up, .fini = tear_down);

static void string(uint64_t id, const char *text, uint64_t len)
{
	gt_build_byte(&records, GT_FR_String);
	gt_build_varint(&records, id);
	gt_build_varint(&records, len);
	gt_build_bytes(&records, text, len);
}

static void stack(uint64_t id, uint64_t frames)
{
	gt_build_byte(&records, GT_FR_Stack);
	gt_build_varint(&records, id);
	gt_build_varint(&records, frames);
}

static void frame(uint64_t pc, uint64_t func, uint64_t file, uint64_t line)
{
	gt_build_varint(&records, pc);
	gt_build_varint(&records, func);
	gt_build_varint(&records, file);
	gt_build_varint(&records, line);
}

static int add_strings(void)
{
	int r = gt_table_add_strings(table, records.bytes, records.bytes + records.len, &err);

	records.len = 0;
	return r;
}

static int add_stacks(void)
{
	int r = gt_table_add_stacks(table, records.bytes, records.bytes + records.len, &err);

	records.len = 0;
	return r;
}

/* It is damage of the format, with these words. */
static void refused(int r, const char *words)
{
	cr_expect_eq(r, -1);
	cr_expect_eq(err.code, GT_ERR_FORMAT);
	cr_expect_str_eq(err.words, words);
}

Test(table, strings_are_found_by_id)
{
	string(7, "seven", 5);
	string(UINT64_MAX, "\0x", 2);
	cr_assert_eq(add_strings(), 0);
	string(3, "seven", 5);
	string(4, "", 0);
	cr_assert_eq(add_strings(), 0);
	gt_expect_string(gt_table_string(table, 7), "seven");
	gt_expect_string(gt_table_string(table, 3), "seven");
	gt_expect_string(gt_table_string(table, 4), "");
	cr_assert_not_null(gt_table_string(table, UINT64_MAX));
	cr_expect_eq(gt_table_string(table, UINT64_MAX)->len, 2);
	cr_expect_null(gt_table_string(table, 5));
}

Test(table, id_0_is_the_empty_string_and_the_empty_stack)
{
	gt_expect_string(gt_table_string(table, 0), "");
	cr_assert_not_null(gt_table_stack(table, 0));
	cr_expect_eq(gt_table_stack(table, 0)->nframes, 0);
	cr_expect_eq(gt_table_stack(table, 0)->id, 0);
}

Test(table, many_strings_stay_where_they_are)
{
	const struct gt_string *first;
	char text[1024] = {0};

	string(1, "first", 5);
	cr_assert_eq(add_strings(), 0);
	first = gt_table_string(table, 1);
	for (uint64_t id = 2; id < 500; id++)
		string(id, text, sizeof(text));
	cr_assert_eq(add_strings(), 0);
	cr_expect_eq(gt_table_string(table, 1), first);
	gt_expect_string(first, "first");
	cr_expect_eq(gt_table_string(table, 499)->len, 1024);
}

Test(table, an_id_is_said_once)
{
	string(7, "x", 1);
	string(7, "x", 1);
	refused(add_strings(), "string 7 is said twice");
	gt_error_clear(&err);
	stack(9, 0);
	cr_assert_eq(add_stacks(), 0);
	stack(9, 0);
	refused(add_stacks(), "stack 9 is said twice");
}

Test(table, id_0_is_never_said)
{
	string(0, "", 0);
	refused(add_strings(), "string 0 is said twice");
	gt_error_clear(&err);
	stack(0, 0);
	refused(add_stacks(), "stack 0 is said twice");
}

Test(table, the_longest_string)
{
	static const char text[1025];

	string(7, text, 1024);
	cr_expect_eq(add_strings(), 0);
	string(8, text, 1025);
	refused(add_strings(), "a string of 1025 bytes, 1024 are allowed");
}

Test(table, the_deepest_stack)
{
	for (uint64_t n = 128; n <= 129; n++) {
		stack(n, n);
		for (uint64_t i = 0; i < n; i++)
			frame(0x1000 + i, 0, 0, i);
		if (n == 128)
			cr_expect_eq(add_stacks(), 0);
	}
	refused(add_stacks(), "a stack of 129 frames, 128 are allowed");
}

Test(table, other_records)
{
	gt_build_byte(&records, GT_FR_Stack);
	refused(add_strings(), "a record of type 3 among strings");
	gt_error_clear(&err);
	gt_build_byte(&records, GT_FR_String);
	refused(add_stacks(), "a record of type 5 among stacks");
}

Test(table, no_records_are_no_harm)
{
	static const uint8_t nothing[1];

	cr_expect_eq(gt_table_add_strings(table, nothing, nothing, &err), 0);
	cr_expect_eq(gt_table_add_stacks(table, nothing, nothing, &err), 0);
	cr_expect_eq(gt_table_resolve(table, &err), 0);
}

Test(table, a_string_that_is_cut_off)
{
	for (size_t cut = 1; cut <= 6; cut++) {
		string(7, "text", 4);
		records.len -= cut;
		refused(add_strings(), "a string is cut off or malformed");
		gt_error_clear(&err);
		cr_expect_null(gt_table_string(table, 7));
	}
}

Test(table, a_stack_that_is_cut_off)
{
	for (size_t cut = 1; cut <= 6; cut++) {
		stack(7, 1);
		frame(1, 0, 0, 9);
		records.len -= cut;
		refused(add_stacks(), "a stack is cut off or malformed");
		gt_error_clear(&err);
		cr_expect_null(gt_table_stack(table, 7));
	}
}

Test(table, frames_are_tied_to_their_strings)
{
	const struct gt_stack *found;

	stack(2, 2);
	frame(0x10, 5, 6, 70);
	frame(0x20, 6, 0, 80);
	cr_assert_eq(add_stacks(), 0);
	string(5, "leaf", 4);
	string(6, "root", 4);
	cr_assert_eq(add_strings(), 0);
	cr_assert_eq(gt_table_resolve(table, &err), 0);
	found = gt_table_stack(table, 2);
	cr_assert(found != NULL && found->nframes == 2 && found->id == 2);
	cr_expect_eq(found->frames[0]->pc, 0x10);
	cr_expect_eq(found->frames[0]->line, 70);
	gt_expect_string(found->frames[0]->func, "leaf");
	gt_expect_string(found->frames[0]->file, "root");
	gt_expect_string(found->frames[1]->func, "root");
	gt_expect_string(found->frames[1]->file, "");
	cr_expect_null(gt_table_stack(table, 3));
}

Test(table, the_first_frame_of_a_pc_counts)
{
	stack(1, 1);
	frame(0x10, 0, 0, 70);
	stack(2, 2);
	frame(0x10, 44, 44, 71);
	frame(0x11, 0, 0, 72);
	cr_assert_eq(add_stacks(), 0);
	cr_assert_eq(gt_table_resolve(table, &err), 0, "string 44 does not count");
	cr_expect_eq(gt_table_stack(table, 2)->frames[0]->line, 70);
	cr_expect_eq(gt_table_stack(table, 2)->frames[1]->line, 72);
}

Test(table, frames_with_strings_that_are_not_there)
{
	stack(1, 1);
	frame(0x10, 44, 0, 70);
	cr_assert_eq(add_stacks(), 0);
	refused(gt_table_resolve(table, &err), "a frame names string 44, which is not there");
	gt_error_clear(&err);
	string(44, "x", 1);
	cr_assert_eq(add_strings(), 0);
	stack(2, 1);
	frame(0x20, 44, 45, 70);
	cr_assert_eq(add_stacks(), 0);
	refused(gt_table_resolve(table, &err), "a frame names string 45, which is not there");
}

Test(table, nothing_to_free_is_no_harm)
{
	gt_table_free(NULL);
}

Test(table, every_generation_has_its_own_ids)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_build_end(&b);
	gt_build_string(&b, 1, 7, "x", 1);
	gt_build_stack(&b, 1, 7, 0x1000, 1);
	gt_build_frequency(&b, 2, 1000000000);
	gt_build_string(&b, 2, 7, "y", 1);
	gt_build_stack(&b, 2, 7, 0x1000, 1);
	gt_build_batch(&b, 2, 1, 1000);
	gt_add_GoBlock(&b, 1, 7, 7);
	gt_expect_sound(&b, 4);
	gt_build_start(&b);
	gt_build_end(&b);
	gt_build_string(&b, 1, 7, "x", 1);
	gt_build_frequency(&b, 2, 1000000000);
	gt_build_batch(&b, 2, 1, 1000);
	gt_add_GoBlock(&b, 1, 7, 0);
	gt_build_end(&b);
	gt_expect(&b, 3, GT_ERR_FORMAT, "string 7, which is not there");
}

Test(table, of_a_string_what_fits_is_copied)
{
	char to[4] = "xxx";

	gt_string_copy(to, sizeof(to), &(struct gt_string){"ab", 2});
	cr_expect_str_eq(to, "ab");
	gt_string_copy(to, sizeof(to), &(struct gt_string){"abcdef", 6});
	cr_expect_str_eq(to, "abc");
	gt_string_copy(to, sizeof(to), &(struct gt_string){"a\0bcde", 7});
	cr_expect_eq(memcmp(to, "a\0", 2), 0);
	gt_string_copy(to, sizeof(to), &gt_string_empty);
	cr_expect_str_eq(to, "");
}
