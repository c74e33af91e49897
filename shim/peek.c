/* SPDX-License-Identifier: BSD-3-Clause */
#include "peek.h"

#include "os.h"

#include <errno.h>

enum { PAGE = 4096, NO_OPERATION = -1, MASK = 8 };

bool gt_peek_can(uint64_t at)
{
	return GT_SYSCALL(SYS_rt_sigprocmask, NO_OPERATION, at / MASK * MASK, 0, MASK) == -EINVAL;
}

size_t gt_peek_piece(uint64_t from, size_t len)
{
	size_t page = PAGE - from % PAGE;

	if (len == 0 || from == 0 || !gt_peek_can(from))
		return 0;
	return page < len ? page : len;
}

typedef uint64_t __attribute__((may_alias, aligned(1))) any_word;

/* What is read may be no object at all: a sanitizer of ours must not look at it, nor a memcpy() of others. */
static __attribute__((no_sanitize("address"))) void copy(uint8_t *to, uint64_t from, size_t len)
{
	for (; len >= sizeof(any_word); to += sizeof(any_word), from += sizeof(any_word), len -= sizeof(any_word))
		*(any_word *)to = *(const volatile any_word *)(uintptr_t)from;
	for (; len; len--)
		*to++ = *(const volatile uint8_t *)(uintptr_t)from++;
}

size_t gt_peek_some(uint64_t from, void *to, size_t len)
{
	size_t done, piece;

	for (done = 0; (piece = gt_peek_piece(from + done, len - done)); done += piece)
		copy((uint8_t *)to + done, from + done, piece);
	return done;
}

bool gt_peek(uint64_t from, void *to, size_t len)
{
	return gt_peek_some(from, to, len) == len;
}

bool gt_peek_afar(uint64_t from, void *to, size_t len)
{
	int fd = gt_os_open("/proc/self/mem", O_RDONLY, 0);
	bool done = fd >= 0 && gt_os_pread(fd, to, len, from) == (long)len;

	if (fd >= 0)
		gt_os_close(fd);
	return done;
}
