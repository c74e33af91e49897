/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Colour for a line that was printed plain: where each colour begins is noted while the line is put together, and
 * the escapes are put in afterwards. So columns, and what is searched for in a line, know nothing of colour.
 */
#ifndef GT_PAINT_H
#define GT_PAINT_H

#include "out.h"

enum gt_colour {
	GT_COLOUR_NONE,
	GT_COLOUR_TIME,
	GT_COLOUR_PROCESS,
	GT_COLOUR_THREAD,
	GT_COLOUR_REASON,
	GT_COLOUR_STAY
};

enum { GT_PAINT_MARKS = 16 };

struct gt_paint {
	size_t start; /* of the line in the buffer */
	struct {
		size_t at;
		enum gt_colour colour;
	} mark[GT_PAINT_MARKS];
	int marks;
};

/* The line begins here. */
void gt_paint_start(struct gt_paint *paint, const struct gt_out *out);

/* From here on in this colour. `paint` may be NULL; changes that are too many are left out. */
void gt_paint_mark(struct gt_paint *paint, const struct gt_out *out, enum gt_colour colour);

/* Puts the escapes into the line, which ends where `out` does. */
void gt_paint_apply(const struct gt_paint *paint, struct gt_out *out);

#endif
