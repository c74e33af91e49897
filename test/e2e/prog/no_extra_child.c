/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A process has the children that it made and no others, also after threads ran; nobody else's SIGCHLD arrives, and
 * the threads of a single-threaded program are one.
 */
#include "check.h"
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

static volatile sig_atomic_t ended;

static void note(int signal)
{
	(void)signal;
	ended++;
}

static void *nothing(void *arg)
{
	usleep(20000);
	return arg;
}

static int entries(const char *path)
{
	DIR *directory = opendir(path);
	int n = 0;

	CHECK(directory);
	while (readdir(directory))
		n++;
	closedir(directory);
	return n - 2;
}

static void nobody(const char *when)
{
	siginfo_t info;

	CHECK(wait(NULL) == -1 && errno == ECHILD && waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
	CHECK(waitid(P_ALL, 0, &info, WEXITED | WNOHANG) == -1 && errno == ECHILD);
	CHECK(waitpid(-1, NULL, __WALL | WNOHANG) == -1 && errno == ECHILD);
	printf("%s: no child, SIGCHLD %d times, %d descriptors\n", when, (int)ended, entries("/proc/self/fd"));
}

int main(void)
{
	struct sigaction action = {.sa_handler = note};
	pthread_t thread;
	int status;
	pid_t pid;

	CHECK(sigaction(SIGCHLD, &action, NULL) == 0);
	nobody("at the start");
	printf("threads: %d\n", entries("/proc/self/task"));
	CHECK(pthread_create(&thread, NULL, nothing, NULL) == 0 && pthread_join(thread, NULL) == 0);
	nobody("after a thread");
	pid = fork();
	if (pid == 0) {
		CHECK(entries("/proc/self/task") == 1);
		_exit(7);
	}
	CHECK(waitpid(-1, &status, 0) == pid && WEXITSTATUS(status) == 7);
	nobody("after a child");
	return 0;
}
