/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads in every state before the recording begins: its first generation, in which nobody does anything, says what each
 * of them does. Then all go on.
 */
#include "../../../preload/gtrace.h"
#include "check.h"

#include <pthread.h>
#include <semaphore.h>
#include <sys/stat.h>

enum { THREADS = 8 };

static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER, lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static sem_t sem;
static pthread_t thread[THREADS];
static volatile int tid[THREADS], stopped, signalled;
static char fifo[64];

static int announce(const void *arg)
{
	int i = (int)(intptr_t)arg;

	tid[i] = my_tid();
	return i;
}

static void *spin(void *arg)
{
	announce(arg);
	while (!stopped)
		;
	return NULL;
}

static void *lock_mutex(void *arg)
{
	announce(arg);
	pthread_mutex_lock(&held);
	pthread_mutex_unlock(&held);
	return NULL;
}

static void *wait_cond(void *arg)
{
	pthread_mutex_lock(&lock);
	announce(arg);
	while (!signalled)
		pthread_cond_wait(&cond, &lock);
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void *wait_sem(void *arg)
{
	announce(arg);
	sem_wait(&sem);
	return NULL;
}

static void *sleep_long(void *arg)
{
	pthread_setname_np(pthread_self(), "sleeper");
	announce(arg);
	usleep(1000000);
	return NULL;
}

/* A call that the recorder does not know to wait: it waits for somebody to write. */
static void *open_fifo(void *arg)
{
	announce(arg);
	close(open(fifo, O_RDONLY));
	return NULL;
}

static void *join_spinner(void *arg)
{
	announce(arg);
	pthread_join(thread[0], NULL);
	return NULL;
}

/* It has waited before, and runs on without a slot. */
static void *wait_and_spin(void *arg)
{
	usleep(1000);
	announce(arg);
	while (!stopped)
		;
	return NULL;
}

static void start_threads(void)
{
	static void *(*const routine[THREADS])(void *) = {spin,       lock_mutex, wait_cond,    wait_sem,
							  sleep_long, open_fifo,  join_spinner, wait_and_spin};

	for (intptr_t i = 0; i < THREADS; i++)
		CHECK(pthread_create(&thread[i], NULL, routine[i], (void *)i) == 0);
	for (int i = 1; i < THREADS - 1; i++)
		wait_until_blocked(&tid[i]);
	while (!tid[0] || !tid[THREADS - 1])
		sched_yield();
}

int main(void)
{
	int is_traced = getenv("GTRACE_BARE") == NULL;

	snprintf(fifo, sizeof(fifo), "late_start.%d.fifo", (int)getpid());
	CHECK(mkfifo(fifo, 0600) == 0);
	CHECK(sem_init(&sem, 0, 0) == 0);
	pthread_mutex_lock(&held);
	start_threads();
	CHECK(gtrace_is_on() == 0);
	CHECK(gtrace_start() == is_traced);
	CHECK(gtrace_start() == is_traced);
	CHECK(gtrace_flush() == is_traced);
	pthread_mutex_unlock(&held);
	pthread_mutex_lock(&lock);
	signalled = 1;
	pthread_cond_signal(&cond);
	pthread_mutex_unlock(&lock);
	sem_post(&sem);
	close(open(fifo, O_WRONLY));
	stopped = 1;
	for (int i = 1; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	CHECK(gtrace_stop() == is_traced);
	CHECK(gtrace_stop() == is_traced);
	CHECK(gtrace_is_on() == 0);
	unlink(fifo);
	puts("done");
	return 0;
}
