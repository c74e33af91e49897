/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a wrapper looks like: prototypes of all of them, and the bodies that a shape generates.
 *
 * Laws. The real function is called exactly once with the program's own arguments (a LOCK may try first) and
 * its result is returned as it is. No body keeps state over the real call except a gt_op in its own frame,
 * which unwinding (cancellation, pthread_exit) closes through `cleanup`. errno after the real call is the
 * program's. A body that records nothing after the real call ends in a tail jump.
 */
#ifndef GT_WRAP_H
#define GT_WRAP_H

#include "take.h"

#include "../shim/descriptors.h"
#include "../shim/sched.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#define GT_EXPORT __attribute__((visibility("default")))
#define GT_CLOSED_BY(end) __attribute__((cleanup(end)))

/* Each wrapper has its own C name, so that it never meets libc's declaration; the linker sees the plain name. */
#define WRAP(shape, failure, type, name, version, need, how, cancel, waits, args)                                      \
	GT_EXPORT type gt_wrap_##name(GT_PARAMS(args)) __asm__(#name);
#define TWIN(shape, failure, type, id, name, version, at, need, how, cancel, waits, args)                              \
	GT_EXPORT type gt_wrap_##id(GT_PARAMS(args));
#include "wrappers.def"

/* What the program's threads run through. Stacks end before them. */
void *gt_run_thread(void *record);
int gt_run_c11_thread(void *record);

/* Before syscall(SYS_exit), which ends the calling thread and nothing of what libc does at its end. */
void gt_before_exit_call(const void *caller);

/* What is known of a call when it is over, by the way in which its row says that it fails. */
#define GT_RESULT_MINUS1(result) ((result) == -1 ? (int64_t)-errno : (int64_t)(result))
#define GT_RESULT_ERRNUM(result) (-(int64_t)(result))
#define GT_RESULT_THRD(result) GT_NO_RESULT
#define GT_RESULT_ZERO(result) GT_NO_RESULT

/* The first words of a wrapper that does more than look whether somebody waits. */
#define GT_UNLESS_OFF(name, args)                                                                                      \
	if (__builtin_expect(gt_is_off, 0))                                                                            \
		return gt_real_##name(GT_NAMES(args));

/* Waits that are no system call of a known number. */
#define GT_WAITING(reason, primitive) ((struct gt_waiting){GT_BLOCK_##reason, GT_PRIM_##primitive, GT_NO_CALL})

/* An object that is a number: descriptors, ids. */
#define GT_NUMBER(object) ((const void *)(intptr_t)(object))

#define GT_BODY_HAND(failure, type, name, how, args)

/* The half that waits stays out of line: the other one then needs no frame for an operation. */
#define GT_WAIT_HALF(type, name, reason, primitive, object, args)                                                      \
	static __attribute__((noinline)) type wait_##name(const void *caller, GT_PARAMS(args))                         \
	{                                                                                                              \
		struct gt_op op GT_CLOSED_BY(gt_op_end);                                                               \
                                                                                                                       \
		gt_wait_begin(&op, GT_WAITING(reason, primitive), object, caller);                                     \
		return gt_real_##name(GT_NAMES(args));                                                                 \
	}

/* Its last words: the try, and the wait if that says busy. */
#define GT_TRY_OR_WAIT(type, name, args, try, busy, object)                                                            \
	{                                                                                                              \
		type result = (try)(object);                                                                           \
                                                                                                                       \
		if (__builtin_expect(result != (busy), 1))                                                             \
			return result;                                                                                 \
		return wait_##name(GT_CALLER, GT_NAMES(args));                                                         \
	}

#define GT_BODY_MUTEX(failure, type, name, how, args)                                                                  \
	GT_WAIT_HALF(type, name, SYNC, MUTEX, GT_WORDS how, args)                                                      \
	type gt_wrap_##name(GT_PARAMS(args)) GT_TRY_OR_WAIT(type, name, args, gt_take_mutex, EBUSY, GT_WORDS how)

#define GT_BODY_LOCK(failure, type, name, how, args) GT_BODY_LOCK_(type, name, args, GT_WORDS how)
#define GT_BODY_LOCK_(...) GT_BODY_LOCK__(__VA_ARGS__)
#define GT_BODY_LOCK__(type, name, args, try, busy, primitive, object)                                                 \
	GT_BODY_TIMEDLOCK__(type, name, args, try, busy, primitive, object, true)

