/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stacks with weights: what they are weighted by, what is in a line, and what bytes in a trace do to it.
 */
#include "decoder/folded.h"

#include "test/lib/builder.h"
#include "test/lib/summed.h"
#include "test/lib/tempdir.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>

static struct gt_builder b;
static struct gt_window window;
static struct gt_filter *filter;

static void set_up(void)
{
	window = (struct gt_window){{GT_WHEN_NONE, 0}, {GT_WHEN_NONE, 0}};
	filter = gt_filter_new();
}

static void tear_down(void)
{
	gt_filter_free(filter);
	gt_build_free(&b);
	gt_temp_clean();
}

TestSuite(folded, .init = set_up, .fini = tear_down);

static void prints(char *const *paths, int n, enum gt_folded what, const char *expected)
{
	struct gt_out out;

	gt_out_open(&out, -1);
	cr_expect(gt_folded_print(paths, n, what, &window, filter, NULL, &out));
	gt_expect_text(&out, expected);
}

Test(folded, waits_and_calls_by_time)
{
	char *paths[] = {gt_summed_trace("a", 20), gt_summed_trace("b", 21)};

	prints(paths, 1, GT_FOLDED_WAIT, "main;0x77;[sync] 4000\n");
	prints(paths, 1, GT_FOLDED_SYSCALL, "main;[read] 40\n");
	prints(paths, 1, GT_FOLDED_CREATE, "");
	prints(paths, 2, GT_FOLDED_SYSCALL, "a\\x1bpp[20];main;[read] 40\na\\x1bpp[21];main;[read] 40\n");
}

Test(folded, a_window_and_a_filter_leave_out)
{
	char *paths[] = {gt_summed_trace("a", 20)};

	window.to = (struct gt_when){GT_WHEN_RELATIVE, 509};
	prints(paths, 1, GT_FOLDED_WAIT, "main;0x77;[sync] 500\n");
	gt_filter_add(filter, GT_FILTER_THREAD, "other");
	prints(paths, 1, GT_FOLDED_WAIT, "");
}

/* Semicolons would be frames, and newlines rows. What goes on at the end counts as far as it has come. */
Test(folded, frames_from_the_outside_in)
{
	char *paths[1];

	gt_build_start(&b);
	gt_add_GoCreate(&b, 10, 2, 4, 3);
	gt_add_GoCreate(&b, 10, 3, 4, 3);
	gt_add_GoBlock(&b, 10, 5, 3);
	gt_add_ProcStop(&b, 70);
	gt_build_end(&b);
	gt_build_string(&b, 1, 1, "a;b\n", 4);
	gt_build_string(&b, 1, 2, "outer", 5);
	gt_build_string(&b, 1, 5, "", 0);
	gt_build_batch(&b, 1, GT_NONE, 0);
	gt_build_bytes(&b, (const uint8_t[]){GT_FR_Stacks, GT_FR_Stack, 3, 2, 0x10, 1, 0, 0, 0x20, 2, 0, 0}, 12);
	gt_build_bytes(&b, (const uint8_t[]){GT_FR_Stack, 4, 1, 0x30, 2, 0, 0}, 7);
	gt_build_end(&b);
	paths[0] = (char *)gt_build_path(&b);
	prints(paths, 1, GT_FOLDED_CREATE, "outer;a:b\\n;[outer] 2\n");
	paths[0] = (char *)gt_build_path(&b);
	prints(paths, 1, GT_FOLDED_WAIT, "outer;a:b\\n;[unknown] 70\n");
	prints(paths, 1, GT_FOLDED_SYSCALL, "");
	prints(paths, 1, GT_FOLDED_CPU, "");
}

Test(folded, samples_by_where_they_were_taken)
{
	char *paths[1];

	gt_build_start(&b);
	gt_add_GoCreate(&b, 10, 2, 0, 0);
	gt_add_GoCreate(&b, 100, 3, 0, 0);
	gt_build_end(&b);
	gt_build_stack(&b, 1, 4, 0x10, 2);
	gt_build_sample(&b, 1, 20, 1, 4);
	gt_build_sample(&b, 1, 30, 1, 4);
	gt_build_sample(&b, 1, 40, 0, 4);
	gt_build_sample(&b, 1, 50, 1, 0);
	paths[0] = (char *)gt_build_path(&b);
	prints(paths, 1, GT_FOLDED_CPU, "0x10;0x10 3\n[unknown] 1\n");
	prints(paths, 1, GT_FOLDED_CREATE, "[unknown] 2\n");
	window.to = (struct gt_when){GT_WHEN_RELATIVE, 15};
	prints(paths, 1, GT_FOLDED_CPU, "0x10;0x10 2\n");
}
