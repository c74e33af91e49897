/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Signals that are sent to the process as a whole, while its threads are recorded: one that all of them block is kept
 * until sigwait asks for it, and one that has a handler is handled by a thread of the program.
 */
#include "check.h"
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

enum { SIGNALS = 100, THREADS = 2 };

static atomic_int is_over, handled, strangers, tids[THREADS + 1];

static void handler(int signal)
{
	int tid = my_tid(), known = 0;

	(void)signal;
	for (int i = 0; i <= THREADS; i++)
		known |= tids[i] == tid;
	strangers += !known;
	handled++;
}

static void *nothing(void *arg)
{
	return arg;
}

static void *work(void *arg)
{
	*(atomic_int *)arg = my_tid();
	while (!is_over)
		usleep(200);
	return NULL;
}

int main(void)
{
	struct sigaction action = {.sa_handler = handler};
	pthread_t threads[THREADS];
	int signal, got = 0;
	sigset_t set;

	/* recording in threads begins while nothing is blocked */
	CHECK(pthread_create(&threads[0], NULL, nothing, NULL) == 0 && pthread_join(threads[0], NULL) == 0);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	CHECK(sigaction(SIGUSR1, &action, NULL) == 0 && pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
	tids[THREADS] = my_tid();
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_create(&threads[i], NULL, work, &tids[i]) == 0);
	for (int i = 0; i < THREADS; i++) {
		while (tids[i] == 0)
			sched_yield();
	}
	for (int i = 0; i < SIGNALS; i++) {
		CHECK(kill(getpid(), SIGTERM) == 0 && sigwait(&set, &signal) == 0 && signal == SIGTERM);
		got++;
		CHECK(kill(getpid(), SIGUSR1) == 0);
		while (handled < i + 1)
			sched_yield();
	}
	is_over = 1;
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	printf("%d taken, %d handled, %d by strangers\n", got, handled, strangers);
	return 0;
}
