/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Descriptors and files, where a row does not say it all.
 */
#include "wrap.h"

#include <limits.h>

/* fcntl is variadic in libc's header; its third argument is an integer or a pointer, and handed on as it is. */
static int fcntl_by(int (*real)(int, int, void *), int fd, int command, void *arg, const void *caller)
{
	struct gt_op op GT_CLOSED_BY(gt_op_end);
	bool is_waiting = command == F_SETLKW || command == F_OFD_SETLKW;
	int result;

	gt_call_begin(&op, (struct gt_waiting){GT_BLOCK_GENERIC, GT_PRIM_FILELOCK, SYS_fcntl}, GT_NUMBER(fd),
		      !is_waiting, caller);
	result = real(fd, command, arg);
	op.result = GT_RESULT_MINUS1(result);
	if (command == F_SETFL)
		gt_descriptor_forget(fd);
	return result;
}

int gt_wrap_fcntl(int fd, int command, void *arg)
{
	return fcntl_by(gt_real_fcntl, fd, command, arg, GT_CALLER);
}

int gt_wrap___fcntl(int fd, int command, void *arg)
{
	return fcntl_by(gt_real___fcntl, fd, command, arg, GT_CALLER);
}

int gt_wrap_fcntl64(int fd, int command, void *arg)
{
	return fcntl_by(gt_real_fcntl64, fd, command, arg, GT_CALLER);
}

void gt_wrap_closefrom(int first)
{
	struct gt_op op GT_CLOSED_BY(gt_op_end);

	gt_descriptor_forget_range((unsigned)first, UINT_MAX);
	gt_syscall_begin(&op, SYS_close_range, -1, GT_CALLER);
	gt_real_closefrom(first);
}

void gt_wrap_sync(void)
{
	struct gt_op op GT_CLOSED_BY(gt_op_end);

	gt_syscall_begin(&op, SYS_sync, -1, GT_CALLER);
	gt_real_sync();
}
