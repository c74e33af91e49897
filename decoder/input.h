/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The bytes of a file or a pipe in order, through a buffer. What has been passed over in a regular file can be read
 * when it is needed. Plain read(), no mapping: a file that shrinks meanwhile is merely short.
 */
#ifndef GT_INPUT_H
#define GT_INPUT_H

#include "error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the headers of newer versions of Go change. */
enum {
	GT_GO_SYNC = 25, /* a generation opens with a Sync batch, and a Sync event comes before its others */
	GT_GO_END = 26, /* it ends with an EndOfGeneration byte */
};

struct gt_input {
	int fd;
	int version; /* go 1.N, when the header was read */
	uint8_t *buf;
	size_t at, end; /* what is unread in buf */
	uint64_t offset; /* in the file, of buf[0] */
	int failed; /* errno of a read that failed, else 0 */
	bool regular; /* gt_input_at() works */
	uint64_t base; /* where a regular file was when it was opened: offset 0 of all others */
	uint64_t size; /* of a regular file, when it was last looked at */
	size_t next; /* how much the next fill asks for */
	bool lacks_end; /* there is more in its live file, which cannot be used */
	bool is_growing; /* its end is that of some moment */
	int tail; /* another file's descriptor, whose bytes stand at `tail_at` and behind it; -1: none */
	uint64_t tail_at;
};

/* "-" is standard input. 0, or -1 with *err. */
int gt_input_open(struct gt_input *in, const char *path, struct gt_error *err);

/* The same for a descriptor, which is closed with `in`, or at once if this fails. `path` is for complaints. */
int gt_input_take(struct gt_input *in, int fd, const char *path, struct gt_error *err);

void gt_input_close(struct gt_input *in);

/*
 * Makes the bytes of another regular file stand for those of `in`, which is regular, too, from offset `at` on. Before the
 * first byte is read. The descriptor is closed with `in`.
 */
void gt_input_attach(struct gt_input *in, int fd, uint64_t at);

/* Refills an empty buffer. 0 when there are no more bytes; then `failed` tells whether reading failed. */
int gt_input_fill(struct gt_input *in);

/* The next byte, or -1. */
static inline int gt_input_byte(struct gt_input *in)
{
	if (in->at == in->end && !gt_input_fill(in))
		return -1;
	return in->buf[in->at++];
}

/* The same, and it stays the next byte. */
static inline int gt_input_peek(struct gt_input *in)
{
	if (in->at == in->end && !gt_input_fill(in))
		return -1;
	return in->buf[in->at];
}

/* The number of bytes that were there, at most n. */
size_t gt_input_read(struct gt_input *in, void *to, size_t n);

/* The same, and nobody sees them. For regular files only. */
size_t gt_input_skip(struct gt_input *in, size_t n);

/* Bytes at any offset of a regular file; what is next stays as it is. The number that were there; -1: errno. */
long gt_input_at(const struct gt_input *in, uint64_t offset, void *to, size_t n);

/* A varint: 1; 0 when the input ends in it; -1 when it is malformed. */
int gt_input_varint(struct gt_input *in, uint64_t *v);

static inline uint64_t gt_input_offset(const struct gt_input *in)
{
	return in->offset + in->at;
}

/* Reads the header. The minor version, also in->version, if this reader knows it, else -1 with *err. */
int gt_input_header(struct gt_input *in, struct gt_error *err);

#endif
