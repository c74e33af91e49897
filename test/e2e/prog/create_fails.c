/* SPDX-License-Identifier: BSD-3-Clause */
/* pthread_create fails with EAGAIN, ten times, then works: the announced threads disappear again. */
#include "check.h"
#include <errno.h>
#include <pthread.h>

static void *nothing(void *arg)
{
	return arg;
}

int main(void)
{
	pthread_attr_t huge;
	pthread_t t;

	pthread_attr_init(&huge);
	CHECK(pthread_attr_setstacksize(&huge, 1UL << 46) == 0);
	for (int i = 0; i < 10; i++)
		CHECK(pthread_create(&t, &huge, nothing, NULL) == EAGAIN);
	CHECK(pthread_create(&t, NULL, nothing, NULL) == 0);
	CHECK(pthread_join(t, NULL) == 0);
	puts("ten refused");
	return 0;
}
