/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A child by clone() that shares memory, descriptors and even the thread-local storage with its parent: both read and
 * write at the same time, in a program with a thread.
 */
#include "check.h"
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>

enum { ROUNDS = 20000 };

static atomic_int is_over;
static int null, zero;
static char stack[256 << 10] __attribute__((aligned(16)));

static void *work(void *arg)
{
	while (!is_over)
		usleep(100);
	return arg;
}

static int child(void *arg)
{
	char byte;

	(void)arg;
	for (int i = 0; i < ROUNDS; i++) {
		if (write(null, "x", 1) != 1 || read(zero, &byte, 1) != 1)
			return 1;
	}
	return 7;
}

int main(void)
{
	pthread_t thread;
	int status;
	pid_t pid;
	char byte;

	CHECK((null = open("/dev/null", O_WRONLY)) >= 0 && (zero = open("/dev/zero", O_RDONLY)) >= 0);
	CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
	pid = clone(child, stack + sizeof(stack), CLONE_VM | CLONE_FS | CLONE_FILES | SIGCHLD, NULL);
	CHECK(pid > 0);
	for (int i = 0; i < ROUNDS; i++)
		CHECK(write(null, "x", 1) == 1 && read(zero, &byte, 1) == 1);
	CHECK(waitpid(pid, &status, 0) == pid);
	printf("child: %d\n", WEXITSTATUS(status));
	is_over = 1;
	CHECK(pthread_join(thread, NULL) == 0);
	return 0;
}
