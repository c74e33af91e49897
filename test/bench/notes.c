/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * notes NAME: nanoseconds per annotation call, one number, the median of 31 rounds. A function of its own makes the call each
 * time, so that the compiler can't look for the library once and leave the loop empty.
 */
#include "../../preload/gtrace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 31, CALLS = 2000 };

static __attribute__((noinline)) void nothing(int i)
{
	__asm__ volatile("" ::"r"(i));
}

static __attribute__((noinline)) void is_on(int i)
{
	(void)i;
	gtrace_is_on();
	__asm__ volatile("");
}

static __attribute__((noinline)) void region(int i)
{
	if (i % 2)
		gtrace_region_end(0, "region of a program");
	else
		gtrace_region_begin(0, "region of a program");
}

static __attribute__((noinline)) void task(int i)
{
	static uint64_t open;

	if (i % 2)
		gtrace_task_end(open);
	else
		open = gtrace_task_begin(0, "task of a program");
}

static __attribute__((noinline)) void message(int i)
{
	(void)i;
	gtrace_log(0, "category", "a message that is the same each time");
}

static __attribute__((noinline)) void format(int i)
{
	gtrace_logf(0, "category", "message %d", i % 100);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double measure(void (*op)(int))
{
	double ns[ROUNDS];

	for (int round = 0; round < ROUNDS; round++) {
		struct timespec a, b;

		clock_gettime(CLOCK_MONOTONIC, &a);
		for (int i = 0; i < CALLS; i++)
			op(i);
		clock_gettime(CLOCK_MONOTONIC, &b);
		ns[round] = ((double)(b.tv_sec - a.tv_sec) * 1e9 + (double)(b.tv_nsec - a.tv_nsec)) / CALLS;
	}
	qsort(ns, ROUNDS, sizeof(ns[0]), compare);
	return ns[ROUNDS / 2];
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*op)(int);
	} ops[] = {
		{"nothing", nothing}, {"is_on", is_on}, {"region", region},
		{"task", task},       {"log", message}, {"logf", format},
	};

	for (size_t i = 0; argc == 2 && i < sizeof(ops) / sizeof(ops[0]); i++)
		if (!strcmp(argv[1], ops[i].name))
			return printf("%.2f\n", measure(ops[i].op)) < 0;
	return 2;
}
