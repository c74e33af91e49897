/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * start N COMMAND [ARGS]: microseconds from its beginning to its end, median of N runs. Ends with 1 when it cannot be run.
 */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b)
{
	return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

int main(int argc, char **argv)
{
	int n = argc > 2 ? atoi(argv[1]) : 0;
	double *us = calloc((size_t)n + 1, sizeof(*us));

	if (n < 1 || !us)
		return 1;
	for (int i = 0; i < n; i++) {
		double start = now_us();
		pid_t pid;
		int status;

		if (posix_spawnp(&pid, argv[2], NULL, NULL, argv + 2, environ) != 0 ||
		    waitpid(pid, &status, 0) != pid || status != 0)
			return 1;
		us[i] = now_us() - start;
	}
	qsort(us, (size_t)n, sizeof(*us), by_value);
	printf("%.2f\n", us[n / 2]);
	free(us);
	return 0;
}
