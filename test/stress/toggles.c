/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * toggles SECONDS alone|threads: the signal that stops and starts recording arrives at any instant: in a program of one
 * thread by a timer; or from threads that start, stop and flush as well, while others work and fork.
 */
#include "../../preload/gtrace.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WORKERS = 4, FORKERS = 1, MEDDLERS = 3, THREADS = WORKERS + FORKERS + MEDDLERS, TIMER_NS = 700000 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static volatile int stopped;
static int zero;

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void read_some(int n)
{
	char bytes[64];

	while (n--) {
		if (read(zero, bytes, sizeof(bytes)) != sizeof(bytes))
			abort();
	}
}

static void fork_and_wait(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		read_some(10);
		_exit(0);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (status != 0)
		abort();
}

static void act_alone(double seconds)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR2};
	struct itimerspec every = {{0, TIMER_NS}, {0, TIMER_NS}};
	double end = now() + seconds;
	timer_t timer;

	if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0)
		abort();
	timer_settime(timer, 0, &every, NULL);
	for (int i = 1; now() < end; i++) {
		read_some(50);
		sched_yield();
		if (i % 100 == 0)
			fork_and_wait();
	}
	timer_delete(timer);
}

static void *work(void *arg)
{
	while (!stopped) {
		read_some(1);
		pthread_mutex_lock(&mutex);
		sched_yield();
		pthread_mutex_unlock(&mutex);
	}
	return arg;
}

static void *fork_often(void *arg)
{
	while (!stopped) {
		fork_and_wait();
		usleep(2000);
	}
	return arg;
}

static void meddle_once(unsigned how)
{
	switch (how % 4) {
	case 0:
		gtrace_start();
		break;
	case 1:
		gtrace_stop();
		break;
	case 2:
		gtrace_flush();
		break;
	default:
		kill(getpid(), SIGUSR2);
	}
}

static void *meddle(void *arg)
{
	unsigned seed = (unsigned)(uintptr_t)arg;

	while (!stopped) {
		meddle_once((unsigned)rand_r(&seed) >> 3);
		usleep((unsigned)rand_r(&seed) % 800);
	}
	return NULL;
}

static void act_with_threads(double seconds)
{
	double end = now() + seconds;
	pthread_t thread[THREADS];

	for (uintptr_t i = 0; i < THREADS; i++) {
		void *(*act)(void *) = i < WORKERS ? work : i < WORKERS + FORKERS ? fork_often : meddle;

		if (pthread_create(&thread[i], NULL, act, (void *)(i + 1)) != 0)
			abort();
	}
	while (now() < end)
		usleep(10000);
	stopped = 1;
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	zero = open("/dev/zero", O_RDONLY);
	if (strcmp(argv[2], "alone") == 0)
		act_alone(atof(argv[1]));
	else
		act_with_threads(atof(argv[1]));
	puts("done");
	return 0;
}
