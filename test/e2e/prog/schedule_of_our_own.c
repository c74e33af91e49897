/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The program picks one processor and a real-time policy before it makes threads: they inherit both, a recorder's own
 * thread neither. Were it of real-time priority, it would hold up others; were it on the same processor, it would
 * never run beside one that spins.
 */
#include "check.h"
#include <dirent.h>
#include <pthread.h>
#include <sched.h>

static cpu_set_t all;

static int is_ordinary(int tid)
{
	cpu_set_t set;

	return sched_getscheduler(tid) == SCHED_OTHER && sched_getaffinity(tid, sizeof(set), &set) == 0 &&
	       CPU_EQUAL(&set, &all);
}

static void *show_own(void *unused)
{
	cpu_set_t set;

	(void)unused;
	CHECK(sched_getaffinity(0, sizeof(set), &set) == 0);
	printf("%d processor, policy %d\n", CPU_COUNT(&set), sched_getscheduler(0));
	return NULL;
}

/* Threads of this process that are not the program's two. */
static void look_at_others(int other)
{
	DIR *directory = opendir("/proc/self/task");
	struct dirent *entry;
	int others = 0;

	CHECK(directory);
	while ((entry = readdir(directory))) {
		int tid = atoi(entry->d_name);

		if (tid == 0 || tid == getpid() || tid == other)
			continue;
		for (int i = 0; i < 5000 && !is_ordinary(tid); i++)
			usleep(1000); /* it may only just have begun */
		CHECK(is_ordinary(tid));
		others++;
	}
	closedir(directory);
	CHECK(others == (getenv("LD_PRELOAD") != NULL));
}

static void *stay(void *arg)
{
	look_at_others(my_tid());
	return arg;
}

int main(void)
{
	struct sched_param priority = {.sched_priority = 1};
	pthread_t thread;
	cpu_set_t one;

	CHECK(sched_getaffinity(0, sizeof(all), &all) == 0);
	CPU_ZERO(&one);
	for (int i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; i++) {
		if (CPU_ISSET(i, &all))
			CPU_SET(i, &one);
	}
	CHECK(sched_setaffinity(0, sizeof(one), &one) == 0);
	if (sched_setscheduler(0, SCHED_FIFO, &priority) != 0)
		SKIP("no right to real-time policies");
	CHECK(pthread_create(&thread, NULL, show_own, NULL) == 0 && pthread_join(thread, NULL) == 0);
	CHECK(pthread_create(&thread, NULL, stay, NULL) == 0 && pthread_join(thread, NULL) == 0);
	return 0;
}
