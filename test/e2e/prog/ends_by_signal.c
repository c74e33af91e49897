/* SPDX-License-Identifier: BSD-3-Clause */
/* Children with threads end in ways that nobody announces: by a fault, abort, SIGKILL, SIGTERM, a bare exit_group. */
#include "check.h"
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *lock(void *arg)
{
	for (;;) {
		pthread_mutex_lock(&mutex);
		usleep(1);
		pthread_mutex_unlock(&mutex);
	}
	return arg;
}

static void fault(void)
{
	*(volatile int *)8 = 0;
}

static void kill_self(void)
{
	raise(SIGKILL);
}

static void terminate(void)
{
	kill(getpid(), SIGTERM);
}

static void leave_abruptly(void)
{
	__asm__ volatile("syscall" : : "a"(SYS_exit_group), "D"(9) : "rcx", "r11", "memory");
}

static void child(const char *name, void (*end)(void))
{
	struct rlimit none = {0, 0};
	pthread_t threads[2];
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &none);
		for (int i = 0; i < 2; i++)
			CHECK(pthread_create(&threads[i], NULL, lock, NULL) == 0);
		usleep(2000);
		end();
		_exit(98);
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	printf("%s: exit %d, signal %d\n", name, WEXITSTATUS(status), WTERMSIG(status));
}

int main(void)
{
	child("fault", fault);
	child("abort", abort);
	child("SIGKILL", kill_self);
	child("SIGTERM", terminate);
	child("exit_group", leave_abruptly);
	return 0;
}
