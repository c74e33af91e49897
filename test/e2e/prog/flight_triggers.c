/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A flight recorder's traces: by the signal, by the call, by a wait, a system call and a region that are too long, and by
 * the end, each with what was in the window then and no more. Each is waited for, so that their order is known.
 */
#include "../../../preload/gtrace.h"
#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>

enum { THREADS = 4 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static sem_t sem;
static volatile int stopped;

static void *work(void *arg)
{
	while (!stopped) {
		pthread_mutex_lock(&mutex);
		usleep(100);
		pthread_mutex_unlock(&mutex);
	}
	return arg;
}

static void *wait_for_post(void *arg)
{
	sem_wait(&sem);
	return arg;
}

/* Traces that the process has written: the recorder's directory is the one beside ours. */
static int traces(void)
{
	DIR *dir = opendir("../trace");
	struct dirent *entry;
	int n = 0;

	CHECK(dir != NULL);
	while ((entry = readdir(dir)))
		n += strstr(entry->d_name, ".trace.") != NULL && strstr(entry->d_name, ".live") == NULL;
	closedir(dir);
	return n;
}

static void await(int number)
{
	while (!getenv("GTRACE_BARE") && traces() < number)
		usleep(1000);
}

/* Until the recorder, which looks at waits while they last, has found this one too long. */
static void wait_too_long(void)
{
	pthread_t thread;

	CHECK(sem_init(&sem, 0, 0) == 0);
	CHECK(pthread_create(&thread, NULL, wait_for_post, NULL) == 0);
	await(3);
	sem_post(&sem);
	pthread_join(thread, NULL);
}

int main(void)
{
	int is_traced = getenv("GTRACE_BARE") == NULL;
	pthread_t thread[THREADS];

	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_create(&thread[i], NULL, work, NULL) == 0);
	gtrace_log(0, "step", "signal");
	if (is_traced)
		kill(getpid(), SIGUSR2);
	await(1);
	gtrace_log(0, "step", "call");
	CHECK(gtrace_snapshot() == is_traced);
	await(2);
	gtrace_log(0, "step", "wait");
	wait_too_long();
	gtrace_log(0, "step", "region");
	gtrace_region_begin(0, "checkout");
	usleep(30000);
	gtrace_region_end(0, "checkout");
	await(4);
	stopped = 1;
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	gtrace_log(0, "step", "end");
	puts("done");
	return 0;
}
