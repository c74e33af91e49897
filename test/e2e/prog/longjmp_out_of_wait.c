/* SPDX-License-Identifier: BSD-3-Clause */
/* A signal handler jumps out of read(), sem_wait() and nanosleep() twenty times; later calls work and are recorded. */
#include "check.h"
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <time.h>

static sigjmp_buf back;
static volatile int main_tid, armed;
static pthread_t main_thread;

static void handler(int sig)
{
	(void)sig;
	siglongjmp(back, 1);
}

static void *kicker(void *arg)
{
	for (int i = 0; i < 20; i++) {
		while (!armed)
			sched_yield();
		wait_until_blocked(&main_tid);
		armed = 0;
		CHECK(pthread_kill(main_thread, SIGUSR1) == 0);
	}
	return arg;
}

static void block(int how, int fd, sem_t *never)
{
	struct timespec long_time = {1000, 0};
	char c;

	armed = 1;
	if (how == 0)
		CHECK(read(fd, &c, 1) == 1);
	else if (how == 1)
		CHECK(sem_wait(never) == 0);
	else
		nanosleep(&long_time, NULL);
}

int main(void)
{
	struct sigaction sa = {.sa_handler = handler};
	static int fds[2];
	static sem_t never;
	static volatile int i;
	pthread_t t;

	main_thread = pthread_self();
	main_tid = my_tid();
	sem_init(&never, 0, 0);
	CHECK(pipe(fds) == 0 && sigaction(SIGUSR1, &sa, NULL) == 0);
	CHECK(pthread_create(&t, NULL, kicker, NULL) == 0);
	for (i = 0; i < 20; i++)
		if (sigsetjmp(back, 1) == 0)
			block(i % 3, fds[0], &never);
	CHECK(pthread_join(t, NULL) == 0);
	puts("20 jumps");
	return 0;
}
