/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A library is loaded with RTLD_DEEPBIND, so what it calls is not seen: its thread becomes known when it calls back.
 */
#include "check.h"
#include <dlfcn.h>
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int called;

static void called_back(void)
{
	pthread_mutex_lock(&mutex);
	CHECK(usleep(1) == 0);
	called++;
	pthread_mutex_unlock(&mutex);
}

static void try(const char *name, void *library)
{
	int (*work)(void (*function)(void));

	if (!library)
		printf("%s: %s\n", name, dlerror());
	CHECK(library && (work = (int (*)(void (*)(void)))dlsym(library, "work")));
	for (int i = 0; i < 10; i++)
		CHECK(work(called_back) == 0);
	printf("%s: called back %d times\n", name, called);
	CHECK(dlclose(library) == 0);
}

int main(void)
{
	char path[4096];
	long n = readlink("/proc/self/exe", path, sizeof(path) - 16);

	CHECK(n > 0);
	strcpy(path + n, ".plugin.so");
	try("deepbind", dlopen(path, RTLD_NOW | RTLD_DEEPBIND));
	try("lazily", dlopen(path, RTLD_LAZY | RTLD_LOCAL));
	return 0;
}
