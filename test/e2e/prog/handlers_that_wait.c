/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Handlers at 2 kHz wait, some frames deep, inside whatever their thread does just then: also inside the recorder when it
 * finds out where a wait is.
 */
#include "check.h"
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>
#include <time.h>

enum { HANDLED = 1500, THREADS = 3 };

static const struct timespec moment = {0, 1000};
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static atomic_int handled;
static sem_t sem;
static int null;

static __attribute__((noinline)) void wait_deep(int depth)
{
	char bytes[100];

	__asm__ volatile("" ::"r"(bytes) : "memory");
	if (depth > 0) {
		wait_deep(depth - 1);
	} else {
		nanosleep(&moment, NULL);
		poll(NULL, 0, 0);
		while (sem_wait(&sem) != 0)
			;
		CHECK(sem_post(&sem) == 0 && write(null, "x", 1) == 1);
	}
	__asm__ volatile("" ::"r"(bytes) : "memory");
}

static void handler(int signal)
{
	int saved_errno = errno;

	(void)signal;
	wait_deep(handled++ % 20);
	errno = saved_errno;
}

static void *work(void *arg)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	CHECK(pthread_sigmask(SIG_UNBLOCK, &set, NULL) == 0);
	while (handled < HANDLED) {
		pthread_mutex_lock(&mutex);
		wait_deep(10);
		pthread_mutex_unlock(&mutex);
		sched_yield();
	}
	return arg;
}

int main(void)
{
	struct itimerval fast = {{0, 500}, {0, 500}}, off = {{0, 0}, {0, 0}};
	struct sigaction action = {.sa_handler = handler};
	pthread_t threads[THREADS];
	sigset_t set;

	CHECK((null = open("/dev/null", O_WRONLY)) >= 0 && sem_init(&sem, 0, THREADS * 2) == 0);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	CHECK(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0 && sigaction(SIGALRM, &action, NULL) == 0);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_create(&threads[i], NULL, work, NULL) == 0);
	CHECK(setitimer(ITIMER_REAL, &fast, NULL) == 0);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	CHECK(setitimer(ITIMER_REAL, &off, NULL) == 0);
	puts("handled");
	return 0;
}
