/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * storm N: four threads that read, take the same mutex and sometimes sleep, N times each: some eight events a round.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum { THREADS = 4 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static volatile long shared;
static long rounds;

static void *work(void *arg)
{
	int zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	char bytes[64];

	for (long i = 0; i < rounds; i++) {
		if (read(zero, bytes, sizeof(bytes)) < 0)
			abort();
		pthread_mutex_lock(&lock);
		shared++;
		pthread_mutex_unlock(&lock);
		if (i % 64 == 0)
			usleep(1);
	}
	return arg;
}

int main(int argc, char **argv)
{
	pthread_t t[THREADS];

	rounds = argc > 1 ? atol(argv[1]) : 100000;
	for (int i = 0; i < THREADS; i++) {
		if (pthread_create(&t[i], NULL, work, NULL) != 0)
			return 1;
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(t[i], NULL);
	return 0;
}
