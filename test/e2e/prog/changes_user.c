/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A server that root starts: a child of it gives root's rights up and works on as nobody. Its trace is complete, and no live
 * file stays.
 */
#include "check.h"
#include <errno.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { NOBODY = 65534 };

/* Nobody may come to where the traces are, and write there. */
static void open_folders(void)
{
	char path[4096] = "", *slash;

	if (getenv("GTRACE_OUTPUT"))
		snprintf(path, sizeof(path), "%s", getenv("GTRACE_OUTPUT"));
	for (mode_t mode = 0777; (slash = strrchr(path, '/')) && slash > path + 4; mode = 0755) {
		*slash = 0;
		CHECK(chmod(path, mode) == 0);
	}
}

static void *work(void *arg)
{
	for (int i = 0; i < 20; i++)
		usleep(500);
	return arg;
}

static void serve(int has_threads)
{
	pthread_t thread;

	usleep(1000);
	CHECK(setuid(-1) == -1 && errno == EINVAL && setreuid(-1, -1) == 0);
	CHECK(seteuid(NOBODY) == 0 && seteuid(0) == 0);
	if (has_threads)
		CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
	usleep(1000);
	CHECK(setgid(NOBODY) == 0 && setuid(NOBODY) == 0 && geteuid() == NOBODY);
	work(NULL);
	if (has_threads)
		CHECK(pthread_join(thread, NULL) == 0);
	exit(4);
}

int main(int argc, char **argv)
{
	int status;
	pid_t pid;

	(void)argv;
	if (getuid() != 0)
		SKIP("needs root to become somebody else");
	open_folders();
	pid = fork();
	if (pid == 0)
		serve(argc > 1);
	CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 4);
	puts("served");
	return 0;
}
