/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * libFuzzer target: any bytes as the live file of a small trace. Nothing may crash, leak or hang, and what comes out is a
 * trace or is refused. The head's first fields are made right, so that the rest is looked at.
 */
#include "../../decoder/reader.h"
#include "../../decoder/tail.h"
#include "../../shim/format/header.h"
#include "../../shim/format/live.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char dir[] = "/tmp/gtrace-fuzz-tail.XXXXXX";
static char path[64], live[80], whole[80];

static void remove_files(void)
{
	unlink(path);
	unlink(live);
	unlink(whole);
	rmdir(dir);
}

static void write_file(const char *name, const void *bytes, size_t len)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, bytes, len) != (ssize_t)len)
		abort();
	close(fd);
}

static void start(void)
{
	if (mkdtemp(dir) == NULL)
		abort();
	snprintf(path, sizeof(path), "%s/x", dir);
	snprintf(whole, sizeof(whole), "%s/whole", dir);
	snprintf(live, sizeof(live), "%s/x.live", dir);
	write_file(path, gt_header, GT_HEADER_LEN);
	atexit(remove_files);
}

/* Reads what the two files are together. */
static void read_whole(const struct gt_tail *tail)
{
	static uint8_t bytes[4 << 20] = "go 1.23 trace";
	ssize_t n = pread(tail->fd, bytes + GT_HEADER_LEN, sizeof(bytes) - GT_HEADER_LEN, 0);
	uint64_t events = 0, generations;
	struct gt_reader *reader;
	struct gt_error err;

	write_file(whole, bytes, GT_HEADER_LEN + (size_t)(n > 0 ? n : 0));
	reader = gt_reader_open(whole, &err);
	if (reader == NULL)
		return;
	gt_reader_check(reader, UINT64_MAX, &events, &generations);
	gt_reader_close(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool started;
	struct gt_live_head *head;
	struct gt_tail tail;
	struct gt_error err;
	uint8_t *bytes;

	if (!started)
		start();
	started = true;
	if (size < sizeof(*head))
		return 0;
	bytes = malloc(size);
	memcpy(bytes, data, size);
	head = (struct gt_live_head *)bytes;
	memcpy(head->magic, GT_LIVE_MAGIC, GT_LIVE_MAGIC_LEN);
	head->version = GT_LIVE_VERSION;
	head->pid = 0;
	head->drops = GT_DROPS;
	if (head->ring_bytes == 0)
		head->complete = GT_HEADER_LEN;
	head->buffers -= head->buffers % GT_BUF_SMALL;
	write_file(live, bytes, size);
	free(bytes);
	if (gt_tail_make(&tail, path, live, &err) == 1) {
		read_whole(&tail);
		gt_tail_close(&tail);
	}
	return 0;
}
