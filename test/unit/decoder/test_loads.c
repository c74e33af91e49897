/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What was loaded where, and until when.
 */
#include "decoder/loads.h"

#include "test/lib/builder.h"

#include <criterion/criterion.h>

static const struct gt_string app = GT_TEXT("/x/app"), plugin = GT_TEXT("/x/plugin"), other = GT_TEXT("/x/other");
static struct gt_symbols *symbols;
static struct gt_loads loads;

static void set_up(void)
{
	symbols = gt_symbols_new(NULL);
}

static void tear_down(void)
{
	gt_loads_free(&loads);
	gt_symbols_free(symbols);
}

TestSuite(loads, .init = set_up, .fini = tear_down);

static void add(uint64_t gen, uint64_t base, uint64_t end, const struct gt_string *path)
{
	struct gt_load load = {
		.base = base, .end = end, .path = path, .file = gt_symbols_file(symbols, path, &gt_string_empty)};

	gt_loads_add(&loads, gen, &load);
}

static void expect(uint64_t gen, uint64_t pc, const struct gt_string *wanted, const struct gt_string *expected)
{
	const struct gt_load *load = gt_loads_find(&loads, gen, pc, wanted);

	cr_expect_eq(load != NULL ? load->path : NULL, expected, "in generation %d at %d", (int)gen, (int)pc);
}

Test(loads, a_file_is_where_it_is)
{
	add(1, 100, 200, &app);
	expect(1, 99, &app, NULL);
	expect(1, 100, &app, &app);
	expect(1, 199, &other, &app);
	expect(1, 200, &app, NULL);
	expect(9, 150, &app, &app);
}

Test(loads, nowhere_is_nothing)
{
	add(1, 200, 100, &app);
	add(1, 100, 100, &app);
	expect(1, 150, &app, NULL);
	cr_expect_eq(loads.n, 0);
}

Test(loads, what_goes_is_there_until_its_generation_ends)
{
	add(1, 100, 200, &plugin);
	gt_loads_gone(&loads, 3, 100);
	expect(3, 150, &plugin, &plugin);
	expect(4, 150, &plugin, NULL);
	gt_loads_gone(&loads, 4, 100);
	expect(3, 150, &plugin, &plugin);
}

Test(loads, another_file_takes_the_place)
{
	add(1, 100, 200, &plugin);
	add(1, 300, 400, &app);
	add(3, 150, 250, &other);
	expect(2, 120, &plugin, &plugin);
	expect(3, 160, &plugin, &plugin);
	expect(3, 160, &app, &other);
	expect(4, 120, &plugin, NULL);
	expect(4, 160, &plugin, &other);
	expect(4, 350, &plugin, &app);
}

Test(loads, what_comes_back_is_there_again)
{
	add(1, 100, 200, &plugin);
	gt_loads_gone(&loads, 2, 100);
	add(4, 100, 200, &plugin);
	expect(5, 150, &plugin, &plugin);
}

Test(loads, the_same_fact_again_changes_nothing)
{
	for (uint64_t gen = 1; gen < 10; gen++)
		add(gen, 100, 200, &app);
	cr_expect_eq(loads.n, 1);
	expect(9, 150, &app, &app);
}

Test(loads, there_is_an_end_to_them)
{
	for (uint64_t i = 0; i < GT_LOADS_MOST + 10; i++)
		add(1, 100 * i, 100 * i + 50, &app);
	expect(1, 100 * GT_LOADS_MOST + 10, &app, NULL);
	expect(1, 100 * (GT_LOADS_MOST - 1) + 10, &app, &app);
	gt_loads_gone(&loads, 1, 0);
	add(2, 100 * GT_LOADS_MOST, 100 * GT_LOADS_MOST + 50, &other);
	expect(2, 100 * GT_LOADS_MOST + 10, &app, &other);
}
