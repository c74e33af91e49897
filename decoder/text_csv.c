/* SPDX-License-Identifier: BSD-3-Clause */
#include "csv.h"
#include "record.h"
#include "text_json.h"

/* The frames of a stack as one field. */
static void stack(struct gt_out *out, const struct gt_stack *stack)
{
	struct gt_out text;

	gt_out_open(&text, -1);
	for (size_t i = 0; i < stack->nframes; i++) {
		const struct gt_stack_frame *f = stack->frames[i];

		if (i > 0)
			gt_out_char(&text, '\n');
		gt_out_bytes(&text, f->func->bytes, f->func->len);
		gt_out_char(&text, ' ');
		gt_out_bytes(&text, f->file->bytes, f->file->len);
		gt_out_char(&text, ':');
		gt_out_u64(&text, f->line);
	}
	gt_csv_text(out, text.buf, text.len);
	out->failed |= text.failed;
	gt_out_close(&text);
}

static void cell(struct gt_out *out, const struct gt_cell *c)
{
	switch (c->kind) {
	case GT_CELL_NONE:
		break;
	case GT_CELL_NUMBER:
		gt_out_u64(out, c->u);
		break;
	case GT_CELL_SIGNED:
		gt_out_i64(out, c->s);
		break;
	case GT_CELL_TEXT:
		gt_csv_text(out, c->t.bytes, c->t.len);
		break;
	case GT_CELL_STACK:
		stack(out, c->stack);
		break;
	}
}

void gt_text_csv(struct gt_out *out, const struct gt_line *line)
{
	struct gt_record record;

	gt_record_fill(&record, line);
	for (int i = 0; i < GT_COLUMNS; i++) {
		if (i > 0)
			gt_out_char(out, ',');
		cell(out, &record.cell[i]);
	}
}

void gt_text_csv_head(struct gt_out *out)
{
	for (int i = 0; i < GT_COLUMNS; i++) {
		if (i > 0)
			gt_out_char(out, ',');
		gt_out_str(out, gt_column_name[i]);
	}
}
