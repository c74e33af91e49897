/* SPDX-License-Identifier: BSD-3-Clause */
/* Keeps account of locked mutexes, as a checker does: its lock and unlock stand in front of libc's, but it has no trylock. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

_Atomic int held;

static int (*next(const char *name))(pthread_mutex_t *)
{
	int (*volatile function)(pthread_mutex_t *) = (int (*)(pthread_mutex_t *))dlsym(RTLD_NEXT, name);

	return function;
}

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
	int error = next("pthread_mutex_lock")(mutex);

	held++;
	return error;
}

int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	if (held-- <= 0)
		abort();
	return next("pthread_mutex_unlock")(mutex);
}
