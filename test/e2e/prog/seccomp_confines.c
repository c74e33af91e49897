/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Children confine themselves, by prctl and by syscall(): strictly, by a filter that lets only a few calls pass, and
 * by giving up the time-stamp counter; one of them has done nothing before. Each goes on with calls that are
 * allowed and ends as it does without tracing.
 */
#include "confine.h"
#include <pthread.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int ends[2];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

FILTER(ALLOW(SYS_write), ALLOW(SYS_read), ALLOW(SYS_exit), ALLOW(SYS_exit_group));

static void strict(void)
{
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0);
}

static void by_filter(void)
{
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0);
}

static void by_syscall(void)
{
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter);
}

static void without_clock(void)
{
	prctl(PR_SET_TSC, PR_TSC_SIGSEGV, 0, 0, 0);
}

static void confined(void (*confine)(void), int has_history)
{
	char byte;

	if (has_history)
		usleep(1000);
	confine();
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
	if (write(ends[1], "x", 1) == 1 && read(ends[0], &byte, 1) == 1)
		syscall(SYS_exit, 7);
	syscall(SYS_exit, 8);
}

static void run(const char *name, void (*confine)(void), int has_history)
{
	int status = 0;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0)
		confined(confine, has_history);
	waitpid(child, &status, 0);
	printf("%s: exit %d, signal %d\n", name, WEXITSTATUS(status), WTERMSIG(status));
}

int main(void)
{
	if (pipe(ends))
		return 1;
	run("strict", strict, 1);
	run("strict at once", strict, 0);
	run("filter", by_filter, 1);
	run("filter at once", by_filter, 0);
	run("filter by syscall", by_syscall, 1);
	run("no clock", without_clock, 1);
	return 0;
}
