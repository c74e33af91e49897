/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * libFuzzer target: any bytes are summed up, cut and joined again. Nothing may crash, leak or hang, and what comes out
 * of a cut must be a sound trace.
 */
#include "../../decoder/cut.h"
#include "../../decoder/join.h"
#include "../../decoder/reader.h"
#include "../../decoder/report.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void sum_up(char *path, struct gt_window window)
{
	struct gt_report_options options = {.window = window, .filter = gt_filter_new(), .modules = true};
	char *paths[] = {path, path};
	struct gt_report report;
	struct gt_out out;

	for (int n = 1; n <= 2; n++) {
		/* Two that cannot be merged would be complained about. */
		if (gt_report_read(&report, paths, 1, &options) == 0) {
			gt_out_open(&out, -1);
			gt_report_text(&report, &out);
			gt_report_json(&report, &out);
			gt_out_close(&out);
		}
		gt_report_free(&report);
		options.top = 1;
		options.top_given = true;
	}
	gt_filter_free(options.filter);
}

static int copy_part(const char *path, int fd, struct gt_window window)
{
	struct gt_error err;
	struct gt_splice splice;
	struct gt_input in;
	long sound = 0;
	int minor;

	gt_error_clear(&err);
	if (gt_input_open(&in, path, &err) < 0)
		return 0;
	minor = gt_input_header(&in, &err);
	if (minor >= 0) {
		gt_splice_start(&splice, fd, minor);
		gt_cut(&in, &window, &splice, &err);
		if (splice.generations > 0)
			sound = gt_splice_finish(&splice, &err);
		gt_splice_free(&splice);
	}
	gt_input_close(&in);
	return sound > 0;
}

static void join_with_itself(const char *path, int version)
{
	struct gt_splice splice;
	struct gt_join join = {.splice = &splice};
	struct gt_error err;
	struct gt_input in;

	gt_splice_start(&splice, memfd_create("joined", 0), version);
	for (int i = 0; i < 2; i++) {
		gt_error_clear(&err);
		if (gt_input_open(&in, path, &err) < 0)
			break;
		if (gt_input_header(&in, &err) >= 0)
			gt_join_add(&join, &in, version, &err);
		gt_input_close(&in);
	}
	gt_splice_finish(&splice, &err);
	close(splice.out.fd);
	gt_splice_free(&splice);
	gt_join_free(&join);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gt_window window = {{GT_WHEN_RELATIVE, 0}, {GT_WHEN_RELATIVE, 1000}};
	int fd = memfd_create("fuzz", 0), part = memfd_create("part", 0);
	char path[32], part_path[32];
	struct gt_error err;

	if (fd >= 0 && part >= 0 && write(fd, data, size) == (ssize_t)size) {
		window.from.ns = size > 20 ? data[20] : 0;
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		snprintf(part_path, sizeof(part_path), "/proc/self/fd/%d", part);
		sum_up(path, window);
		join_with_itself(path, size > 6 && data[6] == '6' ? GT_GO_END : 23);
		if (copy_part(path, part, window) && gt_check(part_path, &err) != 0)
			__builtin_trap();
	}
	close(fd);
	close(part);
	return 0;
}
