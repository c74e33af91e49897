/* SPDX-License-Identifier: BSD-3-Clause */
#include "threads.h"

#include <semaphore.h>
#include <time.h>

struct row *main_row;
pthread_t waiter;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_mutex_t cond_mutex = PTHREAD_MUTEX_INITIALIZER;
static sem_t ready, never;
static int never_written[2];

static void nap(void)
{
	static const struct timespec moment = {0, 300000};

	nanosleep(&moment, NULL);
}

static void say_locked(struct row *row, void (*say_so)(struct row *))
{
	pthread_mutex_lock(&mutex);
	say_so(row);
	pthread_mutex_unlock(&mutex);
}

static void *say_and_wait(void *where)
{
	char byte;

	say_often(page_row(), SAID);
	sem_post(&ready);
	if (where == &cond) {
		pthread_mutex_lock(&cond_mutex);
		for (;;)
			pthread_cond_wait(&cond, &cond_mutex);
	}
	if (where == &never) {
		while (sem_wait(&never) != 0)
			;
	}
	return read(never_written[0], &byte, 1) < 0 ? where : NULL;
}

static void *say_on(void *arg)
{
	struct row *row = page_row();

	for (int i = 0;; i++) {
		if (i == SAID)
			sem_post(&ready);
		say_locked(row, say_if_on);
		if (i >= SAID || i % 8 == 0)
			nap();
	}
	return arg;
}

void *say_some(void *unused)
{
	struct row *row = page_row();

	for (int i = 0; i < SAID; i++) {
		say_locked(row, say);
		if (i % 8 == 0)
			nap();
	}
	return unused;
}

void start(pthread_t *thread, void *(*routine)(void *), void *arg)
{
	if (pthread_create(thread, NULL, routine, arg) != 0)
		_exit(99);
}

void start_threads(void)
{
	pthread_t thread;

	if (pipe(never_written) != 0 || sem_init(&ready, 0, 0) != 0 || sem_init(&never, 0, 0) != 0)
		_exit(99);
	start(&thread, say_on, NULL);
	pthread_detach(thread);
	start(&thread, say_on, NULL);
	start(&thread, say_and_wait, &cond);
	start(&thread, say_and_wait, never_written);
	start(&waiter, say_and_wait, &never);
	for (int i = 0; i < 5; i++) {
		while (sem_wait(&ready) != 0)
			;
	}
}

void child_begins(void)
{
	alarm(30);
	pthread_mutex_init(&mutex, NULL);
	main_row = page_row();
}

void say_with_thread(struct row *row)
{
	pthread_t thread;

	say_often(row, SAID);
	start(&thread, say_some, NULL);
	pthread_join(thread, NULL);
	say_locked(row, say);
}
