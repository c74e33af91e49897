/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A program that samples itself by SIGPROF, with threads or without, gets as many signals as ever, and its timers and
 * signal masks are its own.
 */
#include "burn.h"
#include "check.h"
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>

enum { THREADS = 2, HERTZ = 100 };

static volatile int samples, others;

static void sample(int signal)
{
	if (signal == SIGPROF)
		__atomic_fetch_add(&samples, 1, __ATOMIC_RELAXED);
	else
		__atomic_fetch_add(&others, 1, __ATOMIC_RELAXED);
}

static void *burn(void *seconds)
{
	burn_until(*(double *)seconds);
	return NULL;
}

static void check_timer(void)
{
	struct itimerval now;
	struct sigaction action;
	sigset_t pending;

	CHECK(getitimer(ITIMER_PROF, &now) == 0);
	CHECK(now.it_interval.tv_usec == 1000000 / HERTZ);
	CHECK(sigaction(SIGPROF, NULL, &action) == 0 && action.sa_handler == sample);
	CHECK(sigpending(&pending) == 0);
	for (int i = 1; i < SIGRTMIN; i++)
		CHECK(sigismember(&pending, i) == 0);
}

int main(int argc, char **argv)
{
	const struct itimerval often = {{0, 1000000 / HERTZ}, {0, 1000000 / HERTZ}};
	struct sigaction action = {.sa_handler = sample, .sa_flags = SA_RESTART};
	double seconds = 0.3;
	pthread_t thread[THREADS];

	(void)argv;
	CHECK(sigaction(SIGPROF, &action, NULL) == 0 && sigaction(SIGVTALRM, &action, NULL) == 0);
	CHECK(setitimer(ITIMER_PROF, &often, NULL) == 0);
	for (int i = 0; argc > 1 && i < THREADS; i++)
		CHECK(pthread_create(&thread[i], NULL, burn, &seconds) == 0);
	burn(&seconds);
	for (int i = 0; argc > 1 && i < THREADS; i++)
		CHECK(pthread_join(thread[i], NULL) == 0);
	check_timer();
	CHECK(samples >= (argc > 1 ? 3 : 1) * 0.3 * HERTZ * 0.2); /* signals that nobody takes in time become one */
	CHECK(samples <= (argc > 1 ? 3 : 1) * 0.3 * HERTZ * 2); /* the processes' time counts, not the threads' */
	CHECK(others == 0);
	return 0;
}
