/* SPDX-License-Identifier: BSD-3-Clause */
#include "progress.h"

#include "names.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define FIRST INT64_C(1000000000)
#define PERIOD INT64_C(200000000)

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

void gt_progress_start(struct gt_progress *progress, int out)
{
	*progress = (struct gt_progress){.on = isatty(STDERR_FILENO) && !isatty(out), .next = now() + FIRST};
}

void gt_progress_draw(struct gt_progress *progress, int64_t ns)
{
	char text[GT_NAME_LEN];

	if (now() < progress->next)
		return;
	fprintf(stderr, "\rgtrace: %" PRIu64 " events, %s of the trace\033[K", progress->events,
		gt_name_duration(ns > 0 ? (uint64_t)ns : 0, text));
	progress->drawn = true;
	progress->next = now() + PERIOD;
}

void gt_progress_end(struct gt_progress *progress)
{
	if (progress->drawn)
		fputs("\r\033[K", stderr);
	progress->drawn = false;
}
