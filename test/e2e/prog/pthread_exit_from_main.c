/* SPDX-License-Identifier: BSD-3-Clause */
/* main leaves by pthread_exit; the last thread ends the process with its own status. */
#include "check.h"
#include <pthread.h>

static pthread_t main_thread;

static void *outlive(void *arg)
{
	CHECK(pthread_join(main_thread, NULL) == 0);
	puts("main is gone");
	exit(3);
	return arg;
}

int main(void)
{
	pthread_t t;

	main_thread = pthread_self();
	CHECK(pthread_create(&t, NULL, outlive, NULL) == 0);
	pthread_exit(NULL);
}
