/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Parents and children among traces.
 */
#include "decoder/family.h"

#include <criterion/criterion.h>
#include <stdio.h>

enum { MANY = 8 };

static struct gt_source source[MANY];
static struct gt_kin kin[MANY];
static int order[MANY];

static void process(int i, uint64_t pid, uint64_t started, uint64_t parent, uint64_t parent_started)
{
	source[i].path = "x.trace";
	source[i].state = 1;
	source[i].identity.pid = pid;
	source[i].identity.started = started;
	source[i].identity.parent_pid = parent;
	source[i].identity.parent_started = parent_started;
}

static void expect_family(int n, const char *parents, const char *expected_order)
{
	char text[64] = "";
	int len = 0;

	gt_family(source, n, kin, order);
	for (int i = 0; i < n; i++)
		len += snprintf(text + len, sizeof(text) - (size_t)len, "%d ", kin[i].parent);
	cr_expect_str_eq(text, parents);
	len = 0;
	for (int i = 0; i < n; i++)
		len += snprintf(text + len, sizeof(text) - (size_t)len, "%d ", order[i]);
	cr_expect_str_eq(text, expected_order);
}

Test(family, parents_come_first)
{
	process(0, 30, 300, 20, 200);
	process(1, 20, 200, 10, 100);
	process(2, 31, 301, 20, 200);
	process(3, 10, 100, 1, 1);
	process(4, 99, 500, 98, 400);
	expect_family(5, "1 3 1 -1 -1 ", "3 1 0 2 4 ");
	cr_expect(kin[3].depth == 0 && kin[1].depth == 1 && kin[0].depth == 2 && kin[4].depth == 0);
}

Test(family, a_number_that_was_given_out_again_is_another_process)
{
	process(0, 20, 999, 1, 1);
	process(1, 30, 300, 20, 200);
	expect_family(2, "-1 -1 ", "0 1 ");
}

Test(family, without_a_start_the_number_must_do)
{
	process(0, 20, 0, 1, 1);
	process(1, 30, 300, 20, 200);
	process(2, 40, 0, 30, 0);
	process(3, 0, 0, 0, 0);
	process(4, 0, 0, 0, 0);
	expect_family(5, "-1 0 1 -1 -1 ", "0 1 2 3 4 ");
}

Test(family, of_several_programs_of_the_parent_the_one_that_ran_then)
{
	process(0, 20, 200, 1, 1);
	process(1, 20, 200, 1, 1);
	process(2, 20, 200, 1, 1);
	process(3, 30, 300, 20, 200);
	source[0].ev.time = 100;
	source[1].ev.time = 200;
	source[2].ev.time = 300;
	source[3].ev.time = 250;
	expect_family(4, "-1 -1 -1 1 ", "0 1 3 2 ");
	snprintf(source[3].identity.forked_from, sizeof(source[3].identity.forked_from), "/tmp/first.trace");
	source[0].path = "elsewhere/first.trace";
	expect_family(4, "-1 -1 -1 0 ", "0 3 1 2 ");
}

Test(family, a_circle_is_cut)
{
	process(0, 20, 0, 30, 0);
	process(1, 30, 0, 20, 0);
	process(2, 40, 0, 40, 0);
	gt_family(source, 3, kin, order);
	cr_expect(kin[0].parent == -1 || kin[1].parent == -1);
	cr_expect_eq(kin[2].parent, -1, "nobody is a child of its own");
	cr_expect(order[0] + order[1] + order[2] == 3 && kin[0].depth + kin[1].depth == 1);
}
