/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The program chooses its processors while it runs: by sched_setaffinity, in both of its versions and by number, for
 * itself and another thread, and by pthread_setaffinity_np, which is noticed within a second. With an argument, a control
 * group gives it a quota.
 */
#include "check.h"
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <sys/stat.h>

int old_setaffinity(pid_t, const cpu_set_t *);
__asm__(".symver old_setaffinity, sched_setaffinity@GLIBC_2.3.3");

static cpu_set_t all, one;
static volatile int other;
static sem_t may_end;

static void *stay(void *unused)
{
	other = my_tid();
	CHECK(sched_setaffinity(0, sizeof(one), &one) == 0);
	while (sem_wait(&may_end) != 0)
		;
	return unused;
}

static void choose(void)
{
	pthread_t thread;

	CHECK(sched_getaffinity(0, sizeof(all), &all) == 0);
	for (int i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; i++) {
		if (CPU_ISSET(i, &all))
			CPU_SET(i, &one);
	}
	if (CPU_COUNT(&all) < 2)
		SKIP("needs two processors");
	CHECK(sched_setaffinity(0, 1, NULL) == -1 && errno == EFAULT);
	CHECK(sched_setaffinity(0, sizeof(one), &one) == 0);
	CHECK(old_setaffinity(getpid(), &all) == 0);
	CHECK(syscall(SYS_sched_setaffinity, 0, sizeof(one), &one) == 0);
	CHECK(sem_init(&may_end, 0, 0) == 0 && pthread_create(&thread, NULL, stay, NULL) == 0);
	wait_until_blocked(&other);
	CHECK(sched_setaffinity(other, sizeof(all), &all) == 0); /* it may run where we may not */
	CHECK(sched_setaffinity(other, sizeof(one), &one) == 0);
	CHECK(pthread_setaffinity_np(pthread_self(), sizeof(all), &all) == 0);
	usleep(1100000);
	CHECK(sem_post(&may_end) == 0 && pthread_join(thread, NULL) == 0);
	puts("chosen");
}

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	int done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	close(fd);
	return done;
}

/* Half a processor: one slot. */
static void be_limited(void)
{
	char dir[64], procs[96], quota[96], back[96];

	snprintf(dir, sizeof(dir), "/sys/fs/cgroup/cpu/gtrace-test.%d", getpid());
	snprintf(procs, sizeof(procs), "%s/tasks", dir);
	snprintf(quota, sizeof(quota), "%s/cpu.cfs_quota_us", dir);
	snprintf(back, sizeof(back), "/sys/fs/cgroup/cpu/tasks");
	if (mkdir(dir, 0700) != 0)
		SKIP("may not make a control group of the first version for cpu");
	if (!put(quota, "50000")) {
		rmdir(dir);
		SKIP("no quota here");
	}
	CHECK(put(procs, "0"));
	usleep(1100000);
	CHECK(put(back, "0") && rmdir(dir) == 0);
	usleep(1100000);
	puts("limited");
}

static void *nothing(void *unused)
{
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	(void)argv;
	CHECK(pthread_create(&thread, NULL, nothing, NULL) == 0 && pthread_join(thread, NULL) == 0);
	if (argc > 1)
		be_limited();
	else
		choose();
	return 0;
}
