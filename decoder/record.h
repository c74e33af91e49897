/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An event as the columns of columns.def: what JSON and CSV have in common.
 */
#ifndef GT_RECORD_H
#define GT_RECORD_H

#include "line.h"
#include "names.h"
#include "when.h"

enum gt_column {
#define COLUMN(name, help) GT_COLUMN_##name,
#include "columns.def"
	GT_COLUMNS
};

enum gt_cell_kind { GT_CELL_NONE, GT_CELL_NUMBER, GT_CELL_SIGNED, GT_CELL_TEXT, GT_CELL_STACK };

struct gt_cell {
	enum gt_cell_kind kind;
	union {
		uint64_t u;
		int64_t s;
		struct gt_string t;
		const struct gt_stack *stack;
	};
};

/* Texts point into the line, or into the record itself: it must not be copied. */
struct gt_record {
	struct gt_cell cell[GT_COLUMNS];
	char wall[GT_WHEN_TEXT];
	char object[GT_NAME_LEN], syscall[GT_NAME_LEN], error[GT_NAME_LEN];
	char reason[GT_LIFE_REASON];
};

extern const char *const gt_column_name[GT_COLUMNS];
extern const char *const gt_column_help[GT_COLUMNS];

void gt_record_fill(struct gt_record *record, const struct gt_line *line);

#endif
