/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Text on its way to a descriptor: a big buffer with fast numbers. Memory or write failures stick in `failed`.
 */
#ifndef GT_OUT_H
#define GT_OUT_H

#include "digits.h"
#include "table.h"

#include <stdbool.h>
#include <string.h>

struct gt_out {
	char *buf;
	size_t len, size;
	int fd; /* -1: only gather in buf */
	bool failed;
};

/* Starts an empty buffer for `fd`. Free with gt_out_close(). */
void gt_out_open(struct gt_out *out, int fd);

/* Writes what is there. False when anything failed so far. */
bool gt_out_flush(struct gt_out *out);

/* Writes when much has gathered; call between events. */
void gt_out_relax(struct gt_out *out);

/* Flushes and frees. False when anything failed. */
bool gt_out_close(struct gt_out *out);

/* Makes room for `n` more bytes. False when memory is short. */
bool gt_out_grow(struct gt_out *out, size_t n);

static inline bool gt_out_room(struct gt_out *out, size_t n)
{
	return out->size - out->len >= n || gt_out_grow(out, n);
}

/* Where `n` bytes may be written, up to what is then told to gt_out_commit(); NULL when memory is short. */
static inline char *gt_out_reserve(struct gt_out *out, size_t n)
{
	return gt_out_room(out, n) ? out->buf + out->len : NULL;
}

static inline void gt_out_commit(struct gt_out *out, const char *end)
{
	out->len = (size_t)(end - out->buf);
}

static inline void gt_out_bytes(struct gt_out *out, const void *bytes, size_t len)
{
	if (!gt_out_room(out, len))
		return;
	memcpy(out->buf + out->len, bytes, len);
	out->len += len;
}

/* Inline, so that the length of a literal is known. */
static inline void gt_out_str(struct gt_out *out, const char *s)
{
	gt_out_bytes(out, s, strlen(s));
}

static inline void gt_out_char(struct gt_out *out, char c)
{
	if (gt_out_room(out, 1))
		out->buf[out->len++] = c;
}

void gt_out_u64(struct gt_out *out, uint64_t v);
void gt_out_i64(struct gt_out *out, int64_t v);
void gt_out_hex(struct gt_out *out, uint64_t v);

/* The bytes as a Go string literal in double quotes. */
void gt_out_quoted(struct gt_out *out, const void *bytes, size_t len);

/* The same without the quotes: what a trace says stays on its line and reaches no terminal as a command. */
void gt_out_text(struct gt_out *out, const void *bytes, size_t len);

#endif
