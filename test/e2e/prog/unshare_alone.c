/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Namespaces that only a single-threaded process may enter: it may, before it has threads and after they have ended;
 * with threads it is told EINVAL. Threads can be made again afterwards, and a child be the first in a pid namespace.
 */
#include "check.h"
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/wait.h>

static sem_t sem;

static void *wait_long(void *arg)
{
	CHECK(sem_wait(&sem) == 0);
	return arg;
}

static void have_thread(void)
{
	pthread_t thread;

	CHECK(pthread_create(&thread, NULL, wait_long, NULL) == 0 && usleep(1000) == 0);
	CHECK(sem_post(&sem) == 0 && pthread_join(thread, NULL) == 0);
}

static void at_once(void)
{
	printf("at once: %d", unshare(CLONE_NEWUSER));
	printf(" %s\n", strerrorname_np(errno));
	have_thread();
}

static int by_libc(void)
{
	return unshare(CLONE_NEWUSER);
}

static int by_syscall(void)
{
	return (int)syscall(SYS_unshare, CLONE_NEWUSER);
}

/* The error in the end, or 0. libc says that a thread has ended a moment before the kernel has forgotten it. */
static int ask_until_alone(int (*ask)(void))
{
	int result, tries = 0;

	have_thread();
	do
		result = ask();
	while (result != 0 && errno == EINVAL && ++tries < 10000 && sched_yield() == 0);
	return result ? errno : 0;
}

static void afterwards(void)
{
	printf("afterwards: %s\n", strerrorname_np(ask_until_alone(by_libc)));
	have_thread();
}

static void meanwhile(void)
{
	pthread_t thread;

	CHECK(pthread_create(&thread, NULL, wait_long, NULL) == 0);
	printf("meanwhile: %d", unshare(CLONE_NEWUSER));
	printf(" %s\n", strerrorname_np(errno));
	CHECK(sem_post(&sem) == 0 && pthread_join(thread, NULL) == 0);
}

static void by_number(void)
{
	printf("by number: %s\n", strerrorname_np(ask_until_alone(by_syscall)));
}

static void others(void)
{
	int fd = open("/proc/self/ns/uts", O_RDONLY), status;
	pid_t pid;

	printf("files, fs: %d %d\n", unshare(CLONE_FILES), unshare(CLONE_FS));
	printf("own uts: %d\n", setns(fd, CLONE_NEWUTS));
	printf("pid, mounts: %d", unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS));
	printf(" %s\n", strerrorname_np(errno));
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		have_thread();
		_exit(getpid() == 1 ? 1 : 0);
	}
	CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	printf("its pid is 1: %d\n", WEXITSTATUS(status));
}

static void child(void (*live)(void))
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		errno = 0;
		live();
		fflush(stdout);
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
}

int main(void)
{
	CHECK(sem_init(&sem, 0, 0) == 0);
	child(at_once);
	child(afterwards);
	child(meanwhile);
	child(by_number);
	child(others);
	errno = 0;
	afterwards();
	return 0;
}
