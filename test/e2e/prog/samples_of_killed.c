/* SPDX-License-Identifier: BSD-3-Clause */
/* Usage: samples_of_killed THREADS: a child whose threads, or the first one with 0, use 0.4 s of processor time and is killed then. */
#include "burn.h"
#include "check.h"
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

enum { MAX = 4 };

static double seconds;

__attribute__((noinline)) static void burn_here(void)
{
	burn_until(seconds);
}

static void *burn(void *arg)
{
	burn_here();
	__asm__ volatile("");
	return arg;
}

static void child(int n)
{
	pthread_t thread[MAX];

	usleep(1000); /* a child is recorded from its first call on */
	seconds = 0.4 / (n ? n : 1);
	if (n == 0)
		burn_here();
	for (int i = 0; i < n; i++)
		CHECK(pthread_create(&thread[i], NULL, burn, NULL) == 0);
	for (int i = 0; i < n; i++)
		CHECK(pthread_join(thread[i], NULL) == 0);
	raise(SIGKILL);
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 0, status;
	pid_t pid;

	CHECK(n <= MAX);
	pid = fork();
	if (pid == 0)
		child(n);
	CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	return 0;
}
