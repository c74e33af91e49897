/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * For the test programs: CHECK() ends the program with a message on a false condition, SKIP() says why this machine
 * can't do what is tested, and wait_until_blocked() is the handshake that stands in for sleeping: it returns when the
 * kernel says that a thread sleeps. wait_until_gone() is the one for threads that nobody can join.
 */
#ifndef CHECK_H
#define CHECK_H

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CHECK(x)                                                                                                       \
	do {                                                                                                           \
		if (!(x)) {                                                                                            \
			fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #x);                              \
			_exit(99);                                                                                     \
		}                                                                                                      \
	} while (0)

#define SKIP(reason)                                                                                                   \
	do {                                                                                                           \
		fprintf(stderr, "%s\n", reason);                                                                       \
		_exit(77);                                                                                             \
	} while (0)

/* The state letter in a stat file of /proc. */
static inline char state_in(const char *path)
{
	char text[256], *close_paren;
	long fd, n;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	CHECK(fd >= 0);
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	CHECK(n > 0);
	text[n] = 0;
	close_paren = strrchr(text, ')');
	return close_paren ? close_paren[2] : '?';
}

static inline char thread_state(int tid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	return state_in(path);
}

/* `tid` is set by the thread itself right before it blocks. */
static inline void wait_until_blocked(volatile int *tid)
{
	while (*tid == 0)
		sched_yield();
	while (thread_state(*tid) != 'S')
		sched_yield();
}

/* Until the kernel has forgotten the thread: then it has said its last word to a tracer, too. */
static inline void wait_until_gone(volatile int *tid)
{
	while (*tid == 0)
		sched_yield();
	while (syscall(SYS_tgkill, getpid(), *tid, 0) == 0)
		sched_yield();
}

static inline int my_tid(void)
{
	return (int)syscall(SYS_gettid);
}

#endif
