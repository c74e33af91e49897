/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The wrappers that their row says completely: one body for each row whose shape is not HAND.
 *
 * The words of a row may use the functions below. They read what a pointer of the program leads to, so they may only be
 * used where libc itself reads it in user space, or where the kernel has read it by then.
 */
#include "wrap.h"

#include "../shim/owner.h"
#include "../shim/process.h"

static uint64_t duration_ns(const struct timespec *duration)
{
	return (uint64_t)duration->tv_sec * UINT64_C(1000000000) + (uint64_t)duration->tv_nsec;
}

static bool is_zero_timespec(const struct timespec *timeout)
{
	return timeout && timeout->tv_sec == 0 && timeout->tv_nsec == 0;
}

static bool is_zero_timeval(const struct timeval *timeout)
{
	return timeout && timeout->tv_sec == 0 && timeout->tv_usec == 0;
}

/* libc refuses another clock before it looks at the lock. */
static bool is_wait_clock(clockid_t clock)
{
	return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC;
}

/* Whether the stream's buffer holds so many bytes to be read: then nothing waits. */
static bool holds(const FILE *file, size_t bytes)
{
	return (size_t)(file->_IO_read_end - file->_IO_read_ptr) >= bytes;
}

/* Whether so many bytes fit into what is free of its buffer, which is nothing when it is flushed at each line. */
static bool fits(const FILE *file, size_t bytes)
{
	return (size_t)(file->_IO_write_end - file->_IO_write_ptr) > bytes;
}

static bool is_flushed(const FILE *file)
{
	return file->_IO_write_ptr == file->_IO_write_base;
}

static void forget_if_nonblocking(int fd, unsigned long request)
{
	if (request == FIONBIO)
		gt_descriptor_forget(fd);
}

#define WRAP(shape, failure, type, name, version, need, how, cancel, waits, args)                                      \
	GT_BODY_##shape(failure, type, name, how, args)
#define TWIN(shape, failure, type, id, name, version, at, need, how, cancel, waits, args)                              \
	GT_BODY_##shape(failure, type, id, how, args) GT_TWIN_##shape(id, name, at, version)

/* A TWIN is given its version where its body is. */
#define GT_TWIN_COND GT_VERSION_TWIN
#define GT_TWIN_WAKE_ONE GT_VERSION_TWIN
#define GT_TWIN_WAKE_ALL GT_VERSION_TWIN
#define GT_TWIN_SYSCALL GT_VERSION_TWIN
#define GT_TWIN_WAITCALL GT_VERSION_TWIN
#define GT_TWIN_HAND(id, name, at, version)

#include "wrappers.def"
