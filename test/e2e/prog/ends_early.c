/* SPDX-License-Identifier: BSD-3-Clause */
/* After a thread has run, the program ends by the way that its argument names: _exit, exec, quick_exit, failexec. */
#include "check.h"
#include <pthread.h>

static void *nothing(void *arg)
{
	return arg;
}

int main(int argc, char **argv)
{
	char *const args[] = {"true", NULL};
	pthread_t t;

	CHECK(argc == 2);
	CHECK(pthread_create(&t, NULL, nothing, NULL) == 0 && pthread_join(t, NULL) == 0);
	if (!strcmp(argv[1], "exec"))
		execv("/bin/true", args);
	if (!strcmp(argv[1], "failexec")) {
		CHECK(execv("/nonexistent/program", args) == -1);
		CHECK(execv("/dev/null", args) == -1); /* is there, and no program */
		CHECK(pthread_create(&t, NULL, nothing, NULL) == 0 && pthread_join(t, NULL) == 0);
		puts("still here");
		return 0;
	}
	if (!strcmp(argv[1], "quick_exit"))
		quick_exit(6);
	_exit(6);
}
