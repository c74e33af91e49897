/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An event as people read it: a line in columns, threads by name.
 */
#ifndef GT_TEXT_PEOPLE_H
#define GT_TEXT_PEOPLE_H

#include "line.h"
#include "paint.h"

/* The line, without the newline. `paint`: notes its colours there, NULL: nowhere. */
void gt_text_people(struct gt_out *out, const struct gt_line *line, struct gt_paint *paint);

/* Where it happened, a line a frame, when the line wants it. */
void gt_text_people_stack(struct gt_out *out, const struct gt_line *line);

#endif
