/* SPDX-License-Identifier: BSD-3-Clause */
/* All keys for thread-specific data are there for the program: how many it can make, and the number of the first. */
#include "check.h"
#include <errno.h>
#include <limits.h>
#include <pthread.h>

static void *nothing(void *arg)
{
	return arg;
}

int main(void)
{
	pthread_key_t key, first = 0;
	pthread_t thread;
	int count = 0;

	CHECK(pthread_create(&thread, NULL, nothing, NULL) == 0 && pthread_join(thread, NULL) == 0);
	while (pthread_key_create(&key, NULL) == 0) {
		if (count++ == 0)
			first = key;
	}
	printf("%d of %d keys, the first is %u\n", count, PTHREAD_KEYS_MAX, first);
	CHECK(pthread_create(&thread, NULL, nothing, NULL) == 0 && pthread_join(thread, NULL) == 0);
	return 0;
}
