/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A handler that annotates, in the middle of a thread that does the same all the time. What it says inside a section is
 * dropped, and what both say stays nested.
 */
#include "../../../preload/gtrace.h"
#include "check.h"

#include <errno.h>
#include <signal.h>
#include <sys/time.h>

enum { SIGNALS = 300, EVERY_US = 100 };

static volatile sig_atomic_t seen;

static void handle(int number)
{
	errno = 1234;
	gtrace_region_begin(0, "handler");
	gtrace_logf(0, "signal", "%d", number);
	gtrace_task_end(gtrace_task_begin(0, "handled"));
	gtrace_region_end(0, "handler");
	CHECK(errno == 1234);
	seen++;
}

int main(void)
{
	struct itimerval often = {{0, EVERY_US}, {0, EVERY_US}}, never = {{0, 0}, {0, 0}};
	struct sigaction action = {.sa_handler = handle};

	CHECK(sigaction(SIGALRM, &action, NULL) == 0);
	CHECK(setitimer(ITIMER_REAL, &often, NULL) == 0);
	for (int i = 0; seen < SIGNALS; i++) {
		gtrace_region_begin(0, "outer");
		gtrace_region_begin(0, "inner");
		gtrace_logf(0, "deep", "%d", i % 100);
		gtrace_region_end(0, "inner");
		gtrace_region_end(0, "outer");
	}
	CHECK(setitimer(ITIMER_REAL, &never, NULL) == 0);
	puts("done");
	return 0;
}
