/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads that pthread_create's wrapper does not see: a SIGEV_THREAD timer's and thrd_create's. They lock and write. */
#include "check.h"
#include <semaphore.h>
#include <signal.h>
#include <threads.h>
#include <time.h>

static sem_t done;

static void note(union sigval v)
{
	int fd = open("/dev/null", O_WRONLY);

	(void)v;
	CHECK(write(fd, "x", 1) == 1);
	close(fd);
	sem_post(&done);
}

static int thread(void *arg)
{
	note((union sigval){.sival_ptr = arg});
	return 4;
}

int main(void)
{
	struct sigevent ev = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = note};
	struct itimerspec soon = {{0, 0}, {0, 1000000}};
	timer_t timer;
	thrd_t t;
	int rc;

	sem_init(&done, 0, 0);
	CHECK(timer_create(CLOCK_MONOTONIC, &ev, &timer) == 0);
	for (int i = 0; i < 5; i++) {
		CHECK(timer_settime(timer, 0, &soon, NULL) == 0 && sem_wait(&done) == 0);
		CHECK(thrd_create(&t, thread, NULL) == thrd_success);
		CHECK(sem_wait(&done) == 0 && thrd_join(t, &rc) == thrd_success && rc == 4);
	}
	CHECK(timer_delete(timer) == 0);
	puts("unannounced");
	return 0;
}
