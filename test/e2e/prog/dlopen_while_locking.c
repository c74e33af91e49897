/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A library whose constructor waits for a thread is loaded and unloaded again and again, while threads lock, walk over
 * the loaded objects and do what they never did before. Neither lock is fair: whoever has one leaves a gap, and after some
 * seconds the main thread has the rest for itself.
 */
#include "check.h"
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

enum { LOADS = 150, SECONDS = 5 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static atomic_int is_over;
static time_t end;

static int count(struct dl_phdr_info *info, size_t size, void *n)
{
	(void)info;
	(void)size;
	pthread_mutex_lock(&mutex);
	++*(int *)n;
	pthread_mutex_unlock(&mutex);
	return 0;
}

static void *walk(void *arg)
{
	while (!is_over && time(NULL) < end) {
		int n = 0;

		dl_iterate_phdr(count, &n);
		CHECK(n > 2);
		CHECK(usleep(100) == 0);
	}
	return arg;
}

static void *lock(void *arg)
{
	while (!is_over && time(NULL) < end) {
		pthread_mutex_lock(&mutex);
		CHECK(usleep(1) == 0);
		pthread_mutex_unlock(&mutex);
		CHECK(usleep(20) == 0);
	}
	return arg;
}

int main(void)
{
	char path[4096];
	long n = readlink("/proc/self/exe", path, sizeof(path) - 16);
	pthread_t threads[4];

	CHECK(n > 0);
	end = time(NULL) + SECONDS;
	strcpy(path + n, ".plugin.so");
	for (int i = 0; i < 4; i++)
		CHECK(pthread_create(&threads[i], NULL, i % 2 ? walk : lock, NULL) == 0);
	for (int i = 0; i < LOADS; i++) {
		void *library = dlopen(path, RTLD_NOW);

		CHECK(library && dlclose(library) == 0);
	}
	is_over = 1;
	for (int i = 0; i < 4; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	printf("%d loads\n", LOADS);
	return 0;
}
