/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Two libraries whose functions have different frames come and go at the same addresses, and threads run in them: who looks
 * later at where they ran finds something else there, or nothing.
 */
#include "check.h"
#include <dlfcn.h>
#include <pthread.h>

enum { LOADS = 15, CALLERS = 2 };

static char paths[2][4096];

__attribute__((noinline)) static void call_library(int which)
{
	void *library = dlopen(paths[which], RTLD_NOW);
	int (*burn)(int);

	CHECK(library && (burn = (int (*)(int))dlsym(library, "burn_below")) != NULL);
	CHECK(burn(8) == 8);
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
	pthread_t threads[CALLERS];

	find_libraries();
	for (int i = 0; i < CALLERS; i++)
		CHECK(pthread_create(&threads[i], NULL, call, NULL) == 0);
	for (int i = 0; i < CALLERS; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	printf("%d loads\n", CALLERS * LOADS);
	return 0;
}
