/* SPDX-License-Identifier: BSD-3-Clause */
/* Buffered reading and the header of the file. */
#include "input.h"

#include "../shim/format/event.h"
#include "../shim/format/header.h"
#include "number.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* After a leap only a head is wanted, and perhaps the next leap; who goes on gets more and more. */
enum { INPUT_BUFFER = 256 << 10, INPUT_LEAST = 4 << 10 };

/* Whether a file can be read anywhere. Those of /proc only say that they are regular. */
static void look_at(struct gt_input *in, const struct stat *st)
{
	off_t base = S_ISREG(st->st_mode) && st->st_size > 0 ? lseek(in->fd, 0, SEEK_CUR) : -1;

	in->regular = base >= 0;
	in->base = in->regular ? (uint64_t)base : 0;
	in->size = (uint64_t)st->st_size;
}

int gt_input_take(struct gt_input *in, int fd, const char *path, struct gt_error *err)
{
	struct stat st = {0};

	memset(in, 0, sizeof(*in));
	in->tail = -1;
	in->fd = fd;
	in->buf = malloc(INPUT_BUFFER);
	in->next = INPUT_BUFFER;
	if (in->buf == NULL) {
		gt_error_set(err, GT_ERR_IO, "not enough memory");
	} else if (fstat(in->fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		gt_error_set(err, GT_ERR_IO, "cannot read %s: %s", path, strerror(EISDIR));
	} else {
		look_at(in, &st);
		return 0;
	}
	gt_input_close(in);
	return -1;
}

int gt_input_open(struct gt_input *in, const char *path, struct gt_error *err)
{
	int fd = strcmp(path, "-") == 0 ? 0 : open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		return gt_input_take(in, fd, path, err);
	memset(in, 0, sizeof(*in));
	return gt_error_set(err, GT_ERR_IO, "cannot open %s: %s", path, strerror(errno));
}

void gt_input_close(struct gt_input *in)
{
	if (in->fd > 0)
		close(in->fd);
	if (in->buf != NULL && in->tail >= 0)
		close(in->tail);
	free(in->buf);
	memset(in, 0, sizeof(*in));
}

/* The file that has what is at an offset; *at there. `n` is cut at its end. */
static int file_at(const struct gt_input *in, uint64_t offset, uint64_t *at, size_t *n)
{
	*at = in->base + offset;
	if (in->tail < 0)
		return in->fd;
	if (offset >= in->tail_at) {
		*at = offset - in->tail_at;
		return in->tail;
	}
	if (*n > in->tail_at - offset)
		*n = (size_t)(in->tail_at - offset);
	return in->fd;
}

static ssize_t read_some(const struct gt_input *in, uint64_t offset, void *to, size_t n)
{
	uint64_t at;
	int fd = file_at(in, offset, &at, &n);
	ssize_t got;

	do {
		got = in->regular ? pread(fd, to, n, (off_t)at) : read(fd, to, n);
	} while (got < 0 && errno == EINTR);
	return got;
}

int gt_input_fill(struct gt_input *in)
{
	ssize_t n = read_some(in, in->offset + in->end, in->buf, in->next);

	if (n < 0)
		in->failed = errno;
	if (n <= 0)
		return 0;
	in->offset += in->end;
	in->at = 0;
	in->end = (size_t)n;
	if (in->next < INPUT_BUFFER)
		in->next *= 2;
	return 1;
}

size_t gt_input_read(struct gt_input *in, void *to, size_t n)
{
	size_t done = 0;

	while (done < n && (in->at < in->end || gt_input_fill(in))) {
		size_t part = in->end - in->at < n - done ? in->end - in->at : n - done;

		memcpy((char *)to + done, in->buf + in->at, part);
		in->at += part;
		done += part;
	}
	return done;
}

void gt_input_attach(struct gt_input *in, int fd, uint64_t at)
{
	struct stat st = {0};

	fstat(fd, &st);
	in->tail = fd;
	in->tail_at = at;
	in->size = in->base + at + (uint64_t)st.st_size;
}

static bool in_file(struct gt_input *in, uint64_t end)
{
	struct stat st;

	if (in->tail < 0 && in->base + end > in->size && fstat(in->fd, &st) == 0)
		in->size = (uint64_t)st.st_size;
	return in->base + end <= in->size;
}

size_t gt_input_skip(struct gt_input *in, size_t n)
{
	uint64_t from = gt_input_offset(in);

	if (n > in->end - in->at) {
		if (!in_file(in, from + n))
			n = in->base + from < in->size ? (size_t)(in->size - in->base - from) : 0;
		in->offset = from + n;
		in->at = in->end = 0;
		in->next = INPUT_LEAST;
	} else {
		in->at += n;
	}
	return n;
}

long gt_input_at(const struct gt_input *in, uint64_t offset, void *to, size_t n)
{
	size_t done = 0;
	ssize_t got = 1;

	while (done < n && got > 0) {
		got = read_some(in, offset + done, (char *)to + done, n - done);
		done += got > 0 ? (size_t)got : 0;
	}
	return got < 0 ? -1 : (long)done;
}

/* Byte by byte, over the end of the buffer. */
static int slow_varint(struct gt_input *in, uint64_t *v)
{
	uint64_t x = 0;

	for (int shift = 0; shift < 7 * GT_MAX_VARINT; shift += 7) {
		int b = gt_input_byte(in);

		if (b < 0)
			return 0;
		if (shift == 63 && b > 1)
			return -1;
		x |= (uint64_t)(b & 0x7f) << shift;
		if (b < 0x80) {
			*v = x;
			return 1;
		}
	}
	return -1;
}

int gt_input_varint(struct gt_input *in, uint64_t *v)
{
	const uint8_t *p = in->buf + in->at;

	if (in->end - in->at < GT_MAX_VARINT)
		return slow_varint(in, v);
	p = gt_number_get(p, v);
	if (p == NULL)
		return -1;
	in->at = (size_t)(p - in->buf);
	return 1;
}

int gt_input_header(struct gt_input *in, struct gt_error *err)
{
	uint8_t bytes[GT_HEADER_LEN];
	size_t n = gt_input_read(in, bytes, sizeof(bytes));
	int minor = n == sizeof(bytes) ? gt_header_minor(bytes) : -1;

	if (in->failed)
		return gt_error_set(err, GT_ERR_IO, "cannot read: %s", strerror(in->failed));
	if (n == 0)
		return gt_error_set(err, GT_ERR_HEADER, "not a trace: the file is empty");
	if (minor < 0)
		return gt_error_set(err, GT_ERR_HEADER, "not a trace: it does not start with a trace header");
	if (minor != 22 && minor != 23 && minor != GT_GO_SYNC && minor != GT_GO_END)
		return gt_error_set(err, GT_ERR_VERSION,
				    "a trace of version go 1.%d; this reader knows go 1.22, 1.23, 1.25 and 1.26",
				    minor);
	in->version = minor;
	return minor;
}
