/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The wrappers that their row says completely: one body for each row whose shape is not HAND.
 *
 * The words of a row may use the functions below. They read what a pointer of the program leads to, so they may only be
 * used where libc itself reads it in user space, or where the kernel has read it by then.
 */
#include "wrap.h"

#include "../shim/process.h"

static uint64_t duration_ns(const struct timespec *duration)
{
	return (uint64_t)duration->tv_sec * UINT64_C(1000000000) + (uint64_t)duration->tv_nsec;
}

static bool is_zero_timespec(const struct timespec *timeout)
{
	return timeout && timeout->tv_sec == 0 && timeout->tv_nsec == 0;
}

static bool is_zero_timeval(const struct timeval *timeout)
{
	return timeout && timeout->tv_sec == 0 && timeout->tv_usec == 0;
}

/*
 * Nobody holds the mutex and nobody waits: almost always true, and then the lock is one jump away. The lock word is
 * zero in a free mutex of every kind, a priority ceiling apart. A thread that takes the mutex in the few
 * nanoseconds between this look and libc's makes our wait invisible; with waiters about, the try decides.
 */
static inline bool looks_free(const pthread_mutex_t *mutex)
{
	return __atomic_load_n(&mutex->__data.__lock, __ATOMIC_RELAXED) == 0 && !gt_waiters_any(mutex);
}

/* libc refuses another clock before it looks at the lock. */
static bool is_wait_clock(clockid_t clock)
{
	return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC;
}

/* libc refuses another moment before it looks at a read-write lock. */
static bool is_moment(const struct timespec *moment)
{
	return moment->tv_nsec >= 0 && moment->tv_nsec < 1000000000;
}

#define WRAP(shape, failure, type, name, version, need, how, cancel, args) GT_BODY_##shape(type, name, how, args)
#define TWIN(shape, failure, type, id, name, version, at, need, how, cancel, args)                                     \
	GT_BODY_##shape(type, id, how, args) GT_TWIN_##shape(id, name, at, version)

/* A TWIN is given its version where its body is. */
#define GT_TWIN_COND GT_VERSION_TWIN
#define GT_TWIN_WAKE_ONE GT_VERSION_TWIN
#define GT_TWIN_WAKE_ALL GT_VERSION_TWIN
#define GT_TWIN_HAND(id, name, at, version)

#include "wrappers.def"
