/* SPDX-License-Identifier: BSD-3-Clause */
/* Four threads fork five children each; every child locks, makes a thread and exits, and has its own trace. */
#include "check.h"
#include <pthread.h>
#include <sys/wait.h>

static void *nothing(void *arg)
{
	return arg;
}

static void child(void)
{
	pthread_t t;

	CHECK(pthread_create(&t, NULL, nothing, NULL) == 0);
	CHECK(pthread_join(t, NULL) == 0);
	exit(5);
}

static void *forker(void *arg)
{
	for (int i = 0; i < 5; i++) {
		int status;
		pid_t pid = fork();

		if (pid == 0)
			child();
		CHECK(waitpid(pid, &status, 0) == pid);
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 5);
	}
	return arg;
}

int main(void)
{
	pthread_t t[4];

	for (int i = 0; i < 4; i++)
		CHECK(pthread_create(&t[i], NULL, forker, NULL) == 0);
	for (int i = 0; i < 4; i++)
		CHECK(pthread_join(t[i], NULL) == 0);
	puts("20 children");
	return 0;
}
