/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Forking, ending and confining a process. vfork is not wrapped: its child runs on its parent's stack, so a frame
 * of ours could not survive, and there is nothing to do: it either execs or exits.
 */
#include "wrap.h"

#include "../shim/os.h"
#include "../shim/process.h"
#include "../shim/usable.h"

#include <sched.h>

void gt_before_clone(void *function, void *stack, int flags) __attribute__((visibility("hidden")));
void gt_before_clone_call(long number, unsigned long flags) __attribute__((visibility("hidden")));

static pid_t fork_by(pid_t (*real)(void), const void *caller)
{
	struct gt_op op;
	pid_t pid;

	gt_syscall_begin(&op, SYS_fork, -1, caller);
	pid = real();
	if (pid == 0) {
		gt_fork_child();
		return 0;
	}
	op.result = GT_RESULT_MINUS1(pid);
	gt_op_end(&op);
	return pid;
}

pid_t gt_wrap_fork(void)
{
	return fork_by(gt_real_fork, GT_CALLER);
}

pid_t gt_wrap___fork(void)
{
	return fork_by(gt_real___fork, GT_CALLER);
}

pid_t gt_wrap__Fork(void)
{
	return fork_by(gt_real__Fork, GT_CALLER);
}

pid_t gt_wrap_forkpty(int *terminal, char *name, const struct termios *attributes, const struct winsize *size)
{
	pid_t pid = gt_real_forkpty(terminal, name, attributes, size);

	if (pid == 0)
		gt_fork_child();
	return pid;
}

static _Atomic uint32_t leaving; /* the thread in daemon() */

/* libc calls it right before the parent of a daemon ends; also when there is no child. */
static void leave(void)
{
	if (errno == 0 && atomic_load(&leaving) == (uint32_t)gt_os_gettid())
		gt_process_finish();
}

static void register_leaving(void)
{
	typedef void handler(void);
	int (*at_fork)(handler *, handler *, handler *, void *);

	at_fork = (int (*)(handler *, handler *, handler *, void *))gt_real_libc("__register_atfork", "GLIBC_2.3.2");
	if (at_fork)
		at_fork(NULL, leave, NULL, NULL);
}

/* The parent ends inside, by a call of libc's own. */
int gt_wrap_daemon(int is_staying, int is_talking)
{
	static atomic_flag is_registered;
	pid_t parent = gt_os_getpid();
	int error = errno;
	int result;

	if (!atomic_flag_test_and_set(&is_registered))
		register_leaving();
	atomic_store(&leaving, (uint32_t)gt_os_gettid());
	errno = 0;
	result = gt_real_daemon(is_staying, is_talking);
	atomic_store(&leaving, 0);
	if (errno == 0)
		errno = error;
	if (gt_os_getpid() != parent)
		gt_fork_child();
	return result;
}

/*
 * A task that shares our memory and our thread-local storage, and runs beside us: two would write into one record. The
 * thread says good-bye, and neither is recorded. A vfork child has it to itself while we stand still.
 */
static void begin_sharing(unsigned long flags)
{
	if ((flags & CLONE_VM) && !(flags & (CLONE_SETTLS | CLONE_VFORK)))
		gt_thread_end();
}

void gt_before_clone(void *function, void *stack, int flags)
{
	(void)function;
	(void)stack;
	begin_sharing((unsigned)flags);
}

void gt_before_clone_call(long number, unsigned long flags)
{
	(void)number;
	begin_sharing(flags);
}

void gt_wrap__exit(int status)
{
	gt_process_finish();
	gt_real__exit(status);
}

void gt_wrap__Exit(int status)
{
	gt_process_finish();
	gt_real__Exit(status);
}

/* Other threads than the caller's forbid some of this; the writer must not be one. */
int gt_wrap_unshare(int flags)
{
	gt_process_alone();
	return gt_real_unshare(flags);
}

int gt_wrap_setns(int fd, int type)
{
	gt_process_alone();
	return gt_real_setns(fd, type);
}

/* pthread_setaffinity_np goes by unseen: the switcher looks, too. */
int gt_wrap_sched_setaffinity_new(pid_t tid, size_t size, const cpu_set_t *set)
{
	int result = gt_real_sched_setaffinity_new(tid, size, set);

	if (result == 0)
		gt_usable_changed((uint32_t)tid, GT_CALLER);
	return result;
}

int gt_wrap_sched_setaffinity_old(pid_t tid, const cpu_set_t *set)
{
	int result = gt_real_sched_setaffinity_old(tid, set);

	if (result == 0)
		gt_usable_changed((uint32_t)tid, GT_CALLER);
	return result;
}

GT_VERSION_TWIN(sched_setaffinity_new, sched_setaffinity, "@@", "GLIBC_2.3.4")
GT_VERSION_TWIN(sched_setaffinity_old, sched_setaffinity, "@", "GLIBC_2.3.3")

/*
 * Under seccomp any system call of ours may kill the program, and without the clock any event: recording ends
 * before. Variadic in libc's header; all its arguments are integers, so all are handed on.
 */
int gt_wrap_prctl(int option, unsigned long arg2, unsigned long arg3, unsigned long arg4, unsigned long arg5)
{
	int result;

	if (gt_is_forbidding(option, arg2))
		gt_process_forbid();
	result = gt_real_prctl(option, arg2, arg3, arg4, arg5);
	if (option == PR_SET_NAME && result == 0)
		gt_thread_name((const char *)arg2);
	return result;
}
