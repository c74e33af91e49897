/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The line that says how far the work has come: after a while, on a terminal, and gone at the end.
 */
#include "decoder/progress.h"

#include "test/lib/capture.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A terminal, or -1 where there are none. */
static int terminal(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);

	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
		return -1;
	return open(ptsname(master), O_RDWR | O_NOCTTY);
}

Test(progress, it_is_for_a_terminal_that_does_not_show_the_output)
{
	struct gt_progress progress;
	int tty = terminal();
	int null = open("/dev/null", O_WRONLY);
	int stderr_was = dup(STDERR_FILENO);
	bool alone, shared, nowhere;

	if (tty < 0)
		cr_skip_test("no terminals here");
	dup2(tty, STDERR_FILENO);
	gt_progress_start(&progress, null);
	alone = progress.on;
	gt_progress_start(&progress, tty);
	shared = progress.on;
	dup2(null, STDERR_FILENO);
	gt_progress_start(&progress, null);
	nowhere = progress.on;
	dup2(stderr_was, STDERR_FILENO);
	cr_expect(alone && !shared && !nowhere);
}

static int early(void *unused)
{
	struct gt_progress progress;

	(void)unused;
	gt_progress_start(&progress, STDOUT_FILENO);
	progress.on = true;
	for (int i = 0; i < 100000; i++) {
		if (gt_progress_event(&progress))
			gt_progress_draw(&progress, 1, 1, 1);
	}
	gt_progress_end(&progress);
	return 0;
}

Test(progress, short_work_says_nothing)
{
	struct gt_captured said;

	gt_capture(early, NULL, &said);
	cr_expect_str_eq(said.err, "");
}

static int late(void *unused)
{
	struct gt_progress progress;

	(void)unused;
	gt_progress_start(&progress, STDOUT_FILENO);
	progress.on = true;
	progress.next = 0;
	for (int i = 0; i < 100000; i++) {
		if (gt_progress_event(&progress))
			gt_progress_draw(&progress, 2500000, 199, 1000);
	}
	gt_progress_end(&progress);
	gt_progress_end(&progress);
	return 0;
}

Test(progress, long_work_says_how_far_it_is_and_clears_up)
{
	struct gt_captured said;

	gt_capture(late, NULL, &said);
	cr_expect_str_eq(said.err, "\rgtrace: 4096 events, 2.50ms of the trace, 19 %\033[K\r\033[K");
	cr_expect_str_eq(said.out, "");
}

static int without(void *unused)
{
	struct gt_progress progress = {.on = true, .events = 7};

	(void)unused;
	gt_progress_draw(&progress, -1, 5, 0);
	gt_progress_draw(&progress, -1, 9, 5);
	return 0;
}

Test(progress, what_is_unknown_is_left_out)
{
	struct gt_captured said;

	gt_capture(without, NULL, &said);
	cr_expect_str_eq(said.err, "\rgtrace: 7 events\033[K\rgtrace: 7 events, 100 %\033[K");
}
