/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What one event costs, in its own section. Linked to the recorder without its entry points; the time includes bringing full
 * buffers to the file.
 *
 * event: nanoseconds, medians: the bare reading of the processor's counter, an event, an event with its stack of
 * eight frames, the same stack again, and another stack each time.
 * event event|stack|stacks COUNT: that many, untimed.
 */
#include "counted.h"
#include "shim/emit.h"
#include "shim/process.h"
#include "shim/stacks.h"
#include "shim/vdso.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <time.h>

enum { ROUNDS = 51, PER_ROUND = 20000, DEPTH = 8 };

static volatile unsigned long long sink;

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

static void read_counter(int n)
{
	while (n--)
		(void)gt_rdtsc();
}

static void write_events(int n)
{
	struct gt_section s;

	while (n--) {
		if (!gt_section_enter(&s, gt_self))
			exit(1);
		gt_emit_HeapAlloc(&s, (gt_heapalloc_value_t){(uint64_t)n});
		gt_section_leave(&s);
	}
}

static __attribute__((noinline)) void write_with_stack(int n)
{
	const void *pc = __builtin_return_address(0);
	struct gt_section s;

	while (n--) {
		if (!gt_section_enter(&s, gt_self))
			exit(1);
		gt_emit_ProcsChange(&s, (gt_procs_value_t){1}, gt_stack_here(&gt_self->memo, s.gen, pc));
		gt_section_leave(&s);
	}
}

/* The frames between main() and the event, by one of 64 ways, so that a stack is not the one before. */
static __attribute__((noinline)) void left(int depth, unsigned path, int n);

static __attribute__((noinline)) void right(int depth, unsigned path, int n)
{
	if (depth == 0)
		write_with_stack(n);
	else if (path & 1)
		right(depth - 1, path >> 1, n);
	else
		left(depth - 1, path >> 1, n);
	sink += 2;
}

static __attribute__((noinline)) void left(int depth, unsigned path, int n)
{
	if (depth == 0)
		write_with_stack(n);
	else if (path & 1)
		right(depth - 1, path >> 1, n);
	else
		left(depth - 1, path >> 1, n);
	sink++;
}

static void same_stack(int n)
{
	left(DEPTH - 4, 0, n);
}

static void other_stacks(int n)
{
	for (unsigned path = 0; n--; path++)
		left(DEPTH - 4, path, 1);
}

static double median_ns(void (*work)(int))
{
	double round[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		double start = now_ns();

		work(PER_ROUND);
		round[i] = (now_ns() - start) / PER_ROUND;
	}
	qsort(round, ROUNDS, sizeof(round[0]), by_value);
	return round[ROUNDS / 2];
}

static void (*work_of(const char *name))(int)
{
	return !strcmp(name, "stack") ? same_stack : !strcmp(name, "stacks") ? other_stacks : write_events;
}

int main(int argc, char **argv, char **envp)
{
	struct gt_libc libc = {
		.pthread_create = pthread_create,
		.pthread_sigmask = pthread_sigmask,
		.clock_gettime = gt_vdso_clock_gettime(envp),
		.find_object = (gt_find_object_fn *)dlsym(RTLD_DEFAULT, "_dl_find_object"),
		.starts = {.libc = (const void *)pthread_create,
			   .program = (const void *)getauxval(AT_PHDR),
			   .libc_start = dlsym(RTLD_DEFAULT, "__libc_start_main")},
	};

	gt_process_start(&libc, argc, argv, envp);
	if (!gt_self)
		return 1;
	if (argc > 2) {
		counted_begin();
		work_of(argv[1])(atoi(argv[2]));
		counted_end();
	} else {
		printf("%.2f %.2f %.2f %.2f\n", median_ns(read_counter), median_ns(write_events), median_ns(same_stack),
		       median_ns(other_stacks));
	}
	gt_process_finish();
	return 0;
}
