/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Traces made by hand, taken apart as far as a test needs them.
 */
#ifndef GT_DECODE_H
#define GT_DECODE_H

#include "builder.h"

#include "decoder/generation.h"
#include "decoder/trace_event.h"

/* Opens the bytes of the builder as they are, header or not. Close with gt_input_close(), then gt_build_free(). */
void gt_decode_open(struct gt_builder *b, struct gt_input *in);

/*
 * The first generation of the trace; frees the builder. NULL with *err when it is unusable. What follows the
 * generation is forgotten.
 */
struct gt_generation *gt_decode_generation(struct gt_builder *b, struct gt_error *err);

/*
 * Ends the open batch and reads the trace up to its event `n`, counted from 0, which is then handed to `look`. Frees
 * the builder.
 */
typedef void gt_look_fn(const struct gt_trace_event *ev);
void gt_decode_event(struct gt_builder *b, int n, gt_look_fn *look);

/* An event without texts and stacks, at time 5, of M 1 with P 2 and G 3. */
struct gt_trace_event gt_decode_example(enum gt_kind kind, uint8_t type);

#endif
