/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BURN_H
#define BURN_H

#include <time.h>

/* Runs until the calling thread has used so many seconds of processor time since its start. In the caller's own frame. */
static inline __attribute__((always_inline)) void burn_until(double seconds)
{
	static volatile int turns;
	struct timespec t;

	do {
		for (int i = 0; i < 10000; i++)
			turns++;
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	} while ((double)t.tv_sec + (double)t.tv_nsec / 1e9 < seconds);
}

#endif
