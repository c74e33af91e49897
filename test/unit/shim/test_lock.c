/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Our own locks, as a debug build has them: it dies of a wrong order.
 */
#define GT_DEBUG 1
#include "shim/lock.c"

#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>

enum { SHORTLY_NS = 1000000 };

/* First and last by rank. */
#define LOW ((enum gt_lock)0)
#define HIGH ((enum gt_lock)(GT_LOCKS - 1))

static void *try_high(void *done)
{
	*(bool *)done = gt_lock_try(HIGH);
	return NULL;
}

static void *wait_for_high(void *done)
{
	*(bool *)done = gt_lock_wait(HIGH, SHORTLY_NS);
	if (*(bool *)done)
		gt_lock_release(HIGH);
	return NULL;
}

static bool elsewhere(void *(*routine)(void *))
{
	pthread_t thread;
	bool done;

	cr_assert_eq(pthread_create(&thread, NULL, routine, &done), 0);
	cr_assert_eq(pthread_join(thread, NULL), 0);
	return done;
}

Test(lock, one_thread_at_a_time)
{
	cr_assert(gt_lock_try(HIGH));
	cr_assert_not(elsewhere(try_high));
	cr_assert_not(elsewhere(wait_for_high));
	gt_lock_release(HIGH);
	cr_assert(elsewhere(wait_for_high));
	cr_assert(gt_lock_wait(HIGH, 0));
}

Test(lock, the_holder_does_not_wait_for_itself)
{
	cr_assert(gt_lock_wait(HIGH, UINT64_MAX));
	cr_assert_not(gt_lock_wait(HIGH, UINT64_MAX), "a signal handler");
	cr_assert_not(gt_lock_try(HIGH));
}

Test(lock, a_forked_child_holds_none)
{
	cr_assert(gt_lock_try(LOW) && gt_lock_try(HIGH));
	gt_lock_reset();
	cr_assert(gt_lock_wait(LOW, 0) && gt_lock_wait(HIGH, 0));
}

Test(lock, in_the_order_of_ranks)
{
	cr_assert(gt_lock_wait(LOW, 0) && gt_lock_wait(HIGH, 0));
	gt_lock_needed(LOW);
	gt_lock_release(LOW);
	gt_lock_needed(HIGH);
	gt_lock_release(HIGH);
}

Test(lock, to_try_is_allowed_in_any_order)
{
	cr_assert(gt_lock_wait(HIGH, 0) && gt_lock_try(LOW));
}

Test(lock, to_wait_against_the_order_is_fatal, .signal = SIGILL)
{
	cr_assert(gt_lock_wait(HIGH, 0));
	gt_lock_wait(LOW, 0);
}

Test(lock, to_give_back_what_is_not_held_is_fatal, .signal = SIGILL)
{
	gt_lock_release(HIGH);
}

Test(lock, to_do_without_what_is_needed_is_fatal, .signal = SIGILL)
{
	cr_assert(gt_lock_try(LOW));
	gt_lock_needed(HIGH);
}
