/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The process ends when the last of its own threads does, with status 0 and after its exit handlers. Which one that is:
 * first: the first thread, by pthread_exit; second: another one.
 */
#include "check.h"
#include <pthread.h>
#include <sys/wait.h>
#include <time.h>

static const char *which;

static void *short_life(void *arg)
{
	return arg;
}

static void *outlives(void *arg)
{
	struct timespec pause = {0, 50000000};

	nanosleep(&pause, NULL);
	return arg;
}

static void say_goodbye(void)
{
	printf("%s: exit handlers ran\n", which);
	fflush(stdout);
}

static void run(const char *name)
{
	pthread_t t;

	which = name;
	atexit(say_goodbye);
	CHECK(pthread_create(&t, NULL, short_life, NULL) == 0 && pthread_join(t, NULL) == 0);
	if (strcmp(name, "second") == 0)
		CHECK(pthread_create(&t, NULL, outlives, NULL) == 0);
	pthread_exit(NULL);
}

int main(void)
{
	static const char *const names[] = {"first", "second"};
	int status;

	for (int i = 0; i < 2; i++) {
		pid_t child = fork();

		if (child == 0)
			run(names[i]);
		CHECK(waitpid(child, &status, 0) == child);
		printf("%s: status %d\n", names[i], status);
		fflush(stdout);
	}
	run("first");
}
