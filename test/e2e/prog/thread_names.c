/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads that name themselves, in both ways, that take their name away, and that are named by another.
 */
#include "check.h"

#include <pthread.h>
#include <stdio.h>
#include <sys/prctl.h>

static _Atomic int named;

static void *names_itself(void *arg)
{
	(void)arg;
	CHECK(pthread_setname_np(pthread_self(), "by-pthread") == 0);
	CHECK(pthread_setname_np(pthread_self(), "a name that is too long") != 0);
	CHECK(prctl(PR_SET_NAME, "by-prctl-and-longer") == 0);
	CHECK(prctl(PR_SET_NAME, "") == 0);
	return NULL;
}

/* Without an operation of its own. */
static void *is_named(void *arg)
{
	while (!named)
		;
	return arg;
}

int main(void)
{
	pthread_t thread;

	CHECK(pthread_create(&thread, NULL, names_itself, NULL) == 0);
	CHECK(pthread_join(thread, NULL) == 0);
	CHECK(pthread_create(&thread, NULL, is_named, NULL) == 0);
	CHECK(pthread_setname_np(thread, "by-another") == 0);
	named = 1;
	CHECK(pthread_join(thread, NULL) == 0);
	return 0;
}
