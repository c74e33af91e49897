/* SPDX-License-Identifier: BSD-3-Clause */
/* The allocator locks a mutex: what allocates inside, like creating threads, may not meet itself there. */
#include "check.h"
#include <dlfcn.h>
#include <pthread.h>

extern long allocations;

static void *work(void *arg)
{
	for (int i = 0; i < 3000; i++) {
		void *volatile bytes = malloc((size_t)i);

		free(bytes);
	}
	CHECK(!dlsym(RTLD_DEFAULT, "no such function") && dlerror());
	return arg;
}

int main(void)
{
	pthread_t threads[4];
	FILE *file = fopen("/dev/null", "w");

	CHECK(file && fputs("x", file) >= 0 && fclose(file) == 0);
	for (int i = 0; i < 4; i++)
		CHECK(pthread_create(&threads[i], NULL, work, NULL) == 0);
	for (int i = 0; i < 4; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	printf("many allocations: %d\n", allocations > 12000);
	return 0;
}
