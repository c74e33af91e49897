/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Children by vfork, which share memory and stack with their parent: they redirect, lock, wait a little and then start
 * a program or end, from three threads at a time while a fourth one locks and writes.
 */
#include "check.h"
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

enum { THREADS = 3, CHILDREN = 10 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static atomic_int is_over, ended, failed;

static __attribute__((noinline)) pid_t start(int status, char *const *argv)
{
	pid_t pid = vfork();
	int null;

	if (pid == 0) {
		null = open("/dev/null", O_WRONLY);
		dup2(null, 1);
		close(null);
		usleep(100);
		if (status == 0)
			execv("/bin/true", argv);
		if (status == 1)
			execl("/none", "none", (char *)NULL);
		_exit(status);
	}
	return pid;
}

static void *work(void *arg)
{
	char *const argv[] = {"true", NULL};
	int status;

	for (int i = 0; i < CHILDREN; i++) {
		int wanted = i % 3;
		pid_t pid = start(wanted, argv);

		CHECK(pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status));
		ended++;
		failed += WEXITSTATUS(status) != wanted;
	}
	return arg;
}

static void *lock(void *arg)
{
	int null = open("/dev/null", O_WRONLY);

	while (!is_over) {
		pthread_mutex_lock(&mutex);
		CHECK(write(null, "x", 1) == 1);
		pthread_mutex_unlock(&mutex);
		usleep(100);
	}
	CHECK(close(null) == 0);
	return arg;
}

int main(void)
{
	pthread_t threads[THREADS], locker;

	CHECK(pthread_create(&locker, NULL, lock, NULL) == 0);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_create(&threads[i], NULL, work, NULL) == 0);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	is_over = 1;
	CHECK(pthread_join(locker, NULL) == 0);
	printf("%d children, %d wrong\n", ended, failed);
	return 0;
}
