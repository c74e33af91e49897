/* SPDX-License-Identifier: BSD-3-Clause */
/* A 5 kHz timer signal whose handler posts a semaphore and writes, while threads lock, wait and read. */
#include "check.h"
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>

static sem_t sem;
static int null;
static atomic_int ticks;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void handler(int sig)
{
	int saved = errno;

	(void)sig;
	ticks++;
	CHECK(write(null, "t", 1) == 1);
	sem_post(&sem);
	errno = saved;
}

static void *work(void *arg)
{
	while (ticks < 1500) {
		pthread_mutex_lock(&lock);
		CHECK(write(null, "w", 1) == 1);
		pthread_mutex_unlock(&lock);
		while (sem_wait(&sem) != 0)
			CHECK(errno == EINTR);
	}
	sem_post(&sem);
	return arg;
}

int main(void)
{
	struct sigaction sa = {.sa_handler = handler};
	struct itimerval fast = {{0, 200}, {0, 200}}, off = {{0, 0}, {0, 0}};
	pthread_t t[3];

	null = open("/dev/null", O_WRONLY);
	sem_init(&sem, 0, 0);
	CHECK(sigaction(SIGALRM, &sa, NULL) == 0 && setitimer(ITIMER_REAL, &fast, NULL) == 0);
	for (int i = 0; i < 3; i++)
		CHECK(pthread_create(&t[i], NULL, work, NULL) == 0);
	for (int i = 0; i < 3; i++)
		CHECK(pthread_join(t[i], NULL) == 0);
	setitimer(ITIMER_REAL, &off, NULL);
	puts("1500 ticks");
	return 0;
}
