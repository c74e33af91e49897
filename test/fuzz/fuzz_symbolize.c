/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * libFuzzer target: any bytes get full names, those of this program too. Nothing may crash, leak or hang, and what becomes of
 * a sound trace must be sound, have as many events, and stay the same the second time.
 *
 * This program is built without a build id, so that a seed can name it as a module: /proc/self/exe.
 */
#include "../../decoder/reader.h"
#include "../../decoder/symbolize.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Symbolizes what is in `from` into a new file. Its descriptor; -1: not all of it went well. */
static int symbolize(int from)
{
	struct gt_symbols *symbols = gt_symbols_new(NULL);
	int to = memfd_create("symbolized", 0), result = -1;
	struct gt_splice splice;
	struct gt_error err;
	struct gt_input in;
	char path[32];
	int minor;

	gt_error_clear(&err);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", from);
	if (gt_input_open(&in, path, &err) == 0) {
		minor = gt_input_header(&in, &err);
		if (minor >= 0) {
			gt_splice_start(&splice, to, minor);
			result = gt_symbolize(&in, symbols, &splice, &err);
			gt_splice_finish(&splice, &err);
			gt_splice_free(&splice);
		}
		gt_input_close(&in);
	}
	gt_symbols_free(symbols);
	if (result == 0)
		return to;
	close(to);
	return -1;
}

/* How many events there are; -1 when the trace is not sound. */
static int64_t events_of(int fd)
{
	uint64_t events = 0, generations;
	struct gt_reader *reader;
	struct gt_error err;
	char path[32];
	int sound;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	reader = gt_reader_open(path, &err);
	if (reader == NULL)
		return -1;
	sound = gt_reader_check(reader, UINT64_MAX, &events, &generations);
	gt_reader_close(reader);
	return sound == 0 ? (int64_t)events : -1;
}

static bool same(int a, int b)
{
	char x[4096], y[4096];
	ssize_t n;

	for (off_t at = 0; (n = pread(a, x, sizeof(x), at)) > 0; at += n) {
		if (pread(b, y, sizeof(y), at) != n || memcmp(x, y, (size_t)n) != 0)
			return false;
	}
	return lseek(a, 0, SEEK_END) == lseek(b, 0, SEEK_END);
}

static void check(int fd)
{
	int full = symbolize(fd), again = full >= 0 ? symbolize(full) : -1;
	int64_t events = events_of(fd);

	if (events >= 0 && (full < 0 || events_of(full) != events || again < 0 || !same(full, again)))
		__builtin_trap();
	close(full);
	close(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", 0);

	if (fd >= 0 && write(fd, data, size) == (ssize_t)size)
		check(fd);
	close(fd);
	return 0;
}
