/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Functions of the program that libc calls, and that do not come back: a routine of pthread_once or call_once that ends
 * its thread, is cancelled or jumps away, after which the next one runs it; a filter of scandir that locks and jumps.
 */
#include "check.h"
#include <dirent.h>
#include <pthread.h>
#include <setjmp.h>
#include <threads.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static once_flag flag = ONCE_FLAG_INIT;
static sigjmp_buf back;
static int runs;

static void routine(void)
{
	pthread_mutex_lock(&mutex);
	runs++;
	CHECK(usleep(1) == 0);
	pthread_mutex_unlock(&mutex);
	if (runs % 3 == 1)
		pthread_exit(NULL);
	if (runs % 3 == 2) {
		pthread_cancel(pthread_self());
		pause();
	}
}

static void *by_pthread(void *arg)
{
	CHECK(pthread_once(&once, routine) == 0);
	return arg;
}

static void *by_c11(void *arg)
{
	call_once(&flag, routine);
	return arg;
}

static void threads(const char *name, void *(*run)(void *))
{
	pthread_t thread;
	void *value;

	runs = 0;
	for (int i = 0; i < 4; i++) {
		value = NULL;
		CHECK(pthread_create(&thread, NULL, run, NULL) == 0 && pthread_join(thread, &value) == 0);
		printf("%s: %s, %d runs\n", name, value == PTHREAD_CANCELED ? "cancelled" : "ended", runs);
	}
}

static int filter(const struct dirent *entry)
{
	pthread_mutex_lock(&mutex);
	CHECK(sched_yield() == 0);
	pthread_mutex_unlock(&mutex);
	if (entry->d_name[0] == '.')
		return 0;
	siglongjmp(back, 1);
}

static int none(const struct dirent *entry)
{
	return (void)entry, usleep(1);
}

int main(void)
{
	struct dirent **list;
	volatile int n = -2;

	threads("pthread_once", by_pthread);
	threads("call_once", by_c11);
	CHECK(close(open("a file", O_WRONLY | O_CREAT, 0600)) == 0);
	if (sigsetjmp(back, 1) == 0)
		n = scandir(".", &list, filter, NULL);
	printf("scandir, jumped out of: %d\n", n);
	n = scandir(".", &list, none, alphasort);
	printf("scandir: %d, then %d\n", n, scandir("/none", &list, none, NULL));
	CHECK(usleep(1) == 0);
	return 0;
}
