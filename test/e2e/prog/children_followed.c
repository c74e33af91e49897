/* SPDX-License-Identifier: BSD-3-Clause */
/* A child that is forked and a program that is started: GTRACE_FOLLOW and GTRACE_MATCH say which leave a trace. */
#include "check.h"
#include <sys/wait.h>

static void finish(pid_t child)
{
	int status;

	CHECK(waitpid(child, &status, 0) == child && status == 0);
}

int main(int argc, char **argv)
{
	pid_t child;

	if (argc > 1) {
		CHECK(usleep(1) == 0);
		return 0;
	}
	child = fork();
	if (child == 0) {
		CHECK(usleep(1) == 0);
		_exit(0);
	}
	finish(child);
	child = vfork();
	if (child == 0) {
		execl(argv[0], argv[0], "started", (char *)NULL);
		_exit(1);
	}
	finish(child);
	puts("two children");
	return 0;
}
