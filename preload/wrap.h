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

#include "real.h"

#include "../shim/sched.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>

#define GT_EXPORT __attribute__((visibility("default")))
#define GT_CLOSED_BY(end) __attribute__((cleanup(end)))

/* Each wrapper has its own C name, so that it never meets libc's declaration; the linker sees the plain name. */
#define WRAP(shape, failure, type, name, version, need, how, cancel, args)                                             \
	GT_EXPORT type gt_wrap_##name(GT_PARAMS(args)) __asm__(#name);
#define TWIN(shape, failure, type, id, name, version, at, need, how, cancel, args)                                     \
	GT_EXPORT type gt_wrap_##id(GT_PARAMS(args));
#include "wrappers.def"

/* A system call's result as the kernel gave it. */
static inline int64_t gt_kernel_result(int64_t result)
{
	return result == -1 ? -errno : result;
}

#define GT_BODY_HAND(type, name, how, args)

#define GT_BODY_PASS(type, name, how, args)                                                                            \
	type gt_wrap_##name(GT_PARAMS(args))                                                                           \
	{                                                                                                              \
		return gt_real_##name(GT_NAMES(args));                                                                 \
	}

/* The half that waits stays out of line: the other one then needs no frame for an operation. */
#define GT_WAIT_HALF(type, name, reason, primitive, object, args)                                                      \
	static __attribute__((noinline)) type wait_##name(const void *caller, GT_PARAMS(args))                         \
	{                                                                                                              \
		struct gt_op op GT_CLOSED_BY(gt_op_end);                                                               \
                                                                                                                       \
		gt_wait_begin(&op, GT_BLOCK_##reason, GT_PRIM_##primitive, object, caller);                            \
		return gt_real_##name(GT_NAMES(args));                                                                 \
	}

#define GT_BODY_LOCK(type, name, how, args) GT_BODY_LOCK_(type, name, args, GT_WORDS how)
#define GT_BODY_LOCK_(...) GT_BODY_LOCK__(__VA_ARGS__)
#define GT_BODY_LOCK__(type, name, args, try, primitive, object, is_free)                                              \
	GT_WAIT_HALF(type, name, SYNC, primitive, object, args)                                                        \
	type gt_wrap_##name(GT_PARAMS(args))                                                                           \
	{                                                                                                              \
		int result;                                                                                            \
                                                                                                                       \
		if (__builtin_expect(is_free, 1))                                                                      \
			return gt_real_##name(GT_NAMES(args));                                                         \
		result = gt_real_##try(object);                                                                        \
		if (result != EBUSY)                                                                                   \
			return result;                                                                                 \
		return wait_##name(GT_CALLER, GT_NAMES(args));                                                         \
	}

#define GT_BODY_TIMEDLOCK(type, name, how, args) GT_BODY_TIMEDLOCK_(type, name, args, GT_WORDS how)
#define GT_BODY_TIMEDLOCK_(...) GT_BODY_TIMEDLOCK__(__VA_ARGS__)
#define GT_BODY_TIMEDLOCK__(type, name, args, try, primitive, object, is_valid)                                        \
	GT_WAIT_HALF(type, name, SYNC, primitive, object, args)                                                        \
	type gt_wrap_##name(GT_PARAMS(args))                                                                           \
	{                                                                                                              \
		int result;                                                                                            \
                                                                                                                       \
		if (!(is_valid))                                                                                       \
			return gt_real_##name(GT_NAMES(args));                                                         \
		result = gt_real_##try(object);                                                                        \
		if (result != EBUSY)                                                                                   \
			return result;                                                                                 \
		return wait_##name(GT_CALLER, GT_NAMES(args));                                                         \
	}

#define GT_BODY_COND(type, name, how, args) GT_BODY_COND_(type, name, args, GT_WORDS how)
#define GT_BODY_COND_(...) GT_BODY_COND__(__VA_ARGS__)
#define GT_BODY_COND__(type, name, args, cond, mutex)                                                                  \
	GT_WAIT_HALF(type, name, COND_WAIT, COND, cond, args)                                                          \
	type gt_wrap_##name(GT_PARAMS(args))                                                                           \
	{                                                                                                              \
		gt_release(mutex);                                                                                     \
		return wait_##name(GT_CALLER, GT_NAMES(args));                                                         \
	}

#define GT_BODY_WAIT(type, name, how, args) GT_BODY_WAIT_(type, name, args, GT_WORDS how)
#define GT_BODY_WAIT_(...) GT_BODY_WAIT__(__VA_ARGS__)
#define GT_BODY_WAIT__(type, name, args, primitive, object)                                                            \
	GT_WAIT_HALF(type, name, SYNC, primitive, object, args)                                                        \
	type gt_wrap_##name(GT_PARAMS(args))                                                                           \
	{                                                                                                              \
		return wait_##name(GT_CALLER, GT_NAMES(args));                                                         \
	}

#define GT_BODY_RELEASE(type, name, how, args)                                                                         \
	type gt_wrap_##name(GT_PARAMS(args))                                                                           \
	{                                                                                                              \
		gt_release how;                                                                                        \
		return gt_real_##name(GT_NAMES(args));                                                                 \
	}

#define GT_BODY_WAKE_ONE(type, name, how, args)                                                                        \
	type gt_wrap_##name(GT_PARAMS(args))                                                                           \
	{                                                                                                              \
		gt_wake_one(GT_WORDS how, GT_CALLER);                                                                  \
		return gt_real_##name(GT_NAMES(args));                                                                 \
	}

#define GT_BODY_WAKE_ALL(type, name, how, args)                                                                        \
	type gt_wrap_##name(GT_PARAMS(args))                                                                           \
	{                                                                                                              \
		gt_wake_all(GT_WORDS how, GT_CALLER);                                                                  \
		return gt_real_##name(GT_NAMES(args));                                                                 \
	}

/* The time asked for is read after the call: a bad pointer is the kernel's to refuse. */
#define GT_BODY_SLEEP(type, name, how, args)                                                                           \
	type gt_wrap_##name(GT_PARAMS(args))                                                                           \
	{                                                                                                              \
		struct gt_op op GT_CLOSED_BY(gt_op_end);                                                               \
		type result;                                                                                           \
                                                                                                                       \
		gt_wait_begin(&op, GT_BLOCK_SLEEP, GT_PRIM_SLEEP, NULL, GT_CALLER);                                    \
		result = gt_real_##name(GT_NAMES(args));                                                               \
		if (result == 0)                                                                                       \
			op.result = (int64_t)(GT_WORDS how);                                                           \
		return result;                                                                                         \
	}

/* A system call with its result, by either way of beginning it. */
#define GT_CALL_HALF(half, type, name, begin, number, args)                                                            \
	static __attribute__((noinline)) type half##_##name(const void *caller, GT_PARAMS(args))                       \
	{                                                                                                              \
		struct gt_op op GT_CLOSED_BY(gt_op_end);                                                               \
		type result;                                                                                           \
                                                                                                                       \
		begin(&op, SYS_##number, caller);                                                                      \
		result = gt_real_##name(GT_NAMES(args));                                                               \
		op.result = gt_kernel_result(result);                                                                  \
		return result;                                                                                         \
	}

#define GT_BODY_SYSCALL(type, name, how, args) GT_BODY_SYSCALL_(type, name, args, GT_WORDS how)
#define GT_BODY_SYSCALL_(...) GT_BODY_SYSCALL__(__VA_ARGS__)
#define GT_BODY_SYSCALL__(type, name, args, number)                                                                    \
	type gt_wrap_##name(GT_PARAMS(args))                                                                           \
	{                                                                                                              \
		struct gt_op op GT_CLOSED_BY(gt_op_end);                                                               \
		type result;                                                                                           \
                                                                                                                       \
		gt_syscall_begin(&op, SYS_##number, GT_CALLER);                                                        \
		result = gt_real_##name(GT_NAMES(args));                                                               \
		op.result = gt_kernel_result(result);                                                                  \
		return result;                                                                                         \
	}

#define GT_BODY_POLL(type, name, how, args) GT_BODY_POLL_(type, name, args, GT_WORDS how)
#define GT_BODY_POLL_(...) GT_BODY_POLL__(__VA_ARGS__)
#define GT_BODY_POLL__(type, name, args, primitive, number, is_instant)                                                \
	GT_WAIT_HALF(type, name, SELECT, primitive, NULL, args)                                                        \
	GT_CALL_HALF(look, type, name, gt_syscall_begin, number, args)                                                 \
	type gt_wrap_##name(GT_PARAMS(args))                                                                           \
	{                                                                                                              \
		if (is_instant)                                                                                        \
			return look_##name(GT_CALLER, GT_NAMES(args));                                                 \
		return wait_##name(GT_CALLER, GT_NAMES(args));                                                         \
	}

#define GT_BODY_CHILD(type, name, how, args) GT_BODY_CHILD_(type, name, args, GT_WORDS how)
#define GT_BODY_CHILD_(...) GT_BODY_CHILD__(__VA_ARGS__)
#define GT_BODY_CHILD__(type, name, args, number, is_instant)                                                          \
	GT_CALL_HALF(look, type, name, gt_syscall_begin, number, args)                                                 \
	GT_CALL_HALF(wait, type, name, gt_syscall_begin_blocking, number, args)                                        \
	type gt_wrap_##name(GT_PARAMS(args))                                                                           \
	{                                                                                                              \
		if (is_instant)                                                                                        \
			return look_##name(GT_CALLER, GT_NAMES(args));                                                 \
		return wait_##name(GT_CALLER, GT_NAMES(args));                                                         \
	}

#define GT_BODY_EXEC(type, name, how, args)                                                                            \
	type gt_wrap_##name(GT_PARAMS(args))                                                                           \
	{                                                                                                              \
		gt_exec_prepare();                                                                                     \
		return gt_real_##name(GT_NAMES(args));                                                                 \
	}

/* Takes the parentheses off the column of words. */
#define GT_WORDS(...) __VA_ARGS__

/* Gives a TWIN its name and version, and takes its own name out of the symbol table. */
#define GT_VERSION_TWIN(id, name, at, version) __asm__(".symver gt_wrap_" #id ", " #name at version ", remove");

#endif
