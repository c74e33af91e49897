/* SPDX-License-Identifier: BSD-3-Clause */
#include "paint.h"

#include <string.h>

static const char *const escapes[] = {
	[GT_COLOUR_NONE] = "\033[0m",    [GT_COLOUR_TIME] = "\033[2m",    [GT_COLOUR_PROCESS] = "\033[35m",
	[GT_COLOUR_THREAD] = "\033[36m", [GT_COLOUR_REASON] = "\033[33m", [GT_COLOUR_STAY] = "\033[32m",
};

void gt_paint_start(struct gt_paint *paint, const struct gt_out *out)
{
	paint->start = out->len;
	paint->marks = 0;
}

void gt_paint_mark(struct gt_paint *paint, const struct gt_out *out, enum gt_colour colour)
{
	if (paint == NULL || paint->marks == GT_PAINT_MARKS)
		return;
	paint->mark[paint->marks].at = out->len;
	paint->mark[paint->marks++].colour = colour;
}

void gt_paint_apply(const struct gt_paint *paint, struct gt_out *out)
{
	size_t from = paint->start;
	struct gt_out plain;

	if (out->failed)
		return;
	gt_out_open(&plain, -1);
	gt_out_bytes(&plain, out->buf + from, out->len - from);
	out->failed |= plain.failed;
	out->len = from;
	for (int i = 0; i < paint->marks && !out->failed; i++) {
		gt_out_bytes(out, plain.buf + from - paint->start, paint->mark[i].at - from);
		gt_out_str(out, escapes[paint->mark[i].colour]);
		from = paint->mark[i].at;
	}
	if (!out->failed)
		gt_out_bytes(out, plain.buf + from - paint->start, plain.len - (from - paint->start));
	if (paint->marks > 0 && paint->mark[paint->marks - 1].colour != GT_COLOUR_NONE)
		gt_out_str(out, escapes[GT_COLOUR_NONE]);
	gt_out_close(&plain);
}
