/* SPDX-License-Identifier: BSD-3-Clause */
#include "take.h"

#include "../shim/sched.h"

#include <sys/single_threaded.h>

static int take_alone(pthread_mutex_t *mutex);

int (*gt_take_mutex)(pthread_mutex_t *mutex) = take_alone;

static void take_by(int (*take)(pthread_mutex_t *))
{
	__atomic_store_n(&gt_take_mutex, take, __ATOMIC_RELAXED);
}

/*
 * A single thread: libc's lock and unlock write without locked instructions, its trylock does not. A mutex that it holds
 * already is tried, since it will wait for itself. The first lock after a second thread has come ends this for good.
 */
static int take_alone(pthread_mutex_t *mutex)
{
	if (!__libc_single_threaded)
		take_by(gt_real_pthread_mutex_trylock);
	else if (__atomic_load_n(&mutex->__data.__lock, __ATOMIC_RELAXED) == 0)
		return gt_real_pthread_mutex_lock(mutex);
	return gt_real_pthread_mutex_trylock(mutex);
}

void gt_take_start(void)
{
	if (gt_is_off)
		take_by(gt_real_pthread_mutex_lock);
}
