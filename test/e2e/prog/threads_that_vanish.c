/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads that end by the system call exit, by libc's syscall() and by an instruction of their own: while they run, in a
 * handler on top of a read and of a call that keeps its slot; threads of clone with thread-local storage of their own.
 * The process itself ends with its last thread that way.
 */
#include "check.h"
#include <dlfcn.h>
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

enum { STACK = 64 << 10, STORAGE = 512 };

static volatile int tid;

static void exit_by_libc(int signal)
{
	(void)signal;
	syscall(SYS_exit, 0);
}

static void exit_by_itself(int signal)
{
	(void)signal;
	__asm__ volatile("syscall" ::"a"(SYS_exit), "D"(0));
}

static void *exits_by_libc(void *unused)
{
	sched_yield();
	exit_by_libc(0);
	return unused;
}

static void *exits_by_itself(void *unused)
{
	sched_yield();
	exit_by_itself(0);
	return unused;
}

static void *reads(void *pipe)
{
	char byte;

	tid = my_tid();
	CHECK(read(*(int *)pipe, &byte, 1) == -2);
	return NULL;
}

static void *opens(void *unused)
{
	tid = my_tid();
	CHECK(open("fifo", O_RDONLY) == -2);
	return unused;
}

/* A thread that a signal ends where it waits. */
static void interrupted(void *(*routine)(void *), void *arg, void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler};
	pthread_t thread;

	tid = 0;
	CHECK(sigaction(SIGUSR1, &action, NULL) == 0 && pthread_create(&thread, NULL, routine, arg) == 0);
	wait_until_blocked(&tid);
	CHECK(pthread_kill(thread, SIGUSR1) == 0 && pthread_join(thread, NULL) == 0);
}

static void joined(void *(*routine)(void *))
{
	pthread_t thread;

	CHECK(pthread_create(&thread, NULL, routine, NULL) == 0 && pthread_join(thread, NULL) == 0);
}

static int yields(void *unused)
{
	(void)unused;
	sched_yield();
	return write(-1, "", 1) == -1 && errno == EBADF ? 0 : 1;
}

/* libc's clone() calls exit itself when the function is over. */
static void cloned(void)
{
	void *(*allocate)(void *) = (void *(*)(void *))dlsym(RTLD_DEFAULT, "_dl_allocate_tls");
	uintptr_t *storage = allocate ? allocate(NULL) : NULL;
	char *stack = malloc(STACK);
	static volatile int gone;
	uintptr_t self;

	CHECK(storage && stack);
	__asm__("mov %%fs:0, %0" : "=r"(self));
	storage[0] = storage[2] = (uintptr_t)storage;
	memcpy(storage + 5, (uintptr_t *)self + 5, 2 * sizeof(*storage)); /* the guards of stacks and pointers */
	gone = 1;
	CHECK(clone(yields, stack + STACK,
		    CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS |
			    CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID,
		    NULL, NULL, storage, &gone) > 0);
	while (gone)
		syscall(SYS_futex, &gone, FUTEX_WAIT, gone, NULL, NULL, 0);
}

int main(void)
{
	int ends[2];

	CHECK(pipe(ends) == 0 && mkfifo("fifo", 0600) == 0);
	for (int i = 0; i < 3; i++) {
		joined(exits_by_libc);
		joined(exits_by_itself);
		interrupted(reads, ends, exit_by_libc);
		interrupted(reads, ends, exit_by_itself);
		interrupted(opens, NULL, exit_by_libc);
		interrupted(opens, NULL, exit_by_itself);
		cloned();
	}
	puts("vanished");
	fflush(stdout);
	syscall(SYS_exit, 7);
	return 0;
}
