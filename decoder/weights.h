/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Texts with a sum each. Single thread. Exits with a complaint when memory is short.
 */
#ifndef GT_WEIGHTS_H
#define GT_WEIGHTS_H

#include "out.h"

struct gt_weights;

struct gt_weights *gt_weights_new(void);

/* Accepts NULL. */
void gt_weights_free(struct gt_weights *weights);

/* The sum of a text, 0 when it is new. It stays where it is until gt_weights_free(). */
uint64_t *gt_weights_of(struct gt_weights *weights, const char *text, size_t len);

/* "text sum", a line each, in the order of their bytes; those without a sum are left out. */
void gt_weights_print(struct gt_weights *weights, struct gt_out *out);

#endif
