/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A little of everything that preloaded libraries wrap: allocation in threads, locks, reads, threads that come and go.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long sum;

static void *work(void *arg)
{
	char *blocks[64] = {0};
	unsigned long mine = 0;
	unsigned state = (unsigned)(unsigned long)arg;
	int fd = open("/dev/zero", O_RDONLY);

	for (int i = 0; i < 20000; i++) {
		state = state * 1664525 + 1013904223;
		char **block = &blocks[state >> 26];
		size_t size = 1 + (state >> 16) % 4000;

		free(*block);
		*block = malloc(size);
		memset(*block, (int)(state >> 8), size);
		mine += (unsigned char)(*block)[size - 1];
		if (i % 100 == 0 && read(fd, *block, size < 100 ? size : 100) < 0)
			mine = 0;
	}
	for (int i = 0; i < 64; i++)
		free(blocks[i]);
	close(fd);
	for (int i = 0; i < 500; i++) {
		pthread_mutex_lock(&lock);
		sum += mine;
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

int main(void)
{
	pthread_t threads[6];

	for (int round = 0; round < 3; round++) {
		for (unsigned long i = 0; i < 6; i++)
			if (pthread_create(&threads[i], NULL, work, (void *)(i + 1)))
				return 1;
		for (int i = 0; i < 6; i++)
			pthread_join(threads[i], NULL);
	}
	printf("sum %lu\n", sum);
	return 0;
}
