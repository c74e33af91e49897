/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lines are found again by what they show, and by nothing else.
 */
#include "decoder/known_lines.h"

#include "shim/format/spec.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>

static struct gt_known_lines lines;
static struct gt_out out;

static void set_up(void)
{
	gt_out_open(&out, -1);
}

static void tear_down(void)
{
	gt_out_close(&out);
	gt_known_lines_free(&lines);
}

TestSuite(known_lines, .init = set_up, .fini = tear_down);

static struct gt_placed_event event(uint8_t type)
{
	struct gt_placed_event placed = {.m = 1, .p = 2, .g = 3};

	placed.raw.type = type;
	for (int i = 0; i < GT_MAX_ARGS; i++)
		placed.raw.args[i] = 10 + (uint64_t)i;
	return placed;
}

/* As if it came for the second time. */
static struct gt_known_line *find(const struct gt_placed_event *placed)
{
	gt_known_lines_find(&lines, placed);
	return gt_known_lines_find(&lines, placed);
}

static bool is_there(const struct gt_placed_event *placed)
{
	return find(placed)->len != 0;
}

/* The text has a time of two digits in it. */
static void keep(const struct gt_placed_event *placed, const char *front, const char *rest)
{
	size_t from = out.len;

	gt_out_str(&out, front);
	gt_out_str(&out, "99");
	gt_out_str(&out, rest);
	gt_known_lines_keep(&lines, find(placed), &out, from, from + strlen(front), from + strlen(front) + 2);
}

static void shows(const struct gt_placed_event *placed, const char *front, const char *rest)
{
	const struct gt_known_line *line = find(placed);
	char text[1024];
	char *p;

	cr_assert(line->len != 0);
	p = gt_known_lines_front(&lines, line, text);
	cr_expect(p == text + strlen(front) && memcmp(text, front, strlen(front)) == 0);
	p = gt_known_lines_rest(&lines, line, text);
	cr_expect(p == text + strlen(rest) && memcmp(text, rest, strlen(rest)) == 0);
}

Test(known_lines, a_line_comes_again_without_its_time)
{
	struct gt_placed_event block = event(GT_EV_GoBlock), other = event(GT_EV_GoUnblock);

	keep(&block, "before ", " after\n");
	keep(&other, "2: ", "\n");
	shows(&block, "before ", " after\n");
	shows(&other, "2: ", "\n");
	gt_known_lines_forget(&lines);
	cr_expect_not(is_there(&block));
}

Test(known_lines, what_comes_once_is_not_kept)
{
	struct gt_placed_event block = event(GT_EV_GoBlock), other = block;

	other.g++;
	cr_expect_null(gt_known_lines_find(&lines, &block));
	cr_expect_null(gt_known_lines_find(&lines, &other));
	cr_expect_not_null(gt_known_lines_find(&lines, &block));
	cr_expect_not_null(gt_known_lines_find(&lines, &other));
}

/* It takes the place of what was there. */
static void is_another_line(const struct gt_placed_event *kept, const struct gt_placed_event *other, const char *by)
{
	keep(kept, "", "x");
	cr_expect_not(is_there(other), "%s", by);
}

Test(known_lines, whatever_is_shown_makes_another_line)
{
	struct gt_placed_event block = event(GT_EV_GoBlock), other;

	for (int i = 0; i < 2; i++) {
		other = block;
		other.raw.args[i]++;
		is_another_line(&block, &other, i == 0 ? "first argument" : "second argument");
	}
	other = block;
	other.m = -1;
	is_another_line(&block, &other, "stream");
	other = block;
	other.p = -1;
	is_another_line(&block, &other, "slot");
	other = block;
	other.g = -1;
	is_another_line(&block, &other, "thread");
	other = block;
	other.raw.type = GT_EV_GoStop;
	is_another_line(&block, &other, "type");
}

/* An event is another one for each of its arguments that is no number in a sequence, and only for those. */
Test(known_lines, numbers_in_a_sequence_are_not_shown)
{
	for (int type = 0; type < 256; type++) {
		const struct gt_event_spec *spec = &gt_event_spec[type];
		struct gt_placed_event placed = event((uint8_t)type);

		if (find(&placed) == NULL)
			continue;
		cr_assert_not_null(spec->name);
		for (int i = 0; i < spec->nargs; i++) {
			struct gt_placed_event other = placed;

			keep(&placed, "", "x");
			other.raw.args[i] = 1 << 20;
			cr_expect_eq(is_there(&other), spec->args[i].kind == GT_ARG_seq, "%s, %s", spec->name,
				     spec->args[i].name);
		}
	}
}

Test(known_lines, what_depends_on_more_than_its_arguments_is_not_kept)
{
	static const uint8_t types[] = {GT_EV_ProcSteal, GT_EV_ProcStatus,  GT_EV_GoStatus, GT_EV_GoStatusStack,
					GT_EV_HeapAlloc, GT_EV_UserTaskEnd, GT_EV_STWEnd};

	for (size_t i = 0; i < sizeof(types); i++) {
		struct gt_placed_event placed = event(types[i]);

		cr_expect_null(find(&placed));
	}
	gt_known_lines_keep(&lines, NULL, &out, 0, 0, 0);
}

Test(known_lines, a_long_front_is_not_kept)
{
	struct gt_placed_event block = event(GT_EV_GoBlock);
	char front[GT_KNOWN_FRONT + 2];

	memset(front, 'x', sizeof(front));
	front[sizeof(front) - 1] = 0;
	keep(&block, front, "y");
	cr_expect_not(is_there(&block));
	front[GT_KNOWN_FRONT] = 0;
	keep(&block, front, "y");
	shows(&block, front, "y");
}

Test(known_lines, memory_has_an_end)
{
	struct gt_placed_event block = event(GT_EV_GoBlock);
	static char rest[500];

	memset(rest, 'r', sizeof(rest) - 1);
	for (int i = 0; i < 100000; i++) {
		block.g = i;
		out.len = 0;
		keep(&block, "front ", rest);
		shows(&block, "front ", rest);
	}
	cr_expect_leq(lines.text.size, 1 << 20);
}
