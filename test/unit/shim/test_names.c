/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Each address has one name, looked up once; what has none is marked.
 */
#include "shim/names.h"
#include "shim/callers.h"
#include "shim/modules.h"
#include "test/lib/mapped.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <sys/mman.h>

static void start(void)
{
	cr_assert(gt_modules_start());
	cr_assert(gt_names_start());
}

Test(names, a_call_is_called_by_its_function)
{
	const struct gt_name *name;

	start();
	cr_assert_eq(gt_known_function(1), 2);
	name = gt_name_of((uint64_t)gt_known_function + 1);
	cr_assert_str_eq(name->text, "gt_known_function");
	cr_assert_str_eq(gt_modules_at(name->module)->path, gt_own_path());
	cr_assert_str_neq(gt_name_of((uint64_t)gt_known_function)->text, "gt_known_function", "a call before it");
}

Test(names, marks_are_no_addresses)
{
	start();
	cr_assert_str_eq(gt_name_of(GT_MARK_DEEPER)->text, "[deeper]");
	cr_assert_str_eq(gt_name_of(GT_MARK_UNKNOWN)->text, "[unknown]");
	cr_assert_str_eq(gt_name_of(GT_MARK_SHORT)->text, "[short call]");
	cr_assert_eq(gt_name_of(GT_MARK_SHORT)->module, -1);
}

Test(names, those_in_use_are_known_until_they_are_forgotten)
{
	const struct gt_name *one, *const *used;
	uint32_t n;

	start();
	one = gt_name_of(0x5000);
	gt_name_of(0x6000);
	cr_assert_eq(gt_name_of(0x5000), one);
	used = gt_names_used(&n);
	cr_assert(n == 2 && used[0] == one && gt_name_index(used[1]) != gt_name_index(one));
	gt_names_forget();
	gt_names_used(&n);
	cr_assert_eq(n, 0);
	cr_assert_eq(gt_name_of(0x5000), one);
	gt_names_used(&n);
	cr_assert_eq(n, 1);
}

/* Where a library was when the map was read, and where another one is by now. */
Test(names, code_where_a_library_is_gone_may_be_anothers, .fini = gt_temp_clean)
{
	char *at = gt_map_file(NULL, gt_symbolless("old.so"));
	const struct gt_name *name;

	start();
	gt_modules_refresh();
	cr_assert_str_eq(gt_name_of((uint64_t)(uintptr_t)at + 16)->text, "old.so+0x10");
	munmap(at, GT_MAPPED);
	gt_modules_refresh();
	gt_map_file(at, gt_symbolless("young.so"));
	gt_names_forget();
	name = gt_name_of((uint64_t)(uintptr_t)at + 32);
	cr_assert_str_eq(name->text, "young.so+0x20");
	cr_assert_str_eq(gt_modules_at(name->module)->path, gt_temp_path("young.so"));
}

Test(names, what_finds_no_row_is_nameless)
{
	uint32_t n, nameless = 0;

	start();
	for (uint64_t pc = 0x5000; pc < 0x5000 + 2 * GT_NAMES_MAX; pc++) {
		const struct gt_name *name = gt_name_of(pc);

		cr_assert_leq(gt_name_index(name), GT_NAMES_MAX);
		nameless += name->text[0] == '?';
	}
	cr_assert_geq(nameless, GT_NAMES_MAX);
	gt_names_used(&n);
	cr_assert_leq(n, GT_NAMES_MAX + 1);
}
