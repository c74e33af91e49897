/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * syscall() with what no C function in between survives: a child that shares the memory and the stack and returns
 * first, a plain clone, six arguments, and with a futex that one thread waits on and another wakes.
 */
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static uint32_t word;

/* The child shares the stack and must not call anything: a return address of its parent lies there. */
static inline __attribute__((always_inline, noreturn)) void leave(long status)
{
	__asm__ volatile("syscall" : : "a"(SYS_exit_group), "D"(status) : "rcx", "r11", "memory");
	__builtin_unreachable();
}

static void clone_with(const char *name, long flags)
{
	int status = 0;
	long child = syscall(SYS_clone, flags, 0, 0, 0, 0);

	if (child == 0)
		leave(3);
	waitpid((pid_t)child, &status, 0);
	printf("%s: child ended with %d\n", name, WEXITSTATUS(status));
}

static void leave_by_syscall(void)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0)
		syscall(SYS_exit_group, 5);
	waitpid(child, &status, 0);
	printf("exit_group: child ended with %d\n", WEXITSTATUS(status));
}

static void *wake(void *arg)
{
	usleep(10000);
	__atomic_store_n(&word, 1, __ATOMIC_SEQ_CST);
	while (syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0) == 0)
		usleep(1000);
	return arg;
}

int main(void)
{
	const struct timespec moment = {0, 1000000};
	pthread_t thread;
	char *page;
	long result;

	clone_with("clone(VM, VFORK)", CLONE_VM | CLONE_VFORK | SIGCHLD);
	clone_with("clone()", SIGCHLD);
	leave_by_syscall();
	page = (char *)syscall(SYS_mmap, NULL, 4096L, (long)(PROT_READ | PROT_WRITE),
			       (long)(MAP_PRIVATE | MAP_ANONYMOUS), -1L, 0L);
	strcpy(page, "six arguments arrive");
	printf("%s\n", page);
	printf("same pid: %d\n", syscall(SYS_getpid) == getpid());
	result = syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 1, NULL, NULL, 0);
	printf("futex of another value: %ld %s\n", result, errno == EAGAIN ? "EAGAIN" : "wrong errno");
	result = syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, &moment, NULL, 0);
	printf("futex until a moment: %ld %s\n", result, errno == ETIMEDOUT ? "ETIMEDOUT" : "wrong errno");
	pthread_create(&thread, NULL, wake, NULL);
	result = syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
	printf("futex woken: %ld\n", result);
	pthread_join(thread, NULL);
	return 0;
}
