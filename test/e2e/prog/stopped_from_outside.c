/* SPDX-License-Identifier: BSD-3-Clause */
/* A child stops the whole process and lets it go on, while one thread spins, one waits and one makes a lot of calls. */
#include "check.h"
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/wait.h>

static volatile int is_over;
static sem_t sem;

static void *spins(void *unused)
{
	while (!is_over)
		;
	return unused;
}

static void *waits(void *unused)
{
	while (sem_wait(&sem) != 0)
		;
	return unused;
}

static void *yields(void *unused)
{
	while (!is_over)
		sched_yield();
	return unused;
}

int main(void)
{
	void *(*const routines[])(void *) = {spins, waits, yields};
	pthread_t threads[3];
	int status;
	pid_t pid;

	CHECK(sem_init(&sem, 0, 0) == 0);
	for (int i = 0; i < 3; i++)
		CHECK(pthread_create(&threads[i], NULL, routines[i], NULL) == 0);
	pid = fork();
	if (pid == 0) {
		usleep(100000);
		CHECK(kill(getppid(), SIGSTOP) == 0);
		usleep(400000);
		CHECK(kill(getppid(), SIGCONT) == 0);
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	is_over = 1;
	CHECK(sem_post(&sem) == 0);
	for (int i = 0; i < 3; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	puts("went on");
	return 0;
}
