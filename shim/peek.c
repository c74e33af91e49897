/* SPDX-License-Identifier: BSD-3-Clause */
#include "peek.h"

#include "os.h"

#include <errno.h>

enum { PAGE = 4096, NO_OPERATION = -1, MASK = 8 };

static bool is_readable(uint64_t at)
{
	return GT_SYSCALL(SYS_rt_sigprocmask, NO_OPERATION, at / MASK * MASK, 0, MASK) == -EINVAL;
}

size_t gt_peek_some(uint64_t from, void *to, size_t len)
{
	size_t done = 0;

	while (done < len && from + done && is_readable(from + done)) {
		size_t page = PAGE - (from + done) % PAGE;
		size_t part = page < len - done ? page : len - done;

		__builtin_memcpy((uint8_t *)to + done, (const void *)(uintptr_t)(from + done), part);
		done += part;
	}
	return done;
}

bool gt_peek(uint64_t from, void *to, size_t len)
{
	return gt_peek_some(from, to, len) == len;
}
