/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Times as options give them: every unit and form, what is none, and windows on the clock of a trace.
 */
#include "decoder/when.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <time.h>

static void zone(const char *name)
{
	setenv("TZ", name, 1);
	tzset();
}

static void is(const char *text, enum gt_when_kind kind, int64_t ns)
{
	struct gt_when when;

	cr_assert(gt_when_parse(text, &when), "'%s' is refused", text);
	cr_expect_eq(when.kind, kind, "'%s' is of another kind", text);
	cr_expect_eq(when.ns, ns, "'%s' is %ld", text, (long)when.ns);
}

static void is_none(const char *text)
{
	struct gt_when when;

	cr_expect_not(gt_when_parse(text, &when), "'%s' is taken for %ld", text, (long)when.ns);
}

Test(when, times_since_the_start)
{
	is("0", GT_WHEN_RELATIVE, 0);
	is("7ns", GT_WHEN_RELATIVE, 7);
	is("3us", GT_WHEN_RELATIVE, 3000);
	is("20ms", GT_WHEN_RELATIVE, 20000000);
	is("1.5s", GT_WHEN_RELATIVE, 1500000000);
	is("0.000000001s", GT_WHEN_RELATIVE, 1);
	is("1.2345us", GT_WHEN_RELATIVE, 1234);
	is("2m", GT_WHEN_RELATIVE, 120000000000);
	is("1.5h", GT_WHEN_RELATIVE, 5400000000000);
	is("0.33333333333333333333333s", GT_WHEN_RELATIVE, 333333333);
}

Test(when, times_of_the_wall_clock)
{
	zone("UTC");
	is("1970-01-01T00:00:00Z", GT_WHEN_WALL, 0);
	is("2026-01-31T12:34:56.789", GT_WHEN_WALL, 1769862896789000000);
	is("2026-01-31 12:34:56", GT_WHEN_WALL, 1769862896000000000);
	is("2026-01-31T12:34", GT_WHEN_WALL, 1769862840000000000);
	is("2026-01-31T12:34+01:30", GT_WHEN_WALL, 1769862840000000000 - 5400000000000);
	is("2026-01-31T12:34:56-0200", GT_WHEN_WALL, 1769862896000000000 + 7200000000000);
	is("2026-01-31T12:34:56+02", GT_WHEN_WALL, 1769862896000000000 - 7200000000000);
	is("1969-12-31T23:59:59.5Z", GT_WHEN_WALL, -500000000);
	zone("XYZ-3");
	is("1970-01-01T03:00:00", GT_WHEN_WALL, 0);
	is("1970-01-01T00:00:00Z", GT_WHEN_WALL, 0);
}

Test(when, what_is_no_time)
{
	static const char *const bad[] = {
		"",
		"5",
		"s",
		".5s",
		"1.s",
		"1.5.s",
		"-1s",
		"1 s",
		"1d",
		"soon",
		"9223372036854775808ns",
		"9223372037s",
		"3000000h",
		"2026-01-31",
		"2026-13-31T00:00",
		"2026-00-31T00:00",
		"2026-01-32T00:00",
		"2026-01-00T00:00",
		"2026-01-01T24:00",
		"2026-01-01T00:60",
		"2026-01-01T00:00:61",
		"2026-01-01T0:00",
		"2026-01-01T00:00:00.",
		"2026-01-01T00:00:00z",
		"2026-01-01T00:00+",
		"2026-01-01T00:00+01:0",
		"2026-01-01T00:00+01:00x",
		"9999-01-01T00:00",
		"20260-01-01T00:00",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		is_none(bad[i]);
}

Test(when, what_is_printed_can_be_read_back)
{
	static const int64_t times[] = {0, 1, 999999999, -1, -1000000000, 1769862896789000001};
	char buf[GT_WHEN_TEXT];

	zone("XYZ+2:30");
	cr_expect_str_eq(gt_when_wall(1769862896789000001, buf), "2026-01-31T10:04:56.789000001-02:30");
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		is(gt_when_wall(times[i], buf), GT_WHEN_WALL, times[i]);
}

Test(when, the_part_of_a_stretch_in_a_span)
{
	struct gt_span span = {10, 20};
	uint64_t ns = 77;

	cr_expect(gt_span_part(span, 0, 30, &ns) && ns == 10);
	cr_expect(gt_span_part(span, 12, 15, &ns) && ns == 3);
	cr_expect(gt_span_part(span, 5, 10, &ns) && ns == 0);
	cr_expect(!gt_span_part(span, 0, 9, &ns) && !gt_span_part(span, 21, 30, &ns));
	span = (struct gt_span){INT64_MIN, INT64_MAX};
	cr_expect(gt_span_part(span, INT64_MIN, INT64_MAX, &ns) && ns == UINT64_MAX);
}

Test(when, a_moment_as_go_prints_it)
{
	char buf[GT_WHEN_TEXT];

	setenv("TZ", "UTC", 1);
	tzset();
	cr_expect_str_eq(gt_when_go(1769862896, 0, buf), "2026-01-31T12:34:56Z");
	cr_expect_str_eq(gt_when_go(1769862896, 120, buf), "2026-01-31T12:34:56.00000012Z");
	cr_expect_str_eq(gt_when_go(1769862896, 2000000001, buf), "2026-01-31T12:34:58.000000001Z");
	cr_expect_str_eq(gt_when_go(1769862896, -1, buf), "2026-01-31T12:34:55.999999999Z");
	setenv("TZ", "XXX2:30", 1);
	tzset();
	cr_expect_str_eq(gt_when_go(1769862896, 500000000, buf), "2026-01-31T10:04:56.5-02:30");
	gt_when_go(INT64_MAX, INT64_MAX, buf);
	gt_when_go(INT64_MIN, INT64_MIN, buf);
}

Test(when, a_window_on_the_clock_of_the_trace)
{
	struct gt_anchor anchor = {.known = true, .trace = 1000, .wall = 5000000000};
	struct gt_window window = {{GT_WHEN_NONE, 0}, {GT_WHEN_NONE, 0}};
	struct gt_span span = gt_window_span(&window, 900, &anchor);

	cr_expect(span.from == INT64_MIN && span.to == INT64_MAX);
	cr_expect_not(gt_window_is_wall(&window));
	window.from = (struct gt_when){GT_WHEN_RELATIVE, 50};
	window.to = (struct gt_when){GT_WHEN_WALL, 5000000300};
	span = gt_window_span(&window, 900, &anchor);
	cr_expect(span.from == 950 && span.to == 1300);
	cr_expect(gt_window_is_wall(&window));
	window.from.ns = INT64_MAX;
	cr_expect_eq(gt_window_span(&window, 900, &anchor).from, INT64_MAX);
}

Test(when, a_window_has_an_end_or_is_everything)
{
	struct gt_window window = {0};

	cr_expect_not(gt_window_has_end(&window));
	cr_assert(gt_when_parse("0", &window.to));
	cr_expect(gt_window_has_end(&window));
	window = (struct gt_window){0};
	cr_assert(gt_when_parse("2026-01-31T12:34:56Z", &window.from));
	cr_expect(gt_window_has_end(&window));
}
