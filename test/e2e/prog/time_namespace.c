/* SPDX-License-Identifier: BSD-3-Clause */
/* A child lives in a time namespace whose monotonic clock is a day ahead: it sleeps, waits until a moment, locks. */
#include "helper.h"
#include <sys/wait.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void unlock(void *arg)
{
	(void)arg;
	pthread_mutex_unlock(&mutex);
}

static void live(const struct timespec *before)
{
	struct timespec now, moment;

	CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
	printf("ahead: %d\n", now.tv_sec - before->tv_sec > 80000);
	moment = now;
	moment.tv_nsec += 1000000;
	moment.tv_sec += moment.tv_nsec / 1000000000;
	moment.tv_nsec %= 1000000000;
	CHECK(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &moment, NULL) == 0 && usleep(1000) == 0);
	pthread_mutex_lock(&mutex);
	CHECK(pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &moment) == ETIMEDOUT);
	CHECK(AWAITED(pthread_mutex_lock(&mutex), unlock, NULL) == 0);
	fflush(stdout);
	_exit(0);
}

int main(void)
{
	struct timespec before;
	int fd, status;
	pid_t pid;

	CHECK(clock_gettime(CLOCK_MONOTONIC, &before) == 0);
	if (unshare(0x80 /* CLONE_NEWTIME */) != 0)
		SKIP("may not make a time namespace");
	CHECK((fd = open("/proc/self/timens_offsets", O_WRONLY)) >= 0);
	CHECK(write(fd, "monotonic 86400 0", 17) == 17 && close(fd) == 0);
	pid = fork();
	if (pid == 0)
		live(&before);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	return 0;
}
