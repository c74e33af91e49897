/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What tests expect of texts that were gathered in memory.
 */
#ifndef GT_TEXT_H
#define GT_TEXT_H

#include "decoder/out.h"

/* The gathered text is `expected`. Closes `out`, which must have been opened without a descriptor. */
void gt_expect_text(struct gt_out *out, const char *expected);

/* `text` has `part` in it. */
void gt_expect_part(const char *text, const char *part);

/* The string has these bytes. NULL is no string. */
void gt_expect_string(const struct gt_string *string, const char *expected);

#endif
