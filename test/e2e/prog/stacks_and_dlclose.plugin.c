/* SPDX-License-Identifier: BSD-3-Clause */
#include <pthread.h>
#include <unistd.h>

#ifndef SIZE
#define SIZE 24
#endif

int wait_below(int depth, pthread_mutex_t *mutex);

/* Returns `depth`. */
__attribute__((noinline)) int wait_below(int depth, pthread_mutex_t *mutex)
{
	char bytes[SIZE];
	int below = 0;

	__asm__ volatile("" ::"r"(bytes) : "memory");
	if (depth > 0) {
		below = wait_below(depth - 1, mutex) + 1;
	} else {
		pthread_mutex_lock(mutex);
		usleep(1);
		pthread_mutex_unlock(mutex);
	}
	__asm__ volatile("" ::"r"(bytes) : "memory");
	return below;
}
