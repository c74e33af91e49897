/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The process ends, with its atexit functions, when the last of its threads ends, whichever that is: after
 * pthread_exit in main, and in a child that a thread forked.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void at_end(void)
{
	puts("atexit");
}

static void *last(void *arg)
{
	usleep(20000);
	puts("the last thread ends");
	return arg;
}

static void *fork_and_return(void *arg)
{
	int status = 0;
	pid_t child = fork();
	pthread_t thread;

	if (child) {
		waitpid(child, &status, 0);
		printf("child exited %d with %d\n", WIFEXITED(status), WEXITSTATUS(status));
		fflush(stdout);
		return arg;
	}
	pthread_create(&thread, NULL, last, NULL);
	return arg;
}

int main(void)
{
	pthread_t thread;

	setvbuf(stdout, NULL, _IOFBF, 0);
	atexit(at_end);
	pthread_create(&thread, NULL, fork_and_return, NULL);
	pthread_join(thread, NULL);
	pthread_create(&thread, NULL, last, NULL);
	pthread_exit(NULL);
}
