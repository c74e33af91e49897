/* SPDX-License-Identifier: BSD-3-Clause */
/* 40,000 short threads, at most two alive: more than kernel.pid_max often allows, so tids come again. */
#include "check.h"
#include <pthread.h>

static void *nothing(void *arg)
{
	return arg;
}

int main(void)
{
	for (int i = 0; i < 20000; i++) {
		pthread_t a, b;

		CHECK(pthread_create(&a, NULL, nothing, NULL) == 0);
		CHECK(pthread_create(&b, NULL, nothing, NULL) == 0);
		CHECK(pthread_join(a, NULL) == 0 && pthread_join(b, NULL) == 0);
	}
	puts("40000");
	return 0;
}
