/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Why the world is stopped: one string for each kind, for ever, and a full table is counted.
 */
#include "shim/kinds.h"
#include "shim/status.h"
#include "shim/thread.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const char *text_of(gt_kind_string_t string)
{
	for (uint32_t i = 0; i < GT_KINDS_MAX; i++) {
		gt_kind_string_t seen;
		const char *kind = gt_kind_at(i, &seen);

		if (kind && seen.v == string.v)
			return kind;
	}
	return "";
}

Test(kinds, each_has_one_string)
{
	gt_kind_string_t mark = gt_kind_of("GC mark");

	cr_assert_eq(gt_kind_of("GC mark").v, mark.v);
	cr_assert_neq(gt_kind_of("GC mar").v, mark.v);
	cr_assert_neq(gt_kind_of("GC mark ").v, mark.v);
	cr_assert_str_eq(text_of(mark), "GC mark");
	cr_assert_geq(mark.v, GT_STRING_STOP + GT_STOP_REASONS);
}

Test(kinds, sixty_three_bytes_count)
{
	char long_one[100], other[100];
	gt_kind_string_t cut;

	memset(long_one, 'x', sizeof(long_one));
	long_one[99] = 0;
	memcpy(other, long_one, sizeof(other));
	other[63] = 'y';
	cut = gt_kind_of(long_one);
	cr_assert_eq(strlen(text_of(cut)), 63);
	cr_assert_eq(gt_kind_of(other).v, cut.v);
	other[62] = 'y';
	cr_assert_neq(gt_kind_of(other).v, cut.v);
}

Test(kinds, a_full_table_is_counted)
{
	int lost = 0;

	for (int i = 0; i < 2 * GT_KINDS_MAX; i++) {
		char kind[GT_KIND_LEN];

		snprintf(kind, sizeof(kind), "kind %d", i);
		lost += gt_kind_of(kind).v == gt_block_string(GT_BLOCK_GENERIC).v;
	}
	cr_assert_eq(lost, GT_KINDS_MAX);
	cr_assert_eq(atomic_load(&gt_drops[GT_DROP_STRINGS]), GT_KINDS_MAX);
	cr_assert_str_eq(text_of(gt_kind_of("kind 0")), "kind 0");
}
