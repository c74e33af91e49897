/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Two libraries whose functions have different frames come and go at the same addresses, and threads wait in them. Others
 * wait with a mutex held that is also asked for inside dl_iterate_phdr(), where the dynamic linker's lock is held: who
 * took that lock to find out where a wait is would hang here.
 */
#include "check.h"
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdatomic.h>

enum { LOADS = 100, LOCKERS = 2, WALKERS = 2, CALLERS = 2 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static atomic_int is_over;
static char paths[2][4096];

static int visit(struct dl_phdr_info *info, size_t size, void *n)
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
	while (!is_over) {
		int n = 0;

		dl_iterate_phdr(visit, &n);
		CHECK(n > 2 && usleep(300) == 0);
	}
	return arg;
}

static void *lock(void *arg)
{
	while (!is_over) {
		pthread_mutex_lock(&mutex);
		CHECK(usleep(1) == 0);
		pthread_mutex_unlock(&mutex);
		CHECK(usleep(300) == 0); /* else nobody else may get it for long */
	}
	return arg;
}

static void call_library(int which)
{
	void *library = dlopen(paths[which], RTLD_NOW);
	int (*wait)(int, pthread_mutex_t *);

	CHECK(library && (wait = (int (*)(int, pthread_mutex_t *))dlsym(library, "wait_below")) != NULL);
	CHECK(wait(8, &mutex) == 8);
	CHECK(dlclose(library) == 0);
}

static void *call(void *arg)
{
	for (int i = 0; i < LOADS; i++)
		call_library(i % 2);
	return arg;
}

static void find_libraries(void)
{
	long n = readlink("/proc/self/exe", paths[0], sizeof(paths[0]) - 16);

	CHECK(n > 0);
	memcpy(paths[1], paths[0], (size_t)n);
	strcpy(paths[0] + n, ".plugin.so");
	strcpy(paths[1] + n, ".other.so");
}

int main(void)
{
	pthread_t threads[LOCKERS + WALKERS + CALLERS];
	int n = 0;

	find_libraries();
	while (n < LOCKERS)
		CHECK(pthread_create(&threads[n++], NULL, lock, NULL) == 0);
	while (n < LOCKERS + WALKERS)
		CHECK(pthread_create(&threads[n++], NULL, walk, NULL) == 0);
	while (n < LOCKERS + WALKERS + CALLERS)
		CHECK(pthread_create(&threads[n++], NULL, call, NULL) == 0);
	for (int i = LOCKERS + WALKERS; i < n; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	is_over = 1;
	for (int i = 0; i < LOCKERS + WALKERS; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	printf("%d loads\n", CALLERS * LOADS);
	return 0;
}
