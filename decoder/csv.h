/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fields of comma-separated lines, quoted as RFC 4180 says; lines end in a newline alone. Texts become UTF-8 as in
 * JSON; control characters other than tab and line ends, which the RFC does not allow, become U+FFFD.
 */
#ifndef GT_CSV_H
#define GT_CSV_H

#include "out.h"

/* The field's bytes, in quotes where needed. Commas and the end of the line are the caller's. */
void gt_csv_text(struct gt_out *out, const char *bytes, size_t len);

#endif
