/* SPDX-License-Identifier: BSD-3-Clause */
#include "sink.h"

#include "batch.h"
#include "file.h"
#include "flight.h"
#include "format/header.h"
#include "heap.h"
#include "live.h"
#include "os.h"
#include "pack.h"
#include "thread.h"

#include <errno.h>
#include <stddef.h>

enum { PIECES = 64, HELD = 1024, STAGE = 256 << 10 };

static struct {
	int fd;
	bool failed;
	int error; /* why, or why it was out of reach; 0: it was not */
	uint64_t size; /* of the file */
	uint64_t complete; /* of its complete generations */
	struct gt_sink_part rest; /* behind them */
	int pieces, helds;
	uint8_t *stage;
	size_t staged;
	struct gt_file file; /* what begins here is not cleared: pages that a forked child need not copy */
	struct iovec piece[PIECES];
	struct gt_buf *held[HELD]; /* buffers whose contents the pieces are */
} sink;

static bool start(void)
{
	uint8_t *stage = sink.stage; /* memory that never comes back */

	__builtin_memset(&sink, 0, offsetof(__typeof__(sink), file));
	gt_file_forget(&sink.file);
	sink.stage = stage ? stage : gt_heap_take(STAGE);
	return sink.stage != NULL;
}

long gt_sink_create(const char *path)
{
	struct iovec iov = {(void *)gt_header, GT_HEADER_LEN};
	long err;
	int fd;

	if (!start())
		return -ENOMEM;
	fd = gt_file_create(&sink.file, path, O_WRONLY);
	if (fd < 0)
		return fd;
	err = gt_os_file_may_have(GT_HEADER_LEN) ? gt_os_write_all(fd, &iov, 1) : -EFBIG;
	gt_os_close(fd);
	if (err) {
		gt_sink_remove();
		return err;
	}
	sink.size = sink.complete = GT_HEADER_LEN;
	return 0;
}

long gt_sink_fly(void)
{
	return start() ? 0 : -ENOMEM;
}

void gt_sink_remove(void)
{
	gt_file_remove(&sink.file);
}

void gt_sink_give(uint32_t uid)
{
	gt_file_give(&sink.file, uid);
}

bool gt_sink_failed(void)
{
	return sink.failed;
}

uint64_t gt_sink_pending(void)
{
	return sink.size - sink.complete;
}

bool gt_sink_open(void)
{
	sink.fd = sink.failed || gt_flight_is_on() ? -1 : gt_file_open(&sink.file, O_WRONLY | O_APPEND);
	if (!sink.failed)
		sink.error = sink.fd < 0 && !gt_flight_is_on() ? -sink.fd : 0;
	return sink.fd >= 0 || (gt_flight_is_on() && !sink.failed);
}

int gt_sink_error(void)
{
	return sink.error;
}

struct gt_sink_part gt_sink_rest(void)
{
	return sink.rest;
}

static void fail(long error)
{
	sink.failed = true;
	sink.error = error < 0 ? (int)-error : 0;
	GT_SYSCALL(SYS_ftruncate, sink.fd, sink.complete, 0, 0);
}

bool gt_sink_has_any(void)
{
	return !gt_flight_is_on() && sink.complete > GT_HEADER_LEN;
}

void gt_sink_cut(void)
{
	int fd;

	sink.failed = true;
	if (!gt_sink_has_any()) {
		gt_sink_remove();
		return;
	}
	fd = gt_file_open(&sink.file, O_WRONLY);
	if (fd < 0)
		return;
	GT_SYSCALL(SYS_ftruncate, fd, sink.complete, 0, 0);
	gt_os_close(fd);
}

/* 0, or minus an errno; of the flight recorder, which has no room but no error either, 1. */
static long write_pieces(uint64_t bytes)
{
	if (gt_flight_is_on())
		return !gt_flight_write(sink.piece, sink.pieces);
	return gt_os_file_may_have(sink.size + bytes) ? gt_os_write_all(sink.fd, sink.piece, sink.pieces) : -EFBIG;
}

