/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Texts that are kept once each: the same text is the same pointer. Single thread. Exits with a complaint when memory
 * is short.
 */
#ifndef GT_INTERN_H
#define GT_INTERN_H

#include "table.h"

/* {0} is empty. */
struct gt_intern {
	struct gt_interned *all; /* private to intern.c */
	struct gt_arena arena;
};

/* The text with these bytes, at most GT_MAX_STRING of them. It lives until gt_intern_free(). */
const struct gt_string *gt_intern(struct gt_intern *intern, const char *bytes, size_t len);

void gt_intern_free(struct gt_intern *intern);

#endif
