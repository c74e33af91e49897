/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * memory_limited address|locked: a program that starts with little address space, or that locks all of its memory and
 * all that comes: it works as always.
 */
#include "check.h"
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>

enum { THREADS = 8, ADDRESS_SPACE = 150 << 20 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *arg)
{
	int null = open("/dev/null", O_WRONLY);

	for (int i = 0; i < 200; i++) {
		void *bytes = malloc(10000);

		CHECK(bytes);
		memset(bytes, 1, 10000);
		pthread_mutex_lock(&mutex);
		CHECK(write(null, bytes, 100) == 100);
		pthread_mutex_unlock(&mutex);
		free(bytes);
	}
	CHECK(close(null) == 0);
	return arg;
}

static void run(void)
{
	pthread_t threads[THREADS];
	pthread_attr_t attr;

	CHECK(pthread_attr_init(&attr) == 0 && pthread_attr_setstacksize(&attr, 256 << 10) == 0);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_create(&threads[i], &attr, work, NULL) == 0);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	puts("worked");
}

int main(int argc, char **argv)
{
	struct rlimit limit = {ADDRESS_SPACE, ADDRESS_SPACE};

	CHECK(argc == 2);
	if (strcmp(argv[1], "address") == 0) {
		setenv("MALLOC_ARENA_MAX", "1", 1);
		CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
		execl("/proc/self/exe", argv[0], "again", NULL);
		return 97;
	}
	if (strcmp(argv[1], "locked") == 0 && mlockall(MCL_CURRENT | MCL_FUTURE) != 0)
		SKIP("may not lock memory");
	run();
	return 0;
}