static void write_out(void)
{
	uint64_t bytes = 0;
	long error;

	for (int i = 0; i < sink.pieces; i++)
		bytes += sink.piece[i].iov_len;
	if (!sink.failed && bytes) {
		error = write_pieces(bytes);
		if (error)
			fail(error);
		else
			sink.size += bytes;
	}
	for (int i = 0; i < sink.helds; i++)
		gt_buf_give_back(sink.held[i]);
	sink.pieces = sink.helds = 0;
	sink.staged = 0;
}

static void add(void *bytes, size_t len)
{
	struct iovec *last = sink.pieces ? &sink.piece[sink.pieces - 1] : NULL;

	if (last && (uint8_t *)last->iov_base + last->iov_len == bytes)
		last->iov_len += len;
	else
		sink.piece[sink.pieces++] = (struct iovec){bytes, len};
}

static void add_copy(const void *bytes, size_t len)
{
	uint8_t *to = sink.stage + sink.staged;

	__builtin_memcpy(to, bytes, len);
	sink.staged += len;
	add(to, len);
}

void gt_sink_copy(const void *bytes, size_t len)
{
	if (sink.pieces == PIECES || sink.staged + len > STAGE)
		write_out();
	add_copy(bytes, len);
}

/* Writes the head right in front of `payload`; returns where it starts. */
static uint8_t *put_head(uint8_t *payload, size_t len, const struct gt_buf *b, bool facts)
{
	uint8_t head[GT_BUF_HEAD];
	size_t size = (size_t)(gt_batch_head(head, facts, b->gen, b->tid, b->base, len) - head);

	payload -= size;
	__builtin_memcpy(payload, head, size);
	return payload;
}

/* Packs the facts of a buffer, which end at *end. Returns where they begin then, with room for a head before them; or NULL. */
static uint8_t *packed(const uint8_t *facts, uint8_t **end)
{
	uint8_t *to = sink.stage + sink.staged + GT_BUF_HEAD;
	uint8_t *from = gt_pack(&to, facts, *end);

	if (!from)
		return NULL;
	sink.staged = (size_t)(to - sink.stage);
	*end = to;
	return from;
}

/*
 * What stands in the buffer: pointed at, or copied where that is less work than another piece is for the kernel. A copy holds its
 * buffer, too: if the process is killed before it is written, it is there that it is found.
 */
static void add_part(const struct gt_buf *b, uint8_t *from, const uint8_t *end)
{
	if (b->bytes == GT_BUF_SMALL)
		add_copy(from, (size_t)(end - from));
	else
		add(from, (size_t)(end - from));
}

void gt_sink_buf(struct gt_buf *b)
{
	uint32_t used = __atomic_load_n(&b->used, __ATOMIC_ACQUIRE);
	uint8_t *end = gt_buf_end(b);
	uint8_t *facts = (uint8_t *)b + b->top;
	uint8_t *from;

	if (sink.pieces + 2 > PIECES || sink.helds == HELD || sink.staged + 2 * (size_t)GT_BUF_HEAD + b->bytes > STAGE)
		write_out();
	sink.held[sink.helds++] = b;
	sink.rest.events += b->events;
	sink.rest.notes += b->notes;
	if (used) {
		from = put_head(b->data, used, b, false);
		add_part(b, from, b->data + used);
	}
	if (facts == end)
		return;
	from = packed(facts, &end);
	if (from) {
		from = put_head(from, (size_t)(end - from), b, true);
		add(from, (size_t)(end - from));
		return;
	}
	from = facts - GT_FACTS_MAGIC_LEN;
	__builtin_memcpy(from, GT_FACTS_MAGIC, GT_FACTS_MAGIC_LEN);
	from = put_head(from, (size_t)(end - from), b, true);
	add_part(b, from, end);
}

void gt_sink_close(bool complete)
{
	write_out();
	if (sink.fd >= 0)
		gt_os_close(sink.fd);
	sink.fd = -1;
	if (complete && !sink.failed) {
		sink.complete = sink.size;
		sink.rest = (struct gt_sink_part){0};
		if (!gt_flight_is_on())
			atomic_store(&gt_live_head()->complete, sink.complete);
	}
}
