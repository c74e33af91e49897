/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Names that threads give themselves, as strings of the trace: bounded, lock-free tables, one per generation parity, as with
 * stacks.
 */
#ifndef GT_LABEL_H
#define GT_LABEL_H

#include "format/event.h"

enum { GT_LABELS_MAX = 1024, GT_LABEL_LEN = 16 };

/*
 * The string of a name, of which 15 bytes count; 0, counted, when the table is full; 0 for the empty name. In a section of
 * generation `gen`.
 */
gt_label_string_t gt_label_of(const char *name, uint32_t gen);

/*
 * The label at this place (below GT_LABELS_MAX) and its string, if generation `gen` uses it; else NULL. Switcher only, when
 * nobody writes in the generation any more. Then they are forgotten.
 */
const char *gt_label_at(uint32_t place, uint32_t gen, gt_label_string_t *string);
void gt_labels_forget(uint32_t gen);

#endif
