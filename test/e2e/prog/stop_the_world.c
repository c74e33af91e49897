/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads are stopped as collectors stop them: a handler posts a semaphore and waits in sigsuspend until another signal
 * lets it go on, whatever the thread was doing; while they stand still, the one that stopped them works.
 */
#include "check.h"
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>

enum { THREADS = 4, ROUNDS = 100 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static atomic_int is_over, epoch, work_done;
static sem_t stopped;
static int null;

static void stop(int signal)
{
	int saved_errno = errno, mine = epoch;
	sigset_t all_but_resume;

	(void)signal;
	sigfillset(&all_but_resume);
	sigdelset(&all_but_resume, SIGUSR2);
	CHECK(sem_post(&stopped) == 0);
	while (epoch == mine)
		sigsuspend(&all_but_resume);
	CHECK(sem_post(&stopped) == 0);
	errno = saved_errno;
}

static void resume(int signal)
{
	(void)signal;
}

static void *work(void *arg)
{
	while (!is_over) {
		pthread_mutex_lock(&mutex);
		CHECK(write(null, "x", 1) == 1);
		pthread_mutex_unlock(&mutex);
		usleep(10);
		close(dup(null));
		free(malloc(100));
		work_done++;
	}
	return arg;
}

static void await_all(void)
{
	for (int i = 0; i < THREADS; i++) {
		while (sem_wait(&stopped) != 0)
			CHECK(errno == EINTR);
	}
}

int main(void)
{
	struct sigaction action = {.sa_handler = stop, .sa_flags = SA_RESTART};
	pthread_t threads[THREADS];
	int moved = 0, before;

	CHECK((null = open("/dev/null", O_WRONLY)) >= 0 && sem_init(&stopped, 0, 0) == 0);
	sigfillset(&action.sa_mask);
	CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
	action.sa_handler = resume;
	CHECK(sigaction(SIGUSR2, &action, NULL) == 0);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_create(&threads[i], NULL, work, NULL) == 0);
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < THREADS; i++)
			CHECK(pthread_kill(threads[i], SIGUSR1) == 0);
		await_all();
		before = work_done;
		CHECK(write(null, "gc", 2) == 2 && sched_yield() == 0);
		moved += work_done != before;
		epoch++;
		for (int i = 0; i < THREADS; i++)
			CHECK(pthread_kill(threads[i], SIGUSR2) == 0);
		await_all();
		usleep(100);
	}
	is_over = 1;
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	printf("stopped %d times, moved %d times\n", ROUNDS, moved);
	return 0;
}