#define GT_BODY_TIMEDLOCK(failure, type, name, how, args) GT_BODY_TIMEDLOCK_(type, name, args, GT_WORDS how)
#define GT_BODY_TIMEDLOCK_(...) GT_BODY_TIMEDLOCK__(__VA_ARGS__)
#define GT_BODY_TIMEDLOCK__(type, name, args, try, busy, primitive, object, is_valid)                                  \
	GT_WAIT_HALF(type, name, SYNC, primitive, object, args)                                                        \
	type gt_wrap_##name(GT_PARAMS(args))                                                                           \
	{                                                                                                              \
		GT_UNLESS_OFF(name, args)                                                                              \
		if (!(is_valid))                                                                                       \
			return gt_real_##name(GT_NAMES(args));                                                         \
		GT_TRY_OR_WAIT(type, name, args, gt_real_##try, busy, object)                                          \
	}

#define GT_BODY_COND(failure, type, name, how, args) GT_BODY_COND_(type, name, args, GT_WORDS how)
#define GT_BODY_COND_(...) GT_BODY_COND__(__VA_ARGS__)
#define GT_BODY_COND__(type, name, args, cond, mutex)                                                                  \
	GT_WAIT_HALF(type, name, COND_WAIT, COND, cond, args)                                                          \
	type gt_wrap_##name(GT_PARAMS(args))                                                                           \
	{                                                                                                              \
		GT_UNLESS_OFF(name, args)                                                                              \
		gt_release(mutex);                                                                                     \
		return wait_##name(GT_CALLER, GT_NAMES(args));                                                         \
	}

#define GT_BODY_WAIT(failure, type, name, how, args) GT_BODY_WAIT_(type, name, args, GT_WORDS how)
#define GT_BODY_WAIT_(...) GT_BODY_WAIT__(__VA_ARGS__)
#define GT_BODY_WAIT__(type, name, args, primitive, object)                                                            \
	GT_WAIT_HALF(type, name, SYNC, primitive, object, args)                                                        \
	type gt_wrap_##name(GT_PARAMS(args))                                                                           \
	{                                                                                                              \
		GT_UNLESS_OFF(name, args)                                                                              \
		return wait_##name(GT_CALLER, GT_NAMES(args));                                                         \
	}

/* What is said before the real call, in no frame of ours. */
#define GT_BODY_TELL(type, name, args, tell)                                                                           \
	{                                                                                                              \
		tell;                                                                                                  \
		return gt_real_##name(GT_NAMES(args));                                                                 \
	}
#define GT_BODY_BEFORE(type, name, args, tell) type gt_wrap_##name(GT_PARAMS(args)) GT_BODY_TELL(type, name, args, tell)

#define GT_BODY_RELEASE(failure, type, name, how, args) GT_BODY_RELEASE_(type, name, args, GT_WORDS how)
#define GT_BODY_RELEASE_(...) GT_BODY_RELEASE__(__VA_ARGS__)
#define GT_BODY_RELEASE__(type, name, args, object)                                                                    \
	static __attribute__((noinline)) type release_##name(GT_PARAMS(args))                                          \
		GT_BODY_TELL(type, name, args, gt_release(object)) type gt_wrap_##name(GT_PARAMS(args))                \
	{                                                                                                              \
		if (__builtin_expect(gt_waiters_any(object), 0))                                                       \
			return release_##name(GT_NAMES(args));                                                         \
		return gt_real_##name(GT_NAMES(args));                                                                 \
	}
#define GT_BODY_WAKE_ONE(failure, type, name, how, args)                                                               \
	GT_BODY_BEFORE(type, name, args, gt_wake_one(GT_WORDS how, GT_CALLER))
#define GT_BODY_WAKE_ALL(failure, type, name, how, args)                                                               \
	GT_BODY_BEFORE(type, name, args, gt_wake_all(GT_WORDS how, GT_CALLER))
#define GT_BODY_YIELD(failure, type, name, how, args)                                                                  \
	type gt_wrap_##name(GT_PARAMS(args))                                                                           \
	{                                                                                                              \
		GT_UNLESS_OFF(name, args)                                                                              \
		gt_yield(GT_CALLER);                                                                                   \
		return gt_real_##name(GT_NAMES(args));                                                                 \
	}
#define GT_BODY_FLUSH(failure, type, name, how, args) GT_BODY_BEFORE(type, name, args, gt_process_flush())
#define GT_BODY_USER(failure, type, name, how, args)                                                                   \
	type gt_wrap_##name(GT_PARAMS(args))                                                                           \
	{                                                                                                              \
		type result;                                                                                           \
                                                                                                                       \
		gt_owner_change(GT_WORDS how);                                                                         \
		result = gt_real_##name(GT_NAMES(args));                                                               \
		if (result != 0)                                                                                       \
			gt_owner_keep();                                                                               \
		return result;                                                                                         \
	}
#define GT_BODY_EXEC(failure, type, name, how, args)                                                                   \
	type gt_wrap_##name(GT_PARAMS(args))                                                                           \
	{                                                                                                              \
		type result;                                                                                           \
                                                                                                                       \
		gt_exec_prepare(GT_WORDS how);                                                                         \
		result = gt_real_##name(GT_NAMES(args));                                                               \
		gt_exec_failed();                                                                                      \
		return result;                                                                                         \
	}

/* The time asked for is read after the call: a bad pointer is the kernel's to refuse. */
#define GT_BODY_SLEEP(failure, type, name, how, args)                                                                  \
	static __attribute__((noinline)) type record_##name(GT_PARAMS(args(const void *, caller)))                     \
	{                                                                                                              \
		struct gt_op op GT_CLOSED_BY(gt_op_end);                                                               \
		type result;                                                                                           \
                                                                                                                       \
		gt_wait_begin(&op, GT_WAITING(SLEEP, SLEEP), NULL, caller);                                            \
		result = gt_real_##name(GT_NAMES(args));                                                               \
		if (result == 0)                                                                                       \
			op.result = (int64_t)(GT_WORDS how);                                                           \
		return result;                                                                                         \
	}                                                                                                              \
	type gt_wrap_##name(GT_PARAMS(args))                                                                           \
	{                                                                                                              \
		GT_UNLESS_OFF(name, args)                                                                              \
		return record_##name(GT_NAMES(args(const void *, GT_CALLER)));                                         \
	}

/* A call that has a result: begun by `begin`, which sets up `op` and may use `caller`. */
#define GT_BODY_RESULT(failure, type, name, args, begin, after)                                                        \
	static __attribute__((noinline)) type record_##name(GT_PARAMS(args(const void *, caller)))                     \
	{                                                                                                              \
		struct gt_op op GT_CLOSED_BY(gt_op_end);                                                               \
		type result;                                                                                           \
                                                                                                                       \
		begin;                                                                                                 \
		result = gt_real_##name(GT_NAMES(args));                                                               \
		op.result = GT_RESULT_##failure(result);                                                               \
		after;                                                                                                 \
		return result;                                                                                         \
	}                                                                                                              \
	type gt_wrap_##name(GT_PARAMS(args))                                                                           \
	{                                                                                                              \
		GT_UNLESS_OFF(name, args)                                                                              \
		return record_##name(GT_NAMES(args(const void *, GT_CALLER)));                                         \
	}

#define GT_BODY_SYSCALL(failure, type, name, how, args) GT_BODY_SYSCALL_(failure, type, name, args, GT_WORDS how)
#define GT_BODY_SYSCALL_(...) GT_BODY_SYSCALL__(__VA_ARGS__)
#define GT_BODY_SYSCALL__(failure, type, name, args, number, fd)                                                       \
	GT_BODY_RESULT(failure, type, name, args, gt_syscall_begin(&op, number, fd, caller), )

/* Forgotten on both sides: before, for a number that others may get at once; after, for one that is being changed. */
#define GT_BODY_CHANGES(failure, type, name, how, args) GT_BODY_CHANGES_(failure, type, name, args, GT_WORDS how)
#define GT_BODY_CHANGES_(...) GT_BODY_CHANGES__(__VA_ARGS__)
#define GT_BODY_CHANGES__(failure, type, name, args, number, fd, what)                                                 \
	GT_BODY_RESULT(failure, type, name, args, (what, gt_syscall_begin(&op, number, fd, caller)), what)

#define GT_BODY_IO(failure, type, name, how, args) GT_BODY_IO_(failure, type, name, args, GT_WORDS how)
#define GT_BODY_IO_(...) GT_BODY_IO__(__VA_ARGS__)
#define GT_BODY_IO__(failure, type, name, args, direction, number, fd, is_instant)                                     \
	GT_BODY_RESULT(failure, type, name, args,                                                                      \
		       if ((is_instant) || gt_descriptor_is_plain(fd)) gt_syscall_begin(&op, number, fd, caller);      \
		       else gt_io_begin(&op, direction, number, fd, caller),                                           \
		       gt_descriptor_answers(fd, is_instant, op.result))

#define GT_BODY_WAITCALL(failure, type, name, how, args) GT_BODY_WAITCALL_(failure, type, name, args, GT_WORDS how)
#define GT_BODY_WAITCALL_(...) GT_BODY_WAITCALL__(__VA_ARGS__)
#define GT_BODY_WAITCALL__(failure, type, name, args, reason, primitive, object, number, is_instant)                   \
	GT_BODY_RESULT(failure, type, name, args,                                                                      \
		       gt_call_begin(&op, (struct gt_waiting){GT_BLOCK_##reason, GT_PRIM_##primitive, number},         \
				     GT_NUMBER(object), is_instant, caller), )

#define GT_BODY_CHILD(failure, type, name, how, args) GT_BODY_CHILD_(failure, type, name, args, GT_WORDS how)
#define GT_BODY_CHILD_(...) GT_BODY_CHILD__(__VA_ARGS__)
#define GT_BODY_CHILD__(failure, type, name, args, number, options)                                                    \
	GT_BODY_RESULT(failure, type, name, args, gt_child_begin(&op, number, options, caller), )

/* libc's own work: the half that may wait is out of line, because the other one is a few instructions long. */
#define GT_BODY_CALL(failure, type, name, how, args) GT_BODY_CALL_(type, name, args, GT_WORDS how)
#define GT_BODY_CALL_(...) GT_BODY_CALL__(__VA_ARGS__)
#define GT_BODY_CALL__(type, name, args, call, fd, is_silent)                                                          \
	static __attribute__((noinline)) type call_##name(const void *caller, GT_PARAMS(args))                         \
	{                                                                                                              \
		struct gt_op op GT_CLOSED_BY(gt_op_end);                                                               \
                                                                                                                       \
		gt_syscall_begin(&op, call, fd, caller);                                                               \
		return gt_real_##name(GT_NAMES(args));                                                                 \
	}                                                                                                              \
	type gt_wrap_##name(GT_PARAMS(args))                                                                           \
	{                                                                                                              \
		GT_UNLESS_OFF(name, args)                                                                              \
		if (is_silent)                                                                                         \
			return gt_real_##name(GT_NAMES(args));                                                         \
		return call_##name(GT_CALLER, GT_NAMES(args));                                                         \
	}

/* libc refuses another moment before it looks at a read-write lock or a semaphore. */
static inline bool gt_is_moment(const struct timespec *moment)
{
	return moment->tv_nsec >= 0 && moment->tv_nsec < 1000000000;
}

/* Takes the parentheses off the column of words. */
#define GT_WORDS(...) __VA_ARGS__

/* Gives a TWIN its name and version, and takes its own name out of the symbol table. */
#define GT_VERSION_TWIN(id, name, at, version) __asm__(".symver gt_wrap_" #id ", " #name at version ", remove");

/* Waiting for a child; one that a debugger waits for has stopped rather than ended. */
static inline void gt_child_begin(struct gt_op *op, int number, int options, const void *pc)
{
	if (options & WNOHANG)
		gt_syscall_begin(op, number, -1, pc);
	else if (options & __WALL)
		gt_wait_begin(op, (struct gt_waiting){GT_BLOCK_DEBUG_CALL, GT_PRIM_TRACEE, (uint16_t)number}, NULL, pc);
	else
		gt_syscall_begin_blocking(op, number, -1, pc);
}

/* prctl() that will forbid what recording needs: any system call, or the clock. */
static inline bool gt_is_forbidding(int option, unsigned long arg)
{
	return option == PR_SET_SECCOMP || (option == PR_SET_TSC && arg == PR_TSC_SIGSEGV);
}

#endif
