/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Events for programs: a JSON object, or the fields of a CSV line, without the newline. docs/json.md says what is in
 * them.
 */
#ifndef GT_TEXT_JSON_H
#define GT_TEXT_JSON_H

#include "line.h"
#include "out.h"

void gt_text_json(struct gt_out *out, const struct gt_line *line);
void gt_text_csv(struct gt_out *out, const struct gt_line *line);

/* The names of the columns of gt_text_csv(). */
void gt_text_csv_head(struct gt_out *out);

#endif
