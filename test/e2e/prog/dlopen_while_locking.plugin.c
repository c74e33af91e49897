/* SPDX-License-Identifier: BSD-3-Clause */
/* Its constructor waits for a thread of its own, under the loader's lock. */
#include <pthread.h>
#include <unistd.h>

static void *work(void *arg)
{
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

	pthread_mutex_lock(&mutex);
	usleep(1);
	pthread_mutex_unlock(&mutex);
	return arg;
}

static __attribute__((constructor)) void start(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, work, NULL) == 0)
		pthread_join(thread, NULL);
}
