/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A program with threads puts a filter over all of them, or over one, that lets hardly any system call pass; it goes on
 * for a while and ends as it does without tracing.
 */
#include "check.h"
#include "confine.h"
#include <pthread.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

FILTER(ALLOW(SYS_write), ALLOW(SYS_read), ALLOW(SYS_exit_group));
static atomic_int is_confined, rounds;
static int null;

static void *work(void *arg)
{
	while (!is_confined)
		usleep(10);
	for (;;) {
		CHECK(write(null, "x", 1) == 1);
		rounds++;
	}
	return arg;
}

static void confined(unsigned flags)
{
	struct timespec from, now;
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		CHECK(pthread_create(&threads[i], NULL, work, NULL) == 0);
	usleep(20000);
	is_confined = 1;
	while (rounds < 1000) /* both have left what will be forbidden */
		;
	usleep(1000);
	CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	CHECK(clock_gettime(CLOCK_MONOTONIC, &from) == 0);
	CHECK(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &filter) == 0);
	do
		clock_gettime(CLOCK_MONOTONIC, &now);
	while (now.tv_sec - from.tv_sec + (now.tv_nsec - from.tv_nsec) * 1e-9 < 0.1);
	syscall(SYS_exit_group, 7);
}

static void child(const char *name, unsigned flags)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		confined(flags);
	CHECK(waitpid(pid, &status, 0) == pid);
	printf("%s: exit %d, signal %d\n", name, WEXITSTATUS(status), WTERMSIG(status));
}

int main(void)
{
	CHECK((null = open("/dev/null", O_WRONLY)) >= 0);
	child("one thread", 0);
	child("all threads", SECCOMP_FILTER_FLAG_TSYNC);
	return 0;
}
