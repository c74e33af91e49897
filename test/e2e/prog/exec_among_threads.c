/* SPDX-License-Identifier: BSD-3-Clause */
/* A thread that is not the first one execs, which ends all others: one runs, one waits, one reads, one opens, one is just made. */
#include "check.h"
#include <pthread.h>
#include <semaphore.h>
#include <sys/stat.h>

static volatile int tid;
static sem_t sem;
static int ends[2];

static void *runs(void *unused)
{
	for (;;)
		tid = my_tid();
	return unused;
}

static void *waits(void *unused)
{
	tid = my_tid();
	sem_wait(&sem);
	return unused;
}

static void *reads(void *unused)
{
	char byte;

	tid = my_tid();
	CHECK(read(ends[0], &byte, 1) == -2);
	return unused;
}

static void *opens(void *unused)
{
	tid = my_tid();
	CHECK(open("fifo", O_RDONLY) == -2);
	return unused;
}

static void *execs(void *unused)
{
	pthread_t thread;

	CHECK(pthread_create(&thread, NULL, waits, NULL) == 0);
	execl("/bin/echo", "echo", "alone", NULL);
	return unused;
}

int main(void)
{
	void *(*const routines[])(void *) = {waits, reads, opens};
	pthread_t thread;

	CHECK(pipe2(ends, O_CLOEXEC) == 0 && mkfifo("fifo", 0600) == 0 && sem_init(&sem, 0, 0) == 0);
	for (int i = 0; i < 3; i++) {
		tid = 0;
		CHECK(pthread_create(&thread, NULL, routines[i], NULL) == 0);
		wait_until_blocked(&tid);
	}
	CHECK(pthread_create(&thread, NULL, runs, NULL) == 0 && pthread_create(&thread, NULL, execs, NULL) == 0);
	CHECK(pthread_join(thread, NULL) == -2);
	return 0;
}
