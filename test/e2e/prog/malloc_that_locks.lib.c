/* SPDX-License-Identifier: BSD-3-Clause */
/* An allocator under a pthread mutex, which calls a function of libc that is wrapped, too, each time. */
#include <pthread.h>
#include <sched.h>
#include <stddef.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void __libc_free(void *old);

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
long allocations;

static void enter(void)
{
	pthread_mutex_lock(&mutex);
	allocations++;
	if (allocations % 64 == 0)
		sched_yield();
}

static void *leave(void *result)
{
	pthread_mutex_unlock(&mutex);
	return result;
}

void *malloc(size_t size)
{
	enter();
	return leave(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
	enter();
	return leave(__libc_calloc(count, size));
}

void *realloc(void *old, size_t size)
{
	enter();
	return leave(__libc_realloc(old, size));
}

void free(void *old)
{
	enter();
	__libc_free(old);
	leave(NULL);
}
