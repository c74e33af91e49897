/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stacks as Go's tool prints them, put together once per generation: they are most of what it prints.
 */
#ifndef GT_STACK_TEXT_H
#define GT_STACK_TEXT_H

#include "out.h"

struct gt_stack_slice {
	uint32_t at, len; /* in the text; len 0: not there */
};

/* {0} is empty. At most some 5 MB: what does not fit is put together each time. */
struct gt_stack_texts {
	uint64_t gen;
	struct gt_stack_slice *slice; /* by id */
	size_t slices;
	struct gt_out text;
};

/* The frames of a stack of generation `gen`, two lines each. Generations come one after the other. */
void gt_stack_text(struct gt_stack_texts *texts, uint64_t gen, const struct gt_stack *stack, struct gt_out *out);

void gt_stack_texts_free(struct gt_stack_texts *texts);

#endif
