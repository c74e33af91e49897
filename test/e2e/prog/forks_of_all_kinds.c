/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Children by every way to fork, from a program with threads: each locks, waits, makes threads of its own, and ends;
 * and a grandchild in a session of its own, whose parent ends at once.
 */
#include "check.h"
#include <pthread.h>
#include <pty.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static atomic_int is_over;

static void *lock(void *arg)
{
	while (!is_over) {
		pthread_mutex_lock(&mutex);
		usleep(10);
		pthread_mutex_unlock(&mutex);
	}
	return arg;
}

static void *add(void *arg)
{
	pthread_mutex_t *own = arg;

	pthread_mutex_lock(own);
	CHECK(usleep(1) == 0);
	pthread_mutex_unlock(own);
	return arg;
}

static void live(int status)
{
	pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
	pthread_t threads[2];
	void *value;

	for (int i = 0; i < 2; i++)
		CHECK(pthread_create(&threads[i], NULL, add, &own) == 0);
	for (int i = 0; i < 2; i++)
		CHECK(pthread_join(threads[i], &value) == 0 && value == &own);
	_exit(status);
}

static pid_t by_syscall(void)
{
	return (pid_t)syscall(SYS_fork);
}

static pid_t by_clone_number(void)
{
	return (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

static pid_t by_clone3(void)
{
	unsigned long args[8] = {0, 0, 0, 0, SIGCHLD};

	return (pid_t)syscall(435, args, sizeof(args));
}

static pid_t by_forkpty(void)
{
	int terminal;

	return forkpty(&terminal, NULL, NULL, NULL);
}

static void child_of(const char *name, pid_t (*make)(void), int status)
{
	pid_t pid = make();

	if (pid == 0)
		live(status);
	CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
	printf("%s: %d\n", name, WEXITSTATUS(status));
}

static void grandchild(void)
{
	int ends[2], status;
	char byte = 0;
	pid_t pid;

	CHECK(pipe(ends) == 0);
	pid = fork();
	if (pid == 0) {
		CHECK(setsid() > 0);
		if (fork() != 0)
			_exit(0);
		CHECK(close(ends[0]) == 0 && usleep(1000) == 0 && write(ends[1], "g", 1) == 1);
		live(0);
	}
	CHECK(close(ends[1]) == 0 && waitpid(pid, &status, 0) == pid && status == 0);
	CHECK(read(ends[0], &byte, 1) == 1 && byte == 'g' && read(ends[0], &byte, 1) == 0);
	puts("a grandchild went on");
}

int main(void)
{
	pthread_t threads[2];

	setvbuf(stdout, NULL, _IONBF, 0);
	for (int i = 0; i < 2; i++)
		CHECK(pthread_create(&threads[i], NULL, lock, NULL) == 0);
	child_of("fork", fork, 1);
	child_of("_Fork", _Fork, 2);
	child_of("syscall(SYS_fork)", by_syscall, 3);
	child_of("syscall(SYS_clone)", by_clone_number, 4);
	child_of("syscall(SYS_clone3)", by_clone3, 5);
	child_of("forkpty", by_forkpty, 6);
	grandchild();
	is_over = 1;
	for (int i = 0; i < 2; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	return 0;
}
