/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Pieces of memory: apart from each other, aligned, and used again after they were given back.
 */
#include "decoder/arena.h"

#include <criterion/criterion.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>

static struct gt_arena arena;

static void tear_down(void)
{
	gt_arena_free(&arena);
}

TestSuite(arena, .fini = tear_down);

Test(arena, pieces_are_aligned_and_apart)
{
	uint8_t *pieces[2000];

	for (size_t i = 0; i < 2000; i++) {
		pieces[i] = gt_arena_take(&arena, i);
		cr_assert_not_null(pieces[i]);
		cr_assert_eq((uintptr_t)pieces[i] % alignof(max_align_t), 0);
		memset(pieces[i], (int)i, i);
	}
	for (size_t i = 0; i < 2000; i++) {
		for (size_t k = 0; k < i; k++)
			cr_assert_eq(pieces[i][k], (uint8_t)i);
	}
}

Test(arena, the_largest_piece)
{
	cr_expect_not_null(gt_arena_take(&arena, GT_ARENA_MOST));
	cr_expect_null(gt_arena_take(&arena, GT_ARENA_MOST + 1));
	cr_expect_null(gt_arena_take(&arena, SIZE_MAX));
}

Test(arena, what_is_returned_is_given_out_next)
{
	void *first = gt_arena_take(&arena, 100);
	void *second = gt_arena_take(&arena, GT_ARENA_MOST);

	gt_arena_return(&arena, second);
	cr_expect_eq(gt_arena_take(&arena, 7), second);
	cr_expect_neq(first, second);
}

Test(arena, a_cleared_arena_gives_out_the_same_memory)
{
	void *pieces[20];
	int again = 0;

	for (int i = 0; i < 20; i++)
		pieces[i] = gt_arena_take(&arena, GT_ARENA_MOST);
	gt_arena_clear(&arena);
	for (int i = 0; i < 20; i++) {
		void *piece = gt_arena_take(&arena, GT_ARENA_MOST);

		for (int k = 0; k < 20; k++)
			again += pieces[k] == piece;
	}
	cr_expect_eq(again, 20);
}

Test(arena, nothing_to_clear_is_no_harm)
{
	gt_arena_clear(&arena);
	gt_arena_free(&arena);
	gt_arena_free(&arena);
}
