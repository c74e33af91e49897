/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Functions that look at who calls them: dlopen finds a library by the program's own RUNPATH, RTLD_NEXT and
 * RTLD_DEFAULT find functions that work, by version, too.
 * Flags: -Wl,--enable-new-dtags,-rpath,$ORIGIN
 */
#include "check.h"
#include <dlfcn.h>
#include <pthread.h>

typedef ssize_t (*reader)(int fd, void *buf, size_t len);

static void *work(void *arg)
{
	void *library = dlopen("plugin_by_runpath.plugin.so", RTLD_NOW);
	int (*answer)(void);

	if (!library)
		printf("%s\n", dlerror());
	CHECK(library && (answer = (int (*)(void))dlsym(library, "answer")));
	printf("%s: %d\n", (char *)arg, answer());
	CHECK(dlclose(library) == 0);
	return NULL;
}

static void try(const char *name, void *function)
{
	int fd = open("/dev/zero", O_RDONLY);
	char bytes[4] = "abc";

	CHECK(function && ((reader)function)(fd, bytes, 2) == 2 && bytes[0] == 0 && bytes[2] == 'c');
	close(fd);
	printf("%s reads\n", name);
}

int main(void)
{
	void *libc = dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD);
	pthread_t thread;
	Dl_info info;

	work("main");
	CHECK(pthread_create(&thread, NULL, work, "thread") == 0 && pthread_join(thread, NULL) == 0);
	try("RTLD_NEXT", dlsym(RTLD_NEXT, "read"));
	try("RTLD_DEFAULT", dlsym(RTLD_DEFAULT, "read"));
	try("libc's", dlsym(libc, "read"));
	try("by version", dlvsym(RTLD_DEFAULT, "read", "GLIBC_2.2.5"));
	printf("one address: %d\n", dlsym(RTLD_DEFAULT, "read") == (void *)read);
	CHECK(!dlvsym(RTLD_DEFAULT, "read", "GLIBC_9.9") && dlerror());
	CHECK(dladdr((void *)read, &info) && strcmp(info.dli_sname, "read") == 0);
	return 0;
}
