/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * starts_and_stops N: N recordings, one after the other, while threads do what threads do: each has a whole file.
 */
#include "../../../preload/gtrace.h"
#include "check.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <time.h>

enum { THREADS = 8 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static sem_t sem;
static volatile int stopped;
static int zero, ends[2];

static void *read_once(void *arg)
{
	char byte;

	CHECK(read(zero, &byte, 1) == 1);
	return arg;
}

static void create_and_join(void)
{
	pthread_t thread;

	CHECK(pthread_create(&thread, NULL, read_once, NULL) == 0);
	CHECK(pthread_join(thread, NULL) == 0);
}

static void wait_a_little(void)
{
	struct timespec until;
	int error;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += 200000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_mutex_lock(&mutex);
	error = pthread_cond_timedwait(&cond, &mutex, &until);
	pthread_mutex_unlock(&mutex);
	CHECK(error == 0 || error == ETIMEDOUT);
}

static void hold_a_little(unsigned us)
{
	pthread_mutex_lock(&mutex);
	usleep(us);
	pthread_mutex_unlock(&mutex);
}

static void pass_a_byte(void)
{
	char byte = 'x';

	CHECK(write(ends[1], &byte, 1) == 1);
	CHECK(read(ends[0], &byte, 1) == 1);
}

static void say_something(void)
{
	uint64_t task = gtrace_task_begin(0, "work");

	gtrace_region_begin(task, "outer");
	gtrace_region_begin(0, "inner");
	sched_yield();
	gtrace_log(task, "progress", "half");
	gtrace_region_end(0, "inner");
	gtrace_region_end(task, "outer");
	gtrace_task_end(task);
}

static void act(unsigned what)
{
	switch (what % 9) {
	case 0:
		hold_a_little(what / 9 % 50);
		break;
	case 1:
		wait_a_little();
		break;
	case 2:
		pthread_cond_broadcast(&cond);
		break;
	case 3:
		pthread_cond_signal(&cond);
		break;
	case 4:
		read_once(NULL);
		break;
	case 5:
		create_and_join();
		break;
	case 6:
		sem_post(&sem);
		sem_wait(&sem);
		break;
	case 7:
		pass_a_byte();
		break;
	default:
		say_something();
	}
}

static void *work(void *arg)
{
	unsigned seed = (unsigned)(uintptr_t)arg;

	while (!stopped)
		act((unsigned)rand_r(&seed) >> 3);
	return NULL;
}

int main(int argc, char **argv)
{
	int is_traced = getenv("GTRACE_BARE") == NULL;
	int n = argc > 1 ? atoi(argv[1]) : 10;
	pthread_t thread[THREADS];
	unsigned seed = 1;

	zero = open("/dev/zero", O_RDONLY);
	CHECK(zero >= 0 && pipe(ends) == 0 && sem_init(&sem, 0, 0) == 0);
	for (uintptr_t i = 0; i < THREADS; i++)
		CHECK(pthread_create(&thread[i], NULL, work, (void *)(i + 1)) == 0);
	for (int i = 0; i < n; i++) {
		CHECK(gtrace_start() == is_traced);
		usleep((unsigned)rand_r(&seed) % 3000);
		if (i % 8 == 0)
			CHECK(gtrace_flush() == is_traced);
		CHECK(gtrace_stop() == is_traced);
		usleep((unsigned)rand_r(&seed) % 500);
	}
	stopped = 1;
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	puts("done");
	return 0;
}
