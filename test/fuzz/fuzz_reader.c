/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * libFuzzer target: any bytes go through the whole reader and both of Go's texts. Nothing may crash, leak or hang.
 *
 *   clang -std=gnu11 -g -O1 -fsanitize=fuzzer,address,undefined test/fuzz/fuzz_reader.c decoder sources -o fuzz_reader
 */
#include "../../decoder/reader.h"
#include "../../decoder/text_go.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print_events(const char *path)
{
	struct gt_error err;
	struct gt_reader *reader = gt_reader_open(path, &err);
	struct gt_trace_event ev;
	struct gt_out out;
	int64_t last = INT64_MIN;

	gt_out_open(&out, -1);
	while (reader != NULL && gt_reader_next(reader, &ev) > 0) {
		out.len = 0;
		gt_text_go(&out, &ev);
		/* At the very end of time it wraps around, as in Go's reader. */
		if (ev.time <= last && last != INT64_MAX)
			__builtin_trap();
		last = ev.time;
	}
	gt_out_close(&out);
	gt_reader_close(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gt_error err;
	struct gt_out out;
	char path[32];
	int fd = memfd_create("fuzz", 0);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		return 0;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	print_events(path);
	gt_out_open(&out, -1);
	gt_text_wire(path, &out, &err);
	gt_out_close(&out);
	close(fd);
	return 0;
}
