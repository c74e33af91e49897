/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stacks and strings as batches, read back as any reader does it.
 */
#include "decoder/stack_batches.h"

#include "test/lib/builder.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct gt_string func = GT_TEXT("work"), other = GT_TEXT("other"), file = GT_TEXT("/x/work.c");
static const struct gt_batch like = {.gen = 5, .m = -1, .time = 77};
static struct gt_stack_batches *batches;
static struct gt_table *table;

static void set_up(void)
{
	batches = gt_stack_batches_new();
	table = gt_table_new();
}

static void tear_down(void)
{
	gt_stack_batches_free(batches);
	gt_table_free(table);
}

TestSuite(stack_batches, .init = set_up, .fini = tear_down);

static void add(uint64_t id, const struct gt_stack_frame *const *frames, size_t n)
{
	struct gt_stack stack = {id, n, frames};

	gt_stack_batches_add(batches, &stack);
}

static void add_one(uint64_t id, struct gt_stack_frame frame)
{
	/* They must live as long as the batches. */
	static struct gt_stack_frame all[8];
	static size_t n;
	const struct gt_stack_frame *frames[] = {&all[n]};

	all[n++] = frame;
	add(id, frames, 1);
}

/* Reads batches into the table; their number. */
static int read_in(const struct gt_batch *b)
{
	struct gt_error err;
	int n = 0;

	gt_error_clear(&err);
	for (; b != NULL; b = b->next, n++) {
		const uint8_t *end = b->data + b->len;

		cr_assert(b->gen == like.gen && b->m == like.m && b->time == like.time && b->experiment == 0);
		cr_assert(b->first == b->data[0] && b->len <= GT_MAX_PAYLOAD);
		if (b->first == GT_FR_Strings)
			cr_assert_eq(gt_table_add_strings(table, b->data + 1, end, &err), 0, "%s", err.words);
		else
			cr_assert_eq(gt_table_add_stacks(table, b->data + 1, end, &err), 0, "%s", err.words);
	}
	return n;
}

static void read_all(void)
{
	struct gt_error err;

	read_in(gt_stack_batches_stacks(batches, &like));
	read_in(gt_stack_batches_strings(batches, &like));
	gt_error_clear(&err);
	cr_assert_eq(gt_table_resolve(table, &err), 0, "%s", err.words);
}

static const struct gt_stack_frame *frame_of(uint64_t id, size_t i)
{
	return gt_table_stack(table, id)->frames[i];
}

Test(stack_batches, nothing_is_no_batch)
{
	cr_expect_null(gt_stack_batches_stacks(batches, &like));
	cr_expect_null(gt_stack_batches_strings(batches, &like));
}

Test(stack_batches, frames_come_back)
{
	add_one(9, (struct gt_stack_frame){0x123456, 12, &func, &file});
	add_one(8, (struct gt_stack_frame){0x99, 0, &gt_string_empty, &gt_string_empty});
	read_all();
	gt_expect_string(frame_of(9, 0)->func, "work");
	gt_expect_string(frame_of(9, 0)->file, "/x/work.c");
	cr_expect(frame_of(9, 0)->pc == 0x123456 && frame_of(9, 0)->line == 12);
	gt_expect_string(frame_of(8, 0)->func, "");
}

Test(stack_batches, a_string_that_is_there_is_used)
{
	gt_stack_batches_know(batches, 40, &func);
	add_one(1, (struct gt_stack_frame){0x10, 1, &func, &other});
	cr_assert_eq(read_in(gt_stack_batches_strings(batches, &like)), 1);
	cr_expect_null(gt_table_string(table, 40));
	gt_expect_string(gt_table_string(table, 41), "other");
}

Test(stack_batches, new_ids_are_free_ones)
{
	gt_stack_batches_know(batches, UINT64_MAX, &gt_string_empty);
	gt_stack_batches_know(batches, 1, &file);
	gt_stack_batches_know(batches, INT64_MAX, &file);
	gt_stack_batches_know(batches, (uint64_t)INT64_MAX + 1, &file);
	add_one(1, (struct gt_stack_frame){0x10, 1, &func, &other});
	read_in(gt_stack_batches_strings(batches, &like));
	gt_expect_string(gt_table_string(table, (uint64_t)INT64_MAX + 2), "work");
	gt_expect_string(gt_table_string(table, (uint64_t)INT64_MAX + 3), "other");
}

Test(stack_batches, each_frame_of_a_pc_has_its_names)
{
	const struct gt_stack_frame inner = {0x10, 1, &func, &file}, outer = {0x10, 2, &other, &file};
	const struct gt_stack_frame *frames[] = {&inner, &outer, &inner, &outer};

	add(1, frames, 4);
	add(2, frames, 2);
	read_all();
	for (size_t i = 0; i < 4; i += 2) {
		gt_expect_string(frame_of(1, i)->func, "work");
		gt_expect_string(frame_of(1, i + 1)->func, "other");
		cr_expect_eq(frame_of(1, i)->pc, 0x10);
		cr_expect_eq(frame_of(1, i + 1)->pc, 0x10 + (UINT64_C(1) << GT_PC_BITS));
	}
	cr_expect_eq(frame_of(2, 1), frame_of(1, 1));
}

Test(stack_batches, many_fill_several_batches)
{
	static struct gt_stack_frame deep[GT_MAX_FRAMES];
	const struct gt_stack_frame *frames[GT_MAX_FRAMES];

	for (size_t i = 0; i < GT_MAX_FRAMES; i++) {
		deep[i] = (struct gt_stack_frame){0x7fff00000000 + i, 100000 + i, &func, &file};
		frames[i] = &deep[i];
	}
	for (uint64_t id = 1; id <= 100; id++)
		add(id, frames, GT_MAX_FRAMES);
	cr_expect_gt(read_in(gt_stack_batches_stacks(batches, &like)), 2);
	cr_expect_eq(gt_table_stack(table, 100)->nframes, GT_MAX_FRAMES);
	cr_expect_eq(read_in(gt_stack_batches_strings(batches, &like)), 1);
}

Test(stack_batches, what_was_taken_does_not_come_again)
{
	add_one(1, (struct gt_stack_frame){0x10, 1, &func, &file});
	cr_expect_eq(read_in(gt_stack_batches_stacks(batches, &like)), 1);
	cr_expect_null(gt_stack_batches_stacks(batches, &like));
	add_one(2, (struct gt_stack_frame){0x20, 1, &other, &file});
	read_all();
	gt_expect_string(frame_of(2, 0)->func, "other");
	gt_expect_string(frame_of(1, 0)->func, "work");
}
