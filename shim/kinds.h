/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Why the world is stopped, as strings of the trace. A reader looks the string up once more in the generation in which
 * the world goes on, under the id of the beginning: so each has one id for ever and stands in every generation.
 */
#ifndef GT_KINDS_H
#define GT_KINDS_H

#include "format/event.h"

#include <stdint.h>

enum { GT_KINDS_MAX = 32, GT_KIND_LEN = 64 };

/*
 * The string of a kind, of which 63 bytes count; that of an unspecified one, and counted, when the table is full. Any
 * thread, in a section. Lock-free.
 */
gt_kind_string_t gt_kind_of(const char *kind);

/* The kind at this place (below GT_KINDS_MAX) and its string, or NULL. */
const char *gt_kind_at(uint32_t place, gt_kind_string_t *string);

#endif
