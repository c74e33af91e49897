/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * event TRACE: what one event costs, in its own section, against the bare reading of the processor's counter.
 * Linked to the recorder without its entry points; the time includes bringing full buffers to the file.
 */
#include "shim/emit.h"
#include "shim/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 51, PER_ROUND = 20000 };

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

static void read_counter(void)
{
	for (int i = 0; i < PER_ROUND; i++)
		(void)gt_rdtsc();
}

static void write_events(void)
{
	struct gt_section s;

	for (int i = 0; i < PER_ROUND; i++) {
		if (!gt_section_enter(&s, gt_self))
			exit(1);
		gt_emit_HeapAlloc(&s, (gt_heapalloc_value_t){(uint64_t)i});
		gt_section_leave(&s);
	}
}

static double median_ns(void (*work)(void))
{
	double round[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		double start = now_ns();

		work();
		round[i] = (now_ns() - start) / PER_ROUND;
	}
	qsort(round, ROUNDS, sizeof(round[0]), by_value);
	return round[ROUNDS / 2];
}

int main(int argc, char **argv)
{
	struct gt_libc libc = {.pthread_create = pthread_create, .pthread_sigmask = pthread_sigmask};
	char output[512];
	char *env[] = {output, NULL};

	snprintf(output, sizeof(output), "GTRACE_OUTPUT=%s", argc > 1 ? argv[1] : "event.trace");
	gt_process_start(&libc, argc, argv, env);
	if (!gt_self)
		return 1;
	printf("%.2f %.2f\n", median_ns(read_counter), median_ns(write_events));
	gt_process_finish();
	return 0;
}
