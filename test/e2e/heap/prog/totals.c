/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * totals KIND PLUGIN: uses the allocator in every way, in threads that come and go, in libc and in a plugin, and prints how
 * many bytes are in use then, by the allocator's own account:
 *   glibc, jemalloc, tcmalloc  its statistics
 *   own                        what malloc_usable_size() says of the objects that are left
 * Nothing is left with a third word "empty". With "plain" no thread frees anything behind its end. Ends at once, so that
 * what is recorded last is the same.
 */
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "objects.h"

static pthread_key_t key;
static int has_key;

static void *taker(void *arg)
{
	unsigned seed = (unsigned)(uintptr_t)arg;

	if (has_key)
		pthread_setspecific(key, malloc(50000)); /* freed behind the thread's last word */
	for (int i = 0; i < 3000; i++)
		objects_change(&seed);
	return NULL;
}

/* What one thread takes, another one gives back. */
static void run_threads(int rounds)
{
	pthread_t t[6];

	for (int round = 0; round < rounds; round++) {
		for (uintptr_t i = 0; i < 6; i++)
			pthread_create(&t[i], NULL, taker, (void *)(round * 100 + i));
		for (int i = 0; i < 6; i++)
			pthread_join(t[i], NULL);
	}
}

/* What fails or is odd, with its errno: the same traced and not. */
static void show_failures(void)
{
	volatile size_t much = SIZE_MAX / 2 - 100;
	char *volatile p = malloc(1 << 20); /* so large that it has pages of its own */
	void *q = NULL;

	strcpy(p, "stays");
	errno = 0;
	printf("%d", realloc(p, much) == NULL);
	printf(" %d %s\n", errno, p);
	errno = 77;
	free(NULL);
	q = realloc(p, 0);
	printf("%d %d\n", q == NULL, errno);
	free(q);
	free(realloc(NULL, 10));
	errno = 0;
	printf("%d", calloc(much, 3) == NULL);
	printf(" %d\n", errno);
	printf("%d\n", posix_memalign(&q, 3, 10));
}

/* Objects that libc takes and the program gives back. */
static void use_libc(void)
{
	char *text = strdup("a text"), *line = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&line, &len);

	for (int i = 0; i < 1000; i++)
		fprintf(f, "%d %s\n", i, text);
	fclose(f);
	free(line);
	free(text);
	if (asprintf(&text, "%0*d", 3000, 1) > 0)
		free(text);
}

static void use_plugin(const char *path)
{
	void *plugin = dlopen(path, RTLD_NOW);
	void *(*take)(size_t) = plugin ? (void *(*)(size_t))dlsym(plugin, "plugin_take") : NULL;
	void (*release)(void *) = (void (*)(void *))dlsym(RTLD_DEFAULT, "free");

	if (!take) {
		printf("no plugin: %s\n", dlerror());
		return;
	}
	for (size_t i = 0; i < 1000; i++)
		objects_keep(take(i * 10));
	release(take(100000));
	dlclose(plugin);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	has_key = !(argc > 3 && strcmp(argv[3], "plain") == 0) && pthread_key_create(&key, free) == 0;
	show_failures();
	use_libc();
	use_plugin(argv[2]);
	run_threads(3);
	if (argc > 3 && strcmp(argv[3], "empty") == 0)
		objects_free();
	fflush(stdout);
	dprintf(1, "%zu\n", objects_in_use(argv[1]));
	_exit(0);
}
