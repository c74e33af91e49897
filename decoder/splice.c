/* SPDX-License-Identifier: BSD-3-Clause */
#include "splice.h"

#include "../shim/format/header.h"
#include "cli.h"
#include "reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void gt_splice_start(struct gt_splice *splice, int fd, int minor)
{
	char header[GT_HEADER_LEN + 1] = {0};

	memset(splice, 0, sizeof(*splice));
	gt_out_open(&splice->out, fd);
	snprintf(header, sizeof(header), "go 1.%d trace", minor);
	gt_out_bytes(&splice->out, header, GT_HEADER_LEN);
}

static void flush(struct gt_splice *splice)
{
	if (!gt_out_flush(&splice->out) && splice->error == 0)
		splice->error = errno;
}

static void note_end(struct gt_splice *splice)
{
	size_t n = splice->generations++;

	if ((n & (n - 1)) == 0)
		splice->ends = gt_cli_grow(splice->ends, n == 0 ? 1 : 2 * n, sizeof(*splice->ends));
	splice->ends[n] = (uint64_t)lseek(splice->out.fd, 0, SEEK_CUR);
}

void gt_splice_add(struct gt_splice *splice, struct gt_slice *slice, const struct gt_carry *carry)
{
	if (carry != NULL)
		gt_carry_write(carry, slice->is.gen, &splice->out);
	gt_slice_write(slice, &splice->out);
	flush(splice);
	note_end(splice);
}

/* How many generations of the file come out of a reader. */
static long sound_generations(int fd, struct gt_error *err)
{
	uint64_t events = 0, generations = 0;
	struct gt_reader *reader;
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	reader = gt_reader_open(path, err);
	if (reader == NULL)
		return 0;
	gt_reader_no_facts(reader);
	gt_reader_check(reader, UINT64_MAX, &events, &generations);
	gt_reader_close(reader);
	return (long)generations;
}

long gt_splice_finish(struct gt_splice *splice, struct gt_error *err)
{
	long sound;

	flush(splice);
	if (splice->out.failed)
		return -1;
	gt_error_clear(err);
	sound = sound_generations(splice->out.fd, err);
	if (sound > (long)splice->generations)
		sound = (long)splice->generations;
	/* Offsets are those of the result, which nobody has seen. */
	err->offset = 0;
	if (sound > 0 && sound < (long)splice->generations &&
	    ftruncate(splice->out.fd, (off_t)splice->ends[sound - 1]) != 0) {
		splice->error = errno;
		return -1;
	}
	return sound;
}

bool gt_splice_deliver(struct gt_splice *splice, const char *path, bool quiet, struct gt_save *save)
{
	struct gt_error unsound;
	long sound = gt_splice_finish(splice, &unsound);

	if (sound < 0) {
		gt_cli_complain("%s: %s", gt_save_name(save), strerror(splice->error));
		return false;
	}
	if (sound != (long)splice->generations && !quiet)
		gt_cli_broken(path, &unsound);
	return sound > 0 && gt_save_commit(save) && sound == (long)splice->generations;
}

void gt_splice_free(struct gt_splice *splice)
{
	splice->out.fd = -1;
	gt_out_close(&splice->out);
	free(splice->ends);
}
