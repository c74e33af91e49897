/* SPDX-License-Identifier: BSD-3-Clause */
/* A file of few bytes can say stacks of many, therefore the limits. */
#include "stack_text.h"

#include <stdlib.h>

enum { SLICES = 64 << 10, TEXT_MOST = 4 << 20 };

static void put(struct gt_out *out, const struct gt_stack *stack)
{
	for (size_t i = 0; i < stack->nframes; i++) {
		const struct gt_stack_frame *f = stack->frames[i];

		gt_out_char(out, '\t');
		gt_out_bytes(out, f->func->bytes, f->func->len);
		gt_out_str(out, " @ 0x");
		gt_out_hex(out, f->pc);
		gt_out_str(out, "\n\t\t");
		gt_out_bytes(out, f->file->bytes, f->file->len);
		gt_out_char(out, ':');
		gt_out_u64(out, f->line);
		gt_out_char(out, '\n');
	}
}

static void start(struct gt_stack_texts *texts, uint64_t gen)
{
	if (texts->slice == NULL) {
		gt_out_open(&texts->text, -1);
		texts->slice = malloc(SLICES * sizeof(*texts->slice));
	}
	texts->gen = gen;
	texts->slices = 0;
	texts->text.len = 0;
}

/* Where the text of a stack is kept, or will be; NULL: nowhere. Slices are blank from `slices` on. */
static struct gt_stack_slice *slice_of(struct gt_stack_texts *texts, const struct gt_stack *stack)
{
	if (texts->slice == NULL || stack->id >= SLICES)
		return NULL;
	for (; texts->slices <= stack->id; texts->slices++)
		texts->slice[texts->slices].len = 0;
	return &texts->slice[stack->id];
}

void gt_stack_text(struct gt_stack_texts *texts, uint64_t gen, const struct gt_stack *stack, struct gt_out *out)
{
	struct gt_stack_slice *slice;

	if (texts->gen != gen)
		start(texts, gen);
	slice = slice_of(texts, stack);
	if (slice != NULL && slice->len == 0 && texts->text.len < TEXT_MOST) {
		slice->at = (uint32_t)texts->text.len;
		put(&texts->text, stack);
		slice->len = (uint32_t)(texts->text.len - slice->at);
	}
	if (slice != NULL && slice->len != 0 && !texts->text.failed)
		gt_out_bytes(out, texts->text.buf + slice->at, slice->len);
	else
		put(out, stack);
}

void gt_stack_texts_free(struct gt_stack_texts *texts)
{
	if (texts->slice != NULL)
		gt_out_close(&texts->text);
	free(texts->slice);
	memset(texts, 0, sizeof(*texts));
}
