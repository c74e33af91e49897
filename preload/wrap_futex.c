/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * syscall(SYS_futex), the lock of everything that is not pthread: std::atomic::wait, Rust, language runtimes.
 *
 * stubs.c sends only this number here; every other call never has a frame of ours.
 */
#include "futex.h"

#include "wrap.h"

#include <linux/futex.h>

#ifndef FUTEX_LOCK_PI2
#define FUTEX_LOCK_PI2 13
#endif

static long wait_futex(long number, long address, long op_word, long value, long timeout, long address2, long value3,
		       const void *caller)
{
	struct gt_op op GT_CLOSED_BY(gt_op_end);

	gt_wait_begin(&op, GT_BLOCK_SYNC, GT_PRIM_FUTEX, (const void *)address, caller);
	return gt_real_syscall(number, address, op_word, value, timeout, address2, value3);
}

static void wake_futex(long address, long count, const void *caller)
{
	if ((int)count == 1)
		gt_wake_one((const void *)address, caller);
	else
		gt_wake_all((const void *)address, caller);
}

/* Whether the operation may block; what it wakes is named first, since it may run before we are back. */
static bool is_waiting(int command, long address, long value, long value2, long address2, const void *caller)
{
	switch (command) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
	case FUTEX_WAIT_REQUEUE_PI:
	case FUTEX_LOCK_PI:
	case FUTEX_LOCK_PI2:
		return true;
	case FUTEX_WAKE_OP:
		wake_futex(address2, value2, caller);
		wake_futex(address, value, caller);
		return false;
	case FUTEX_WAKE:
	case FUTEX_WAKE_BITSET:
	case FUTEX_REQUEUE:
	case FUTEX_CMP_REQUEUE:
	case FUTEX_CMP_REQUEUE_PI:
		wake_futex(address, value, caller);
		return false;
	case FUTEX_UNLOCK_PI:
		gt_release((const void *)address);
		return false;
	default:
		return false;
	}
}

long gt_futex_call(long number, long address, long op_word, long value, long timeout, long address2, long value3)
{
	int command = (int)op_word & FUTEX_CMD_MASK;

	if (is_waiting(command, address, value, timeout, address2, GT_CALLER))
		return wait_futex(number, address, op_word, value, timeout, address2, value3, GT_CALLER);
	return gt_real_syscall(number, address, op_word, value, timeout, address2, value3);
}
