/* SPDX-License-Identifier: BSD-3-Clause */
/* A wait and a wake by syscall(SYS_futex), the errors of both, and syscall() with six arguments and with fork. */
#include "check.h"
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

static volatile int word, waiter;

static void *wait_word(void *arg)
{
	waiter = my_tid();
	while (word == 0)
		syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
	return arg;
}

int main(void)
{
	pthread_t t;
	long child;
	int status;

	CHECK(syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 1, NULL, NULL, 0) == -1 && errno == EAGAIN);
	CHECK(pthread_create(&t, NULL, wait_word, NULL) == 0);
	wait_until_blocked(&waiter);
	word = 1;
	CHECK(syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0) == 1);
	CHECK(pthread_join(t, NULL) == 0);
	CHECK(syscall(SYS_mmap, NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L) > 0);
	child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
	if (child == 0)
		syscall(SYS_exit_group, 7);
	CHECK(waitpid((pid_t)child, &status, 0) == child && WEXITSTATUS(status) == 7);
	puts("futex");
	return 0;
}
