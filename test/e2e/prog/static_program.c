/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A static program loads nothing, so nothing of it is recorded, and it does not notice.
 * Flags: -static
 */
#include "check.h"
#include <pthread.h>

static void *nothing(void *arg)
{
	return arg;
}

int main(void)
{
	pthread_t thread;

	CHECK(pthread_create(&thread, NULL, nothing, NULL) == 0 && pthread_join(thread, NULL) == 0);
	puts("ran");
	return 0;
}
