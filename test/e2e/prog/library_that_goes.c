/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A library is loaded, waits, and is unloaded again, long before the generation ends: its waits keep their names.
 */
#include "check.h"
#include <dlfcn.h>
#include <pthread.h>

static void *visit(void *path)
{
	void *library = dlopen(path, RTLD_NOW);
	int (*wait)(void);

	CHECK(library && (wait = (int (*)(void))dlsym(library, "wait_in_library")) != NULL);
	CHECK(wait() == 5);
	CHECK(dlclose(library) == 0);
	CHECK(usleep(50000) == 0);
	CHECK(!dlopen(path, RTLD_NOW | RTLD_NOLOAD));
	return path;
}

int main(void)
{
	char path[4096];
	long n = readlink("/proc/self/exe", path, sizeof(path) - 16);
	pthread_t thread;

	CHECK(n > 0);
	strcpy(path + n, ".plugin.so");
	CHECK(pthread_create(&thread, NULL, visit, path) == 0);
	CHECK(pthread_join(thread, NULL) == 0);
	puts("gone");
	return 0;
}
