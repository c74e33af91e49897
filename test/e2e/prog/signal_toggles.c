/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A signal stops and starts the recording, with threads that wait and work, or in a program of one thread (argument
 * "alone"). The program has no handler: bare, it would be killed.
 */
#include "../../../preload/gtrace.h"
#include "check.h"

#include <pthread.h>
#include <signal.h>

enum { THREADS = 4 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static volatile int stopped;
static int ends[2];

static void *work(void *arg)
{
	while (!stopped) {
		pthread_mutex_lock(&mutex);
		usleep(100);
		pthread_mutex_unlock(&mutex);
	}
	return arg;
}

/* A call that a signal interrupts, and that is started again. */
static void *wait_for_byte(void *arg)
{
	char byte;

	CHECK(read(ends[0], &byte, 1) == 1);
	return arg;
}

/* The signal may arrive at another thread, and what it asks for be done by yet another one. */
static void toggle(int is_on)
{
	if (getenv("GTRACE_BARE"))
		return;
	CHECK(kill(getpid(), SIGUSR2) == 0);
	while (gtrace_is_on() != is_on)
		sched_yield();
}

static void act(void)
{
	for (int i = 0; i < 3; i++) {
		usleep(2000);
		toggle(0);
		usleep(2000);
		toggle(1);
	}
}

static void act_with_threads(void)
{
	pthread_t thread[THREADS + 1];

	CHECK(pipe(ends) == 0);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_create(&thread[i], NULL, work, NULL) == 0);
	CHECK(pthread_create(&thread[THREADS], NULL, wait_for_byte, NULL) == 0);
	act();
	stopped = 1;
	CHECK(write(ends[1], "x", 1) == 1);
	for (int i = 0; i <= THREADS; i++)
		pthread_join(thread[i], NULL);
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		act();
	else
		act_with_threads();
	puts("done");
	return 0;
}
