/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Functions, inlined functions and lines, out of the debug information of the test itself.
 */
#include "decoder/debug_info.h"

#include "test/lib/own.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static Dwarf *dwarf;
static struct gt_debug_info *info;
static struct gt_place places[GT_PLACES_MOST];
static int fd;

static void set_up(void)
{
	fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	dwarf = dwarf_begin(fd, DWARF_C_READ);
	cr_assert_not_null(dwarf);
	info = gt_debug_info_new(dwarf);
}

static void tear_down(void)
{
	gt_debug_info_free(info);
	dwarf_end(dwarf);
	close(fd);
}

TestSuite(debug_info, .init = set_up, .fini = tear_down);

/* The file is one that moves: its addresses count from 0. */
static size_t find(uint64_t pc)
{
	return gt_debug_info_find(info, pc - gt_own()->base, places);
}

static void expect(size_t i, const char *func, uint64_t line)
{
	const char *name = places[i].file != NULL ? strrchr(places[i].file, '/') : NULL;

	cr_expect_str_eq(places[i].func, func);
	cr_expect(name != NULL && strcmp(name, "/own.c") == 0, "%s is in %s", func, name);
	cr_expect_eq(places[i].line, line, "%s is at line %d", func, (int)places[i].line);
}

Test(debug_info, an_inlined_function_comes_before_its_caller)
{
	cr_assert_eq(find(gt_own_pc() - 1), 2);
	expect(0, "gt_own_inlined", gt_own_inlined_line);
	expect(1, "gt_own_pc", gt_own_pc_line);
}

Test(debug_info, the_same_place_is_the_same_again)
{
	uint64_t pc = gt_own_pc() - 1;

	for (int i = 0; i < 3; i++)
		cr_assert_eq(find(pc), 2);
	expect(0, "gt_own_inlined", gt_own_inlined_line);
}

Test(debug_info, nothing_is_known_elsewhere)
{
	cr_expect_eq(find(gt_own()->base), 0);
	cr_expect_eq(find(gt_own()->end + 100000), 0);
	cr_expect_eq(gt_debug_info_find(info, UINT64_MAX, places), 0);
}

Test(debug_info, every_function_of_this_file_is_found)
{
	cr_assert_geq(find((uint64_t)(uintptr_t)find), 1);
	cr_expect_str_eq(places[0].func, "find");
	cr_assert_geq(find((uint64_t)(uintptr_t)tear_down), 1);
	cr_expect_str_eq(places[0].func, "tear_down");
}
