/* SPDX-License-Identifier: BSD-3-Clause */
#include "lock.h"

#include "clock.h"
#include "os.h"

enum { NAP_NS = 20000 };

/* The kernel thread that holds it; 0: free. */
static _Atomic uint32_t holder[GT_LOCKS];

#ifdef GT_DEBUG

/* What the calling thread holds, a bit a lock. */
static _Thread_local uint32_t held __attribute__((tls_model("initial-exec")));

static void check(bool is_right)
{
	if (!is_right)
		__builtin_trap();
}

static void note_wait(enum gt_lock lock)
{
	check(held >> lock == 0);
}

static void note_take(enum gt_lock lock)
{
	held |= 1u << lock;
}

static void note_release(enum gt_lock lock)
{
	gt_lock_needed(lock);
	held &= ~(1u << lock);
}

static void note_reset(void)
{
	held = 0;
}

void gt_lock_needed(enum gt_lock lock)
{
	check(held & 1u << lock);
}

#else

static void note_wait(enum gt_lock lock)
{
	(void)lock;
}

static void note_take(enum gt_lock lock)
{
	(void)lock;
}

static void note_release(enum gt_lock lock)
{
	(void)lock;
}

static void note_reset(void)
{
}

#endif

static bool take(enum gt_lock lock, uint32_t tid)
{
	uint32_t free = 0;

	if (!atomic_compare_exchange_strong(&holder[lock], &free, tid))
		return false;
	note_take(lock);
	return true;
}

bool gt_lock_try(enum gt_lock lock)
{
	return atomic_load(&holder[lock]) == 0 && take(lock, (uint32_t)gt_os_gettid());
}

bool gt_lock_wait(enum gt_lock lock, uint64_t patience_ns)
{
	uint32_t tid = (uint32_t)gt_os_gettid();
	uint64_t start = gt_clock_monotonic();

	if (atomic_load(&holder[lock]) == tid)
		return false;
	note_wait(lock);
	while (!take(lock, tid)) {
		if (gt_clock_monotonic() - start > patience_ns)
			return false;
		gt_os_sleep(NAP_NS);
	}
	return true;
}

void gt_lock_release(enum gt_lock lock)
{
	note_release(lock);
	atomic_store(&holder[lock], 0);
}

void gt_lock_reset(void)
{
	note_reset();
	for (int i = 0; i < GT_LOCKS; i++)
		atomic_store(&holder[i], 0);
}
