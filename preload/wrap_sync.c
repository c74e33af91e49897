/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Semaphores, once and yielding.
 *
 * Trying a semaphore first must not show: a failed try leaves EAGAIN in errno, so errno is put back before the
 * wait; a try is no cancellation point, so the test for a pending cancellation is made where libc makes it.
 */
#include "wrap.h"

static bool try_semaphore(sem_t *sem)
{
	int saved_errno = errno;

	if (gt_real_sem_trywait(sem) == 0)
		return true;
	errno = saved_errno;
	return false;
}

static void wait_begin(struct gt_op *op, const sem_t *sem, const void *caller)
{
	gt_wait_begin(op, GT_WAITING(SYNC, SEM), sem, caller);
}

static __attribute__((noinline)) int wait_sem(sem_t *sem, const void *caller)
{
	struct gt_op op GT_CLOSED_BY(gt_op_end);

	wait_begin(&op, sem, caller);
	return gt_real_sem_wait(sem);
}

int gt_wrap_sem_wait(sem_t *sem)
{
	if (gt_is_off)
		return gt_real_sem_wait(sem);
	gt_real_pthread_testcancel();
	if (try_semaphore(sem))
		return 0;
	return wait_sem(sem, GT_CALLER);
}

static __attribute__((noinline)) int timedwait_sem(sem_t *sem, const struct timespec *abstime, const void *caller)
{
	struct gt_op op GT_CLOSED_BY(gt_op_end);

	wait_begin(&op, sem, caller);
	return gt_real_sem_timedwait(sem, abstime);
}

int gt_wrap_sem_timedwait(sem_t *sem, const struct timespec *abstime)
{
	if (gt_is_off || !gt_is_moment(abstime))
		return gt_real_sem_timedwait(sem, abstime);
	gt_real_pthread_testcancel();
	if (try_semaphore(sem))
		return 0;
	return timedwait_sem(sem, abstime, GT_CALLER);
}

static __attribute__((noinline)) int clockwait_sem(sem_t *sem, clockid_t clock, const struct timespec *abstime,
						   const void *caller)
{
	struct gt_op op GT_CLOSED_BY(gt_op_end);

	wait_begin(&op, sem, caller);
	return gt_real_sem_clockwait(sem, clock, abstime);
}

/* Cancellation is only acted upon when it blocks, so there is no test before the try. */
int gt_wrap_sem_clockwait(sem_t *sem, clockid_t clock, const struct timespec *abstime)
{
	if (gt_is_off || (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC) || !gt_is_moment(abstime))
		return gt_real_sem_clockwait(sem, clock, abstime);
	if (try_semaphore(sem))
		return 0;
	return clockwait_sem(sem, clock, abstime, GT_CALLER);
}

/*
 * The control word of once, as glibc has had it since 2002: bit 0 someone runs the routine, bit 1 it is done.
 * Only in the first state does this thread wait; in the others it may run the program's routine, over which
 * nothing may be open.
 */
static bool is_once_running(const pthread_once_t *control)
{
	return (__atomic_load_n(control, __ATOMIC_RELAXED) & 3) == 1;
}

static __attribute__((noinline)) int wait_once(int (*real)(pthread_once_t *, gt_once_routine), pthread_once_t *control,
					       gt_once_routine routine, const void *caller)
{
	struct gt_op op GT_CLOSED_BY(gt_op_end);

	gt_wait_begin(&op, GT_WAITING(SYNC, ONCE), control, caller);
	return real(control, routine);
}

int gt_wrap_pthread_once(pthread_once_t *control, gt_once_routine routine)
{
	if (is_once_running(control))
		return wait_once(gt_real_pthread_once, control, routine, GT_CALLER);
	return gt_real_pthread_once(control, routine);
}

int gt_wrap___pthread_once(pthread_once_t *control, gt_once_routine routine)
{
	if (is_once_running(control))
		return wait_once(gt_real___pthread_once, control, routine, GT_CALLER);
	return gt_real___pthread_once(control, routine);
}

/* C11's flag is glibc's control word, in a struct. */
void gt_wrap_call_once(once_flag *flag, gt_once_routine routine)
{
	struct gt_op op GT_CLOSED_BY(gt_op_end);

	op.thread = NULL;
	if (is_once_running((const pthread_once_t *)flag))
		gt_wait_begin(&op, GT_WAITING(SYNC, ONCE), flag, GT_CALLER);
	gt_real_call_once(flag, routine);
}

void gt_wrap_thrd_yield(void)
{
	gt_yield(GT_CALLER);
	gt_real_thrd_yield();
}
