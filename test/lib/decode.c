/* SPDX-License-Identifier: BSD-3-Clause */
/* The steps of the reader, one at a time. */
#include "decode.h"

#include "decoder/reader.h"

#include <criterion/criterion.h>

void gt_decode_open(struct gt_builder *b, struct gt_input *in)
{
	struct gt_error err;

	gt_error_clear(&err);
	cr_assert_eq(gt_input_open(in, gt_build_path(b), &err), 0, "%s", err.words);
}

struct gt_generation *gt_decode_generation(struct gt_builder *b, struct gt_error *err)
{
	struct gt_generation *gen = gt_generation_new();
	struct gt_error later;
	struct gt_input in;

	cr_assert_not_null(gen);
	gt_error_clear(err);
	gt_error_clear(&later);
	gt_decode_open(b, &in);
	/* Like a pipe: everything is in memory, and the file is not needed any more. */
	in.regular = false;
	if (gt_input_header(&in, err) < 0 || gt_generation_read(gen, &in, err, &later) < 0) {
		gt_generation_free(gen);
		gen = NULL;
	}
	gt_input_close(&in);
	gt_build_free(b);
	return gen;
}

void gt_decode_event(struct gt_builder *b, int n, gt_look_fn *look)
{
	struct gt_error err;
	struct gt_trace_event ev;
	struct gt_reader *reader;

	gt_build_end(b);
	reader = gt_reader_open(gt_build_path(b), &err);
	cr_assert_not_null(reader, "%s", err.words);
	do
		cr_assert_eq(gt_reader_next(reader, &ev), 1, "%s", err.words);
	while (n-- > 0);
	look(&ev);
	gt_reader_close(reader);
	gt_build_free(b);
}

struct gt_trace_event gt_decode_example(enum gt_kind kind, uint8_t type)
{
	struct gt_trace_event ev = {.kind = kind, .type = type, .time = 5, .m = 1, .p = 2, .g = 3};

	ev.text[0] = ev.text[1] = &gt_string_empty;
	return ev;
}
