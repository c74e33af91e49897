/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads that may be cancelled at any instruction are recorded, and cancelled in the middle of what is recorded: of waits, calls, yields
 * and wakes. Who waits for them, and whom they wake, goes on.
 */
#include "check.h"
#include <pthread.h>
#include <semaphore.h>
#include <sys/wait.h>
#include <time.h>

enum { ROUNDS = 800, TURNS = 50 };

static sem_t ping, pong;
static int null, ends[2];
static volatile int who;

static void *answer(void *arg)
{
	int old;

	CHECK(pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL) == 0);
	for (int i = 0; i < TURNS; i++) {
		while (sem_wait(&ping) != 0)
			;
		CHECK(write(null, "x", 1) == 1 && usleep(1) == 0);
		sem_post(&pong);
	}
	CHECK(pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old) == 0 && old == PTHREAD_CANCEL_ASYNCHRONOUS);
	return arg;
}

/* A child of such a thread is one, and is recorded. */
static void *parent(void *arg)
{
	pid_t child;
	int old, status;

	CHECK(pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL) == 0);
	child = fork();
	if (child == 0) {
		for (int i = 0; i < TURNS; i++)
			CHECK(write(null, "x", 1) == 1);
		CHECK(pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &old) == 0 && old == PTHREAD_CANCEL_ASYNCHRONOUS);
		CHECK(usleep(1) == 0);
		_exit(0);
	}
	CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0);
	return arg;
}

static void *victim(void *arg)
{
	char c;

	CHECK(pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL) == 0);
	who = my_tid();
	sem_post(&pong);
	for (long i = (long)arg;; i++) {
		CHECK(write(null, "x", 1) == 1);
		sched_yield();
		sem_post(&ping);
		sem_trywait(&ping);
		if (i % 20 == 0)
			CHECK(read(ends[0], &c, 1) == 1);
		if (i % 30 == 7)
			usleep(1);
	}
	return arg;
}

int main(void)
{
	pthread_t thread;
	struct timespec moment;
	void *value;

	CHECK((null = open("/dev/null", O_WRONLY)) >= 0 && pipe(ends) == 0);
	CHECK(sem_init(&ping, 0, 0) == 0 && sem_init(&pong, 0, 0) == 0);
	CHECK(pthread_create(&thread, NULL, answer, NULL) == 0);
	for (int i = 0; i < TURNS; i++) {
		sem_post(&ping);
		CHECK(sem_wait(&pong) == 0);
	}
	CHECK(pthread_join(thread, NULL) == 0);
	CHECK(pthread_create(&thread, NULL, parent, NULL) == 0 && pthread_join(thread, NULL) == 0);
	for (long i = 0; i < ROUNDS; i++) {
		CHECK(pthread_create(&thread, NULL, victim, (void *)i) == 0);
		CHECK(sem_wait(&pong) == 0);
		if (i % 40 == 0)
			wait_until_blocked(&who);
		moment = (struct timespec){0, (i * 7919) % 40000};
		if (i % 3)
			nanosleep(&moment, NULL);
		CHECK(pthread_cancel(thread) == 0 && pthread_join(thread, &value) == 0 && value == PTHREAD_CANCELED);
	}
	printf("%d cancelled\n", ROUNDS);
	return 0;
}
