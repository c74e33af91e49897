/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * With a cancellation pending, calls that need not wait: which of them act on it. The list is the same with and without
 * tracing: no lock becomes a cancellation point, and no call ceases to be one.
 */
#include "calls.h"

static volatile int tid;

static void *run(void *which)
{
	CHECK(pthread_cancel(pthread_self()) == 0);
	tid = my_tid();
	call(*(int *)which);
	return NULL;
}

int main(void)
{
	pthread_t thread;
	void *value;

	prepare_all();
	for (int i = 0; i < (int)(sizeof(names) / sizeof(names[0])); i++) {
		prepare();
		tid = 0;
		if (i == 0)
			pthread_mutex_lock(&held);
		CHECK(pthread_create(&thread, NULL, run, &i) == 0);
		if (i == 0) {
			wait_until_blocked(&tid);
			pthread_mutex_unlock(&held);
		}
		CHECK(pthread_join(thread, &value) == 0);
		printf("%s: %s\n", names[i], value == PTHREAD_CANCELED ? "acts" : "does not");
		if (i == 0)
			CHECK(pthread_mutex_unlock(&held) == 0 && pthread_mutex_lock(&held) == 0);
	}
	return 0;
}
