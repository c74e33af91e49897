/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A process that nobody records, or not any more, and what becomes of it: "alone" it records twice, its forked child
 * records itself ("fork"), it executes itself ("exec"), it ends ("none").
 */
#include "../../../preload/gtrace.h"
#include "check.h"

#include <pthread.h>
#include <sys/wait.h>

static int is_traced;

static void *yield(void *arg)
{
	sched_yield();
	return arg;
}

static void act(void)
{
	pthread_t thread;

	sched_yield();
	usleep(1000);
	CHECK(pthread_create(&thread, NULL, yield, NULL) == 0);
	pthread_join(thread, NULL);
}

static void record_twice(void)
{
	for (int i = 0; i < 2; i++) {
		sched_yield();
		CHECK(gtrace_start() == is_traced);
		sched_yield();
		CHECK(gtrace_flush() == is_traced);
		usleep(1000);
		CHECK(gtrace_stop() == is_traced);
		usleep(1000);
	}
}

/* One child is recorded, the other one not. Both are children of a process that was recorded before. */
static void fork_children(void)
{
	int status;

	CHECK(gtrace_start() == is_traced);
	act();
	CHECK(gtrace_stop() == is_traced);
	for (int i = 0; i < 2; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			CHECK(gtrace_is_on() == 0);
			act();
			if (i == 0)
				CHECK(gtrace_start() == is_traced);
			act();
			_exit(0);
		}
		CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	}
	act();
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	is_traced = getenv("GTRACE_BARE") == NULL;
	if (strcmp(what, "alone") == 0) {
		record_twice();
	} else if (strcmp(what, "fork") == 0) {
		fork_children();
	} else if (strcmp(what, "exec") == 0) {
		act();
		CHECK(gtrace_stop() == is_traced);
		execl("/proc/self/exe", argv[0], "none", NULL);
		_exit(1);
	} else {
		act();
	}
	puts("done");
	return 0;
}
