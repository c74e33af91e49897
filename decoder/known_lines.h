/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lines that were printed before, all but their times. What threads do again and again looks the same in Go's text as
 * long as it has the same stream, slot, thread and arguments, in one generation: its number in a sequence is not shown.
 */
#ifndef GT_KNOWN_LINES_H
#define GT_KNOWN_LINES_H

#include "order.h"
#include "out.h"

enum { GT_KNOWN_LINES = 1024, GT_KNOWN_ARGS = 3, GT_KNOWN_FRONT = 64 };

struct gt_known_line {
	int64_t m, p, g;
	uint64_t args[GT_KNOWN_ARGS]; /* 0 for what is not shown */
	uint32_t at, len; /* in the text; len 0: not there */
	uint8_t type;
	uint8_t front; /* so much of it stands before the time: at most GT_KNOWN_FRONT bytes */
};

/* {0} is empty. At most some 600 KB: then all are forgotten. */
struct gt_known_lines {
	struct gt_known_line *line;
	struct gt_out text;
};

/*
 * The line of an event that was asked for before: found with len != 0, or to be filled in by gt_known_lines_keep(). NULL: it
 * comes for the first time, or belongs to those that don't come again, or memory is short.
 */
struct gt_known_line *gt_known_lines_find(struct gt_known_lines *lines, const struct gt_placed_event *placed);

/* Keeps what stands in `out` from `from` on, without its time; nothing when `line` is NULL or the front is too long. */
void gt_known_lines_keep(struct gt_known_lines *lines, struct gt_known_line *line, const struct gt_out *out,
			 size_t from, size_t time_at, size_t time_end);

/* Puts a line that is there up to its time, and what stands behind it. `p` has room for len + GT_KNOWN_FRONT bytes. */
static inline char *gt_known_lines_front(const struct gt_known_lines *lines, const struct gt_known_line *line, char *p)
{
	memcpy(p, lines->text.buf + line->at, GT_KNOWN_FRONT);
	return p + line->front;
}

static inline char *gt_known_lines_rest(const struct gt_known_lines *lines, const struct gt_known_line *line, char *p)
{
	size_t len = line->len - line->front;

	memcpy(p, lines->text.buf + line->at + line->front, len);
	return p + len;
}

/* The generation is over. */
void gt_known_lines_forget(struct gt_known_lines *lines);

void gt_known_lines_free(struct gt_known_lines *lines);

#endif
