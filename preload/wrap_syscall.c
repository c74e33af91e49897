/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * syscall() by number. futex is the lock of everything that is not pthread: std::atomic::wait, Rust, language runtimes.
 * Others are recorded since they may wait, or since the recorder must know.
 */
#include "syscalls.h"

#include "wrap.h"

#include "../shim/process.h"
#include "../shim/usable.h"

#include <linux/futex.h>

#ifndef FUTEX_LOCK_PI2
#define FUTEX_LOCK_PI2 13
#endif

enum { GT_SYS_futex_waitv = 449 }; /* younger than the oldest headers */

static long wait_futex(long number, long address, long op_word, long value, long timeout, long address2, long value3,
		       const void *caller)
{
	struct gt_op op GT_CLOSED_BY(gt_op_end);

	gt_wait_begin(&op, GT_WAITING(SYNC, FUTEX), (const void *)address, caller);
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

static long call_futex(long number, long address, long op_word, long value, long timeout, long address2, long value3,
		       const void *caller)
{
	int command = (int)op_word & FUTEX_CMD_MASK;

	if (is_waiting(command, address, value, timeout, address2, caller))
		return wait_futex(number, address, op_word, value, timeout, address2, value3, caller);
	return gt_real_syscall(number, address, op_word, value, timeout, address2, value3);
}

/* What must happen before the call, which may not come back or may take something from us. */
static void prepare(long number, long a, long b, const void *caller)
{
	switch (number) {
	case SYS_exit:
		gt_before_exit_call(caller);
		break;
	case SYS_execve:
		gt_exec_prepare((const char *)a);
		break;
	case SYS_execveat:
		gt_exec_prepare(NULL);
		break;
	case SYS_exit_group:
		gt_process_finish();
		break;
	case SYS_seccomp:
		gt_process_forbid();
		break;
	case SYS_prctl:
		if (gt_is_forbidding((int)a, (unsigned long)b))
			gt_process_forbid();
		break;
	case SYS_unshare:
	case SYS_setns:
		gt_process_alone();
		break;
	case SYS_close_range:
		gt_descriptor_forget_range((unsigned)a, (unsigned)b);
		break;
	default:
		break;
	}
}

long gt_syscall_call(long number, long a, long b, long c, long d, long e, long f)
{
	struct gt_op op GT_CLOSED_BY(gt_op_end);
	long result;

	if (number == SYS_futex)
		return call_futex(number, a, b, c, d, e, f, GT_CALLER);
	op.thread = NULL;
	prepare(number, a, b, GT_CALLER);
	if (number != SYS_execve && number != SYS_execveat && number != SYS_exit && number != SYS_exit_group)
		gt_syscall_begin(&op, number, -1, GT_CALLER);
	result = gt_real_syscall(number, a, b, c, d, e, f);
	op.result = GT_RESULT_MINUS1(result);
	if (number == SYS_execve || number == SYS_execveat)
		gt_exec_failed();
	if (number == SYS_sched_setaffinity && result == 0) {
		gt_op_end(&op);
		gt_usable_changed((uint32_t)a, GT_CALLER);
	}
	return result;
}

const bool gt_syscalls_recorded[GT_SYSCALL_LAST + 1] = {
	/* may wait */
	[SYS_futex] = true,
	[GT_SYS_futex_waitv] = true,
	[SYS_read] = true,
	[SYS_write] = true,
	[SYS_readv] = true,
	[SYS_writev] = true,
	[SYS_pread64] = true,
	[SYS_pwrite64] = true,
	[SYS_open] = true,
	[SYS_openat] = true,
	[SYS_openat2] = true,
	[SYS_poll] = true,
	[SYS_ppoll] = true,
	[SYS_select] = true,
	[SYS_pselect6] = true,
	[SYS_epoll_wait] = true,
	[SYS_epoll_pwait] = true,
	[SYS_epoll_pwait2] = true,
	[SYS_io_uring_enter] = true,
	[SYS_io_getevents] = true,
	[SYS_accept] = true,
	[SYS_accept4] = true,
	[SYS_connect] = true,
	[SYS_recvfrom] = true,
	[SYS_recvmsg] = true,
	[SYS_sendto] = true,
	[SYS_sendmsg] = true,
	[SYS_nanosleep] = true,
	[SYS_clock_nanosleep] = true,
	[SYS_pause] = true,
	[SYS_rt_sigsuspend] = true,
	[SYS_rt_sigtimedwait] = true,
	[SYS_wait4] = true,
	[SYS_waitid] = true,
	[SYS_flock] = true,
	[SYS_fsync] = true,
	[SYS_fdatasync] = true,
	[SYS_syncfs] = true,
	[SYS_getrandom] = true,
	[SYS_msgsnd] = true,
	[SYS_msgrcv] = true,
	[SYS_semop] = true,
	[SYS_semtimedop] = true,
	[SYS_mq_timedsend] = true,
	[SYS_mq_timedreceive] = true,
	[SYS_membarrier] = true,
	[SYS_copy_file_range] = true,
	[SYS_sendfile] = true,
	[SYS_splice] = true,
	/* the recorder must know */
	[SYS_close_range] = true,
	[SYS_execve] = true,
	[SYS_execveat] = true,
	[SYS_exit] = true,
	[SYS_exit_group] = true,
	[SYS_prctl] = true,
	[SYS_sched_setaffinity] = true,
	[SYS_seccomp] = true,
	[SYS_setns] = true,
	[SYS_unshare] = true,
};
