/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory that is there is copied, any other is not touched.
 */
#include "shim/peek.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE = 4096 };

static char *page;
static char copy[2 * PAGE];

/* One page that can be read, between two that cannot. */
static void map(void)
{
	page = (char *)mmap(NULL, 3 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) + PAGE;
	cr_assert_eq(mprotect(page, PAGE, PROT_READ | PROT_WRITE), 0);
	memset(page, 'x', PAGE);
}

static size_t some(const char *from, size_t len)
{
	return gt_peek_some((uintptr_t)from, copy, len);
}

Test(peek, what_is_there_is_copied)
{
	uint64_t word = 7, seen = 0;

	cr_assert(gt_peek((uintptr_t)&word, &seen, sizeof(seen)));
	cr_assert_eq(seen, 7);
}

Test(peek, a_piece_ends_with_its_page)
{
	map();
	cr_assert_eq(gt_peek_piece((uintptr_t)page, 2 * PAGE), PAGE);
	cr_assert_eq(gt_peek_piece((uintptr_t)page + PAGE - 3, 8), 3);
	cr_assert_eq(gt_peek_piece((uintptr_t)page + 8, 16), 16);
	cr_assert_eq(gt_peek_piece((uintptr_t)page, 0), 0);
	cr_assert_eq(gt_peek_piece((uintptr_t)page - 1, 2), 0);
	cr_assert_eq(gt_peek_piece((uintptr_t)page + PAGE, 1), 0);
	cr_assert_eq(gt_peek_piece(0, 1), 0);
}

Test(peek, numbers_are_no_addresses)
{
	const uint64_t numbers[] = {0,
				    1,
				    8,
				    4095,
				    UINT64_C(0x00005a5a5a5a5a58),
				    UINT64_C(0x8000000000000000),
				    UINT64_C(0xffffffff81000000),
				    UINT64_MAX,
				    UINT64_MAX - 7};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		cr_assert_eq(gt_peek_some(numbers[i], copy, 64), 0, "%zu", i);
}

Test(peek, a_page_that_may_not_be_read_is_none)
{
	map();
	cr_assert_eq(some(page - 8, 8), 0);
	cr_assert_eq(some(page + PAGE, 1), 0);
	cr_assert_eq(mprotect(page, PAGE, PROT_WRITE), 0);
	cr_assert_eq(munmap(page, PAGE), 0);
	cr_assert_eq(some(page, 1), 0);
}

Test(peek, copying_ends_with_the_last_page)
{
	map();
	cr_assert_eq(some(page, sizeof(copy)), PAGE);
	cr_assert_eq(some(page + PAGE - 8, 8), 8);
	cr_assert_eq(some(page + PAGE - 3, 8), 3);
	cr_assert_eq(copy[2], 'x');
	cr_assert_not(gt_peek((uintptr_t)page + PAGE - 3, copy, 8));
	cr_assert_eq(some(page + 1, PAGE - 1), PAGE - 1);
}

Test(peek, from_afar_all_or_nothing_is_copied)
{
	map();
	strcpy(page, "here");
	cr_assert(gt_peek_afar((uintptr_t)page, copy, PAGE));
	cr_assert_str_eq(copy, "here");
	cr_assert_eq(munmap(page + PAGE, PAGE), 0);
	cr_assert_not(gt_peek_afar((uintptr_t)page + 8, copy, PAGE));
	cr_assert_eq(munmap(page, PAGE), 0);
	cr_assert_not(gt_peek_afar((uintptr_t)page, copy, 1));
	cr_assert_not(gt_peek_afar(UINT64_MAX - 7, copy, 8));
}
