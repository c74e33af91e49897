/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Names that are looked up once.
 */
#include "decoder/symbols.h"

#include "test/lib/own.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>

static struct gt_symbols *symbols;

static void set_up(void)
{
	symbols = gt_symbols_new(NULL);
}

static void tear_down(void)
{
	gt_symbols_free(symbols);
}

TestSuite(symbols, .init = set_up, .fini = tear_down);

static struct gt_symbol_file *own(void)
{
	return gt_symbols_file(symbols, &gt_own()->path, &gt_own()->build_id);
}

Test(symbols, a_file_is_one_by_path_and_build_id)
{
	static const struct gt_string id = GT_TEXT("0123"), path = GT_TEXT("/x");

	cr_expect_eq(own(), own());
	cr_expect_neq(gt_symbols_file(symbols, &gt_own()->path, &id), own());
	cr_expect_neq(gt_symbols_file(symbols, &path, &gt_own()->build_id), own());
	gt_expect_string(gt_symbols_path(own()), gt_own()->path.bytes);
}

Test(symbols, a_place_is_looked_up_once)
{
	const struct gt_named *named = gt_symbols_find(symbols, own(), gt_own_pc() - gt_own()->base, GT_PC_RETURN);

	cr_assert_eq(named->n, 2);
	gt_expect_string(named->frames[0].func, "gt_own_inlined");
	cr_expect_eq(named->frames[0].line, gt_own_inlined_line);
	gt_expect_string(named->frames[1].func, "gt_own_pc");
	cr_expect_eq(named->frames[0].file, named->frames[1].file);
	cr_expect_eq(gt_symbols_find(symbols, own(), gt_own_pc() - gt_own()->base, GT_PC_RETURN), named);
	cr_expect_neq(gt_symbols_find(symbols, own(), gt_own_pc() - gt_own()->base, GT_PC_START), named);
}

Test(symbols, what_is_not_known_is_kept_too)
{
	static const struct gt_string path = GT_TEXT("/nonexistent/app");
	struct gt_symbol_file *file = gt_symbols_file(symbols, &path, &gt_string_empty);
	const struct gt_named *named = gt_symbols_find(symbols, file, 100, GT_PC_RETURN);

	cr_expect_eq(named->n, 0);
	cr_expect_eq(gt_symbols_find(symbols, file, 100, GT_PC_RETURN), named);
}

Test(symbols, names_are_made_readable)
{
	static const struct gt_string mangled = GT_TEXT("_Z3fooi"), plain = GT_TEXT("main"), short_one = GT_TEXT("_");
	const struct gt_string *readable = gt_symbols_readable(symbols, &mangled);

	gt_expect_string(readable, "foo(int)");
	cr_expect_eq(gt_symbols_readable(symbols, &mangled), readable);
	cr_expect_eq(gt_symbols_readable(symbols, &plain), &plain);
	cr_expect_eq(gt_symbols_readable(symbols, &short_one), &short_one);
}
