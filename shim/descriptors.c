/* SPDX-License-Identifier: BSD-3-Clause */
#include "descriptors.h"

#include "gate.h"
#include "os.h"

#include <sys/stat.h>

uint8_t gt_descriptors[GT_FDS_KNOWN];

/* Most are files: they need no second question. */
static enum gt_descriptor ask(int fd)
{
	struct stat st = {0};
	long flags;

	if (GT_SYSCALL(SYS_fstat, fd, &st, 0, 0) != 0 || !(S_ISSOCK(st.st_mode) || S_ISFIFO(st.st_mode)))
		return GT_FD_PLAIN;
	flags = GT_SYSCALL(SYS_fcntl, fd, F_GETFL, 0, 0);
	if (flags < 0 || (flags & O_NONBLOCK))
		return GT_FD_PLAIN;
	return S_ISSOCK(st.st_mode) ? GT_FD_SOCKET : GT_FD_PIPE;
}

enum gt_descriptor gt_descriptor_learn(int fd)
{
	if (atomic_load_explicit(&gt_gate.gen, memory_order_relaxed) == 0)
		return GT_FD_PLAIN;
	return gt_descriptors[fd] = (uint8_t)ask(fd);
}

void gt_descriptor_forget_range(unsigned first, unsigned last)
{
	if (last >= GT_FDS_KNOWN)
		last = GT_FDS_KNOWN - 1;
	if (first <= last)
		__builtin_memset(gt_descriptors + first, GT_FD_UNKNOWN, last - first + 1);
}
