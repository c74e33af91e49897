/* SPDX-License-Identifier: BSD-3-Clause */
/* Waits of four kinds, each in a function of its own. */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TIMES = 20, THREADS = 4, MUCH = 8 << 20 };

static int ends[2];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static __attribute__((noinline)) void waits_for_lock(void)
{
	pthread_mutex_lock(&mutex);
	usleep(1000);
	pthread_mutex_unlock(&mutex);
}

static __attribute__((noinline)) void reads_socket(void)
{
	char c;

	if (read(ends[0], &c, 1) != 1)
		abort();
}

static __attribute__((noinline)) void reads_much(int zero, char *buffer)
{
	if (read(zero, buffer, MUCH) != MUCH)
		abort();
}

static void *locks(void *arg)
{
	for (int i = 0; i < TIMES; i++)
		waits_for_lock();
	return arg;
}

static void *receives(void *arg)
{
	for (int i = 0; i < TIMES; i++)
		reads_socket();
	return arg;
}

int main(void)
{
	int zero = open("/dev/zero", O_RDONLY);
	char *buffer = malloc(MUCH);
	pthread_t threads[THREADS + 1];

	if (zero < 0 || !buffer || socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
		return 1;
	for (int i = 0; i <= THREADS; i++) {
		if (pthread_create(&threads[i], NULL, i < THREADS ? locks : receives, NULL) != 0)
			return 1;
	}
	for (int i = 0; i < TIMES; i++) {
		reads_much(zero, buffer);
		if (write(ends[1], "x", 1) != 1)
			return 1;
	}
	for (int i = 0; i <= THREADS; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
