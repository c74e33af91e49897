/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Strings and stacks of one generation, by id. Id 0 is the empty string, and the stack without frames.
 *
 * An id is said once. What a lookup returns lives until the table is cleared or freed. Single thread.
 */
#ifndef GT_TABLE_H
#define GT_TABLE_H

#include "arena.h"
#include "error.h"
#include "ids.h"

#include <stddef.h>
#include <stdint.h>

/* Any bytes; not terminated. */
struct gt_string {
	const char *bytes;
	size_t len;
};

struct gt_stack_frame {
	uint64_t pc;
	uint64_t line;
	const struct gt_string *func;
	const struct gt_string *file;
};

struct gt_stack {
	uint64_t id;
	size_t nframes;
	const struct gt_stack_frame *const *frames; /* leaf first */
};

struct gt_pc;

struct gt_table {
	struct gt_arena arena; /* of all that the ids stand for */
	struct gt_ids strings, stacks;
	struct gt_pc *pcs; /* frames */
};

/* NULL when memory is short. */
struct gt_table *gt_table_new(void);

/* Accepts NULL. */
void gt_table_free(struct gt_table *table);

/* Forgets everything, and keeps the memory for what comes next. */
void gt_table_clear(struct gt_table *table);

/* Takes in the records behind the first byte of a batch of strings or stacks. 0, or -1 with *err. */
int gt_table_add_strings(struct gt_table *table, const uint8_t *p, const uint8_t *end, struct gt_error *err);
int gt_table_add_stacks(struct gt_table *table, const uint8_t *p, const uint8_t *end, struct gt_error *err);

/* Ties frames to their strings, once, when all batches are in. 0, or -1 with *err. */
int gt_table_resolve(struct gt_table *table, struct gt_error *err);

extern const struct gt_string gt_string_empty;

extern const struct gt_stack gt_stack_empty;

/* Copies a string up to its first NUL, or what fits of it, and terminates it. size > 0. */
void gt_string_copy(char *to, size_t size, const struct gt_string *string);

/* NULL when there is no such id. Stacks only after gt_table_resolve(). */
static inline const struct gt_string *gt_table_string(const struct gt_table *table, uint64_t id)
{
	return gt_ids_find(&table->strings, id);
}

static inline const struct gt_stack *gt_table_stack(const struct gt_table *table, uint64_t id)
{
	return gt_ids_find(&table->stacks, id);
}

#endif
