/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the program's descriptors are, as far as waiting goes: remembered by number, learned by asking the kernel.
 *
 * A hint. Descriptors change where nobody sees it (in libc, in another process that shares them), and a wrong answer
 * only chooses a less fitting event. Whoever notices that an answer was wrong forgets it.
 */
#ifndef GT_DESCRIPTORS_H
#define GT_DESCRIPTORS_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

enum gt_descriptor {
	GT_FD_UNKNOWN,
	GT_FD_PLAIN, /* files, devices, everything that never waits: a call on it is a system call */
	GT_FD_PIPE, /* a pipe that waits */
	GT_FD_SOCKET, /* a socket that waits */
};

enum { GT_FDS_KNOWN = 65536 };

extern uint8_t gt_descriptors[GT_FDS_KNOWN];

/* Asks the kernel and remembers; while nothing is recorded it asks nobody. */
enum gt_descriptor gt_descriptor_learn(int fd);

static inline enum gt_descriptor gt_descriptor_of(int fd)
{
	if ((unsigned)fd >= GT_FDS_KNOWN)
		return GT_FD_PLAIN;
	return gt_descriptors[fd] ? (enum gt_descriptor)gt_descriptors[fd] : gt_descriptor_learn(fd);
}

/* Whether it is known not to wait. */
static inline bool gt_descriptor_is_plain(int fd)
{
	return (unsigned)fd < GT_FDS_KNOWN && gt_descriptors[fd] == GT_FD_PLAIN;
}

/* The number means something else from now on, or works in another way. */
static inline void gt_descriptor_forget(int fd)
{
	if ((unsigned)fd < GT_FDS_KNOWN)
		gt_descriptors[fd] = GT_FD_UNKNOWN;
}

/*
 * What a call said that may wait on it, unless `is_instant`. "Not now" from one that waits shows that it is another one; those that
 * don't wait say it all the time, and a program that reads until there is nothing more would have us ask each time.
 */
static inline void gt_descriptor_answers(int fd, bool is_instant, int64_t result)
{
	if (result == -EAGAIN && !is_instant && !gt_descriptor_is_plain(fd))
		gt_descriptor_forget(fd);
}

/* The same for first..last, as close_range() counts. */
void gt_descriptor_forget_range(unsigned first, unsigned last);

#endif
