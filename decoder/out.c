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

/* Room for n more bytes. False when there is none. */
static bool room(struct gt_out *out, size_t n)
{
	size_t size = out->size;
	char *buf;

	if (out->size - out->len >= n)
		return true;
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

void gt_out_bytes(struct gt_out *out, const void *bytes, size_t len)
{
	if (!room(out, len))
		return;
	memcpy(out->buf + out->len, bytes, len);
	out->len += len;
}

void gt_out_str(struct gt_out *out, const char *s)
{
	gt_out_bytes(out, s, strlen(s));
}

void gt_out_char(struct gt_out *out, char c)
{
	if (room(out, 1))
		out->buf[out->len++] = c;
}

static void number(struct gt_out *out, uint64_t v, unsigned base)
{
	char digits[24];
	char *p = digits + sizeof(digits);

	do {
		*--p = "0123456789abcdef"[v % base];
		v /= base;
	} while (v != 0);
	gt_out_bytes(out, p, (size_t)(digits + sizeof(digits) - p));
}

void gt_out_u64(struct gt_out *out, uint64_t v)
{
	number(out, v, 10);
}

void gt_out_i64(struct gt_out *out, int64_t v)
{
	if (v < 0)
		gt_out_char(out, '-');
	number(out, v < 0 ? 0 - (uint64_t)v : (uint64_t)v, 10);
}

void gt_out_hex(struct gt_out *out, uint64_t v)
{
	number(out, v, 16);
}
