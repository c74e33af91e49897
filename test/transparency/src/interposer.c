/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A preloaded library that wraps the same functions, as eatmydata, fakeroot and profilers do, and counts its calls: with
 * ours before it or behind it, it must see just as many.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

static long locks, reads, creates;

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
	static int (*real)(pthread_mutex_t *);

	if (!real)
		real = (int (*)(pthread_mutex_t *))dlsym(RTLD_NEXT, "pthread_mutex_lock");
	__atomic_fetch_add(&locks, 1, __ATOMIC_RELAXED);
	return real(mutex);
}

ssize_t read(int fd, void *buf, size_t len)
{
	static ssize_t (*real)(int, void *, size_t);

	if (!real)
		real = (ssize_t(*)(int, void *, size_t))dlsym(RTLD_NEXT, "read");
	__atomic_fetch_add(&reads, 1, __ATOMIC_RELAXED);
	return real(fd, buf, len);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*routine)(void *), void *arg)
{
	static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

	if (!real)
		real = (int (*)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))dlsym(RTLD_NEXT,
												      "pthread_create");
	__atomic_fetch_add(&creates, 1, __ATOMIC_RELAXED);
	return real(thread, attributes, routine, arg);
}

__attribute__((destructor)) static void count(void)
{
	fprintf(stderr, "interposer: %ld reads, %ld threads, many locks %d\n", reads, creates, locks > 1000);
}
