/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Colour is put into a line that was printed plain.
 */
#include "decoder/paint.h"

#include "test/lib/text.h"

#include <criterion/criterion.h>

static struct gt_out out;
static struct gt_paint paint;

static void set_up(void)
{
	gt_out_open(&out, -1);
	gt_out_str(&out, "before\n");
	gt_paint_start(&paint, &out);
}

TestSuite(paint, .init = set_up);

Test(paint, marks_become_escapes)
{
	gt_paint_mark(&paint, &out, GT_COLOUR_TIME);
	gt_out_str(&out, "12 ");
	gt_paint_mark(&paint, &out, GT_COLOUR_NONE);
	gt_out_str(&out, "P1 ");
	gt_paint_mark(&paint, &out, GT_COLOUR_STAY);
	gt_out_str(&out, "after");
	gt_paint_apply(&paint, &out);
	gt_expect_text(&out, "before\n\033[2m12 \033[0mP1 \033[32mafter\033[0m");
}

Test(paint, a_line_without_marks_stays_plain)
{
	gt_paint_mark(NULL, &out, GT_COLOUR_TIME);
	gt_out_str(&out, "plain");
	gt_paint_apply(&paint, &out);
	gt_expect_text(&out, "before\nplain");
}

Test(paint, marks_beyond_the_last_are_left_out)
{
	for (int i = 0; i < GT_PAINT_MARKS + 5; i++) {
		gt_paint_mark(&paint, &out, i < GT_PAINT_MARKS ? GT_COLOUR_NONE : GT_COLOUR_TIME);
		gt_out_char(&out, 'x');
	}
	cr_expect_eq(paint.marks, GT_PAINT_MARKS);
	paint.marks = 1;
	gt_paint_apply(&paint, &out);
	gt_expect_text(&out, "before\n\033[0mxxxxxxxxxxxxxxxxxxxxx");
}
