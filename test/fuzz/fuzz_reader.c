/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * libFuzzer target: any bytes go through the whole reader and both of Go's texts. Nothing may crash, leak or hang, and
 * it makes no difference whether the bytes come from a file or a pipe and whether their events are looked at.
 *
 *   clang -std=gnu11 -g -O1 -fsanitize=fuzzer,address,undefined test/fuzz/fuzz_reader.c decoder sources -o fuzz_reader
 */
#include "../../decoder/reader.h"
#include "../../decoder/text_go.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct verdict {
	uint64_t events, generations;
	struct gt_error err;
};

/* Prints an event, from its front at the beginning of `out`. An event that looks like one before looks like itself. */
static void print_event(struct gt_out *out, const struct gt_trace_event *ev, struct gt_text_memo *memo, bool is_known)
{
	size_t len;

	out->len = 0;
	if (!is_known) {
		gt_text_go_next(out, ev, memo);
		return;
	}
	gt_text_go_again(out, ev->time, memo);
	len = out->len;
	gt_text_go(out, ev, memo->version);
	if (out->len != 2 * len || memcmp(out->buf, out->buf + len, len) != 0)
		__builtin_trap();
}

static void print_events(const char *path, struct verdict *v)
{
	struct gt_reader *reader = gt_reader_open(path, &v->err);
	const struct gt_placed_event *placed;
	struct gt_text_memo memo = {0};
	struct gt_trace_event ev;
	struct gt_out out;
	int64_t last = INT64_MIN;

	if (reader != NULL)
		memo.version = gt_reader_version(reader);
	gt_out_open(&out, -1);
	while (reader != NULL && gt_reader_find(reader, &placed) > 0) {
		bool is_known = gt_text_go_knows(&memo, placed);

		if (gt_reader_tell(reader, &ev) < 0)
			break;
		if (ev.kind == GT_KIND_SYNC)
			v->generations = ev.args[1];
		v->events += ev.kind != GT_KIND_SYNC;
		print_event(&out, &ev, &memo, is_known);
		/* At the very end of time it wraps around, as in Go's reader. */
		if (ev.time <= last && last != INT64_MAX)
			__builtin_trap();
		last = ev.time;
	}
	gt_text_go_end(&memo);
	gt_out_close(&out);
	gt_reader_close(reader);
}

static void only_check(const char *path, struct verdict *v)
{
	struct gt_reader *reader = gt_reader_open(path, &v->err);

	if (reader == NULL)
		return;
	gt_reader_no_facts(reader);
	while (gt_reader_check(reader, 3, &v->events, &v->generations) > 0)
		;
	gt_reader_close(reader);
}

static void same(const struct verdict *a, const struct verdict *b)
{
	if (a->events != b->events || a->generations != b->generations || a->err.code != b->err.code ||
	    a->err.offset != b->err.offset || strcmp(a->err.words, b->err.words) != 0)
		__builtin_trap();
}

/* What does not fit into a pipe at once is left out. */
static void through_pipe(const uint8_t *data, size_t size, const struct verdict *expected)
{
	struct verdict v = {0};
	char path[32];
	int ends[2];

	if (size > 4096 || pipe(ends) != 0)
		return;
	if (write(ends[1], data, size) == (ssize_t)size) {
		close(ends[1]);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
		print_events(path, &v);
		same(&v, expected);
	}
	close(ends[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct verdict printed = {0}, checked = {0};
	struct gt_error err;
	struct gt_out out;
	char path[32];
	int fd = memfd_create("fuzz", 0);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		return 0;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	print_events(path, &printed);
	only_check(path, &checked);
	same(&printed, &checked);
	through_pipe(data, size, &printed);
	gt_out_open(&out, -1);
	gt_text_wire(path, &out, &err);
	gt_out_close(&out);
	close(fd);
	return 0;
}
