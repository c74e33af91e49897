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

bool gt_progress_is_due(const struct gt_progress *progress)
{
	return now() >= progress->next;
}

void gt_progress_draw(struct gt_progress *progress, int64_t ns, uint64_t done, uint64_t all)
{
	char text[GT_NAME_LEN];

	fprintf(stderr, "\rgtrace: %" PRIu64 " events", progress->events);
	if (ns >= 0)
		fprintf(stderr, ", %s of the trace", gt_name_duration((uint64_t)ns, text));
	if (all > 0)
		fprintf(stderr, ", %d %%", done < all ? (int)((double)done * 100 / (double)all) : 100);
	fputs("\033[K", stderr);
	progress->drawn = true;
	progress->next = now() + PERIOD;
}

void gt_progress_end(struct gt_progress *progress)
{
	if (progress->drawn)
		fputs("\r\033[K", stderr);
	progress->drawn = false;
}
