/* SPDX-License-Identifier: BSD-3-Clause */
#include "text_json.h"

#include "json.h"
#include "record.h"

static void stack(struct gt_json *json, const char *name, const struct gt_stack *stack)
{
	gt_json_open(json, name, '[');
	for (size_t i = 0; i < stack->nframes; i++) {
		const struct gt_stack_frame *f = stack->frames[i];

		gt_json_open(json, NULL, '{');
		gt_json_text(json, "function", f->func->bytes, f->func->len);
		gt_json_text(json, "file", f->file->bytes, f->file->len);
		gt_json_u64(json, "line", f->line);
		gt_json_u64(json, "pc", f->pc);
		gt_json_close(json, '}');
	}
	gt_json_close(json, ']');
}

static void cell(struct gt_json *json, const char *name, const struct gt_cell *c)
{
	switch (c->kind) {
	case GT_CELL_NONE:
		break;
	case GT_CELL_NUMBER:
		gt_json_u64(json, name, c->u);
		break;
	case GT_CELL_SIGNED:
		gt_json_i64(json, name, c->s);
		break;
	case GT_CELL_TEXT:
		gt_json_text(json, name, c->t.bytes, c->t.len);
		break;
	case GT_CELL_STACK:
		stack(json, name, c->stack);
		break;
	}
}

void gt_text_json(struct gt_out *out, const struct gt_line *line)
{
	struct gt_record record;
	struct gt_json json;

	gt_record_fill(&record, line);
	gt_json_start(&json, out);
	gt_json_open(&json, NULL, '{');
	for (int i = 0; i < GT_COLUMNS; i++)
		cell(&json, gt_column_name[i], &record.cell[i]);
	gt_json_close(&json, '}');
}
