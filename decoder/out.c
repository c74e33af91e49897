/* SPDX-License-Identifier: BSD-3-Clause */
/* The buffer and its numbers. What does not fit in memory sets `failed`, and is lost. */
#include "out.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OUT_START = 64 << 10, OUT_MUCH = 48 << 10 };

void gt_out_open(struct gt_out *out, int fd)
{
	memset(out, 0, sizeof(*out));
	out->fd = fd;
	out->buf = malloc(OUT_START);
	out->size = out->buf != NULL ? OUT_START : 0;
	out->failed = out->buf == NULL;
}

bool gt_out_flush(struct gt_out *out)
{
	size_t done = 0;

	while (out->fd >= 0 && done < out->len && !out->failed) {
		ssize_t n = write(out->fd, out->buf + done, out->len - done);

		if (n >= 0)
			done += (size_t)n;
		else if (errno != EINTR)
			out->failed = true;
	}
	if (out->fd >= 0)
		out->len = 0;
	return !out->failed;
}

void gt_out_relax(struct gt_out *out)
{
	if (out->len >= OUT_MUCH)
		gt_out_flush(out);
}

bool gt_out_close(struct gt_out *out)
{
	bool good = gt_out_flush(out);

	free(out->buf);
	memset(out, 0, sizeof(*out));
	return good;
}

bool gt_out_grow(struct gt_out *out, size_t n)
{
	size_t size = out->size;
	char *buf;

	while (size - out->len < n)
		size = size == 0 ? OUT_START : 2 * size;
	buf = realloc(out->buf, size);
	if (buf == NULL) {
		out->failed = true;
		return false;
	}
	out->buf = buf;
	out->size = size;
	return true;
}

void gt_out_u64(struct gt_out *out, uint64_t v)
{
	char *p = gt_out_reserve(out, GT_DIGITS_ROOM);

	if (p != NULL)
		gt_out_commit(out, gt_digits_u64(p, v));
}

void gt_out_i64(struct gt_out *out, int64_t v)
{
	char *p = gt_out_reserve(out, GT_DIGITS_ROOM);

	if (p != NULL)
		gt_out_commit(out, gt_digits_i64(p, v));
}

void gt_out_hex(struct gt_out *out, uint64_t v)
{
	char *p = gt_out_reserve(out, GT_DIGITS_ROOM);

	if (p != NULL)
		gt_out_commit(out, gt_digits_hex(p, v));
}
