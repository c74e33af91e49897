/* SPDX-License-Identifier: BSD-3-Clause */
/* 50 threads run at the same time: they spin until all have arrived, so the slots must grow to hold them. */
#include "check.h"
#include <pthread.h>
#include <stdatomic.h>

enum { THREADS = 50 };
static atomic_int arrived;

static void *spin(void *arg)
{
	arrived++;
	while (arrived < THREADS)
		;
	return arg;
}

int main(void)
{
	pthread_t t[THREADS];

	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_create(&t[i], NULL, spin, NULL) == 0);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_join(t[i], NULL) == 0);
	puts("50 at once");
	return 0;
}
