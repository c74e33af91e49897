/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A process that stops itself: the call comes back when somebody lets it go on.
 */
#include "wrap.h"

#include "../shim/os.h"

static bool is_stop(int signal)
{
	return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

int gt_wrap_raise(int signal)
{
	struct gt_op op GT_CLOSED_BY(gt_op_end);

	op.thread = NULL;
	if (is_stop(signal))
		gt_stop_begin(&op, GT_STOP_PREEMPTED, GT_CALLER);
	return gt_real_raise(signal);
}

int gt_wrap_kill(pid_t pid, int signal)
{
	struct gt_op op GT_CLOSED_BY(gt_op_end);

	op.thread = NULL;
	if (is_stop(signal) && (pid == 0 || pid == gt_os_getpid()))
		gt_stop_begin(&op, GT_STOP_PREEMPTED, GT_CALLER);
	return gt_real_kill(pid, signal);
}
