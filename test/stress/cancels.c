/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * cancels CHILDREN: each child records a thread that may be cancelled at any instruction and does nothing but what is recorded, and is
 * the first of its process to be cancelled. Prints "done".
 */
#include "../../preload/gtrace.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static sem_t begun, other;
static int null;

static void *victim(void *unused)
{
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	sem_post(&begun);
	for (;;) {
		if (write(null, "x", 1) != 1)
			abort();
		sched_yield();
		sem_post(&other);
		sem_trywait(&other);
	}
	return unused;
}

static void child(long i)
{
	struct timespec moment = {0, (i * 7919) % 300000};
	pthread_t thread;
	void *value;

	if (gtrace_start() != 1)
		abort();
	if (sem_init(&begun, 0, 0) != 0 || sem_init(&other, 0, 0) != 0 ||
	    pthread_create(&thread, NULL, victim, NULL) != 0)
		abort();
	while (sem_wait(&begun) != 0)
		;
	nanosleep(&moment, NULL);
	if (pthread_cancel(thread) != 0 || pthread_join(thread, &value) != 0 || value != PTHREAD_CANCELED)
		abort();
	exit(0);
}

int main(int argc, char **argv)
{
	long n = argc > 1 ? atol(argv[1]) : 1;

	null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	for (long i = 0; i < n; i++) {
		int status;
		pid_t pid = fork();

		if (pid == 0)
			child(i);
		if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
			abort();
	}
	puts("done");
	return 0;
}
