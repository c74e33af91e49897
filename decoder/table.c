/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * String and stack tables. Frames are kept by pc: the first one that is said for a pc counts, as in Go's reader.
 */
#include "table.h"

#include "../shim/format/spec.h"
#include "map.h"
#include "number.h"

#include <inttypes.h>
#include <stdlib.h>

struct gt_pc {
	uint64_t id; /* pc */
	uint64_t func, file;
	struct gt_stack_frame f;
	UT_hash_handle hh;
};

const struct gt_string gt_string_empty = {"", 0};
const struct gt_stack gt_stack_empty;

void gt_string_copy(char *to, size_t size, const struct gt_string *string)
{
	size_t len = strnlen(string->bytes, string->len < size ? string->len : size - 1);

	memcpy(to, string->bytes, len);
	to[len] = '\0';
}

/* Id 0 is like any other, so that lookups need not care. */
static bool add_empty(struct gt_table *table)
{
	return gt_ids_add(&table->strings, 0, (void *)&gt_string_empty) &&
	       gt_ids_add(&table->stacks, 0, (void *)&gt_stack_empty);
}

struct gt_table *gt_table_new(void)
{
	struct gt_table *table = calloc(1, sizeof(*table));

	if (table == NULL || add_empty(table))
		return table;
	gt_table_free(table);
	return NULL;
}

void gt_table_free(struct gt_table *table)
{
	if (table == NULL)
		return;
	HASH_CLEAR(hh, table->pcs);
	gt_ids_free(&table->strings);
	gt_ids_free(&table->stacks);
	gt_arena_free(&table->arena);
	free(table);
}

void gt_table_clear(struct gt_table *table)
{
	HASH_CLEAR(hh, table->pcs);
	gt_ids_clear(&table->strings);
	gt_ids_clear(&table->stacks);
	gt_arena_clear(&table->arena);
	/* Their arrays are there already. */
	add_empty(table);
}

static int no_memory(struct gt_error *err)
{
	return gt_error_set(err, GT_ERR_IO, "not enough memory");
}

static int cut(struct gt_error *err, const char *what)
{
	return gt_error_set(err, GT_ERR_FORMAT, "a %s is cut off or malformed", what);
}

/* Reads `n` numbers. False when the bytes do not hold them. */
static int numbers(const uint8_t **p, const uint8_t *end, uint64_t *v, int n)
{
	bool far = end - *p >= (ptrdiff_t)n * GT_MAX_VARINT;

	while (n-- > 0) {
		*p = far ? gt_number_get(*p, v) : gt_varint_get(*p, end, v);
		v++;
		if (*p == NULL)
			return 0;
	}
	return 1;
}

static int add_string(struct gt_table *table, uint64_t id, const uint8_t *bytes, size_t len, struct gt_error *err)
{
	struct gt_string *string;
	char *copy;

	if (gt_ids_find(&table->strings, id) != NULL)
		return gt_error_set(err, GT_ERR_FORMAT, "string %" PRIu64 " is said twice", id);
	string = gt_arena_take(&table->arena, sizeof(*string) + len + 1);
	if (string == NULL || !gt_ids_add(&table->strings, id, string))
		return no_memory(err);
	copy = (char *)(string + 1);
	memcpy(copy, bytes, len);
	copy[len] = 0;
	string->bytes = copy;
	string->len = len;
	return 0;
}

int gt_table_add_strings(struct gt_table *table, const uint8_t *p, const uint8_t *end, struct gt_error *err)
{
	while (p < end) {
		uint64_t v[2];

		if (*p++ != GT_FR_String)
			return gt_error_set(err, GT_ERR_FORMAT, "a record of type %d among strings", p[-1]);
		if (!numbers(&p, end, v, 2))
			return cut(err, "string");
		if (v[1] > GT_MAX_STRING)
			return gt_error_set(err, GT_ERR_FORMAT, "a string of %" PRIu64 " bytes, %d are allowed", v[1],
					    GT_MAX_STRING);
		if (v[1] > (uint64_t)(end - p))
			return cut(err, "string");
		if (add_string(table, v[0], p, v[1], err) < 0)
			return -1;
		p += v[1];
	}
	return 0;
}

/* The frame of a pc: what was said first, else `v` (pc, func, file, line). NULL when memory is short. */
static struct gt_pc *frame_of(struct gt_table *table, const uint64_t v[4])
{
	struct gt_pc *frame;

	GT_MAP_FIND(table->pcs, v[0], frame);
	if (frame != NULL)
		return frame;
	frame = gt_arena_take(&table->arena, sizeof(*frame));
	if (frame == NULL)
		return NULL;
	memset(frame, 0, sizeof(*frame));
	frame->id = frame->f.pc = v[0];
	frame->func = v[1];
	frame->file = v[2];
	frame->f.line = v[3];
	GT_MAP_ADD(table->pcs, frame);
	return frame->hh.tbl == NULL ? NULL : frame;
}

static const uint8_t *add_frames(struct gt_table *table, struct gt_stack *stack, const uint8_t *p, const uint8_t *end,
				 struct gt_error *err)
{
	const struct gt_stack_frame **frames = (const struct gt_stack_frame **)(stack + 1);

	stack->frames = frames;
	for (size_t i = 0; i < stack->nframes; i++) {
		uint64_t v[4];
		struct gt_pc *frame;

		if (!numbers(&p, end, v, 4)) {
			cut(err, "stack");
			return NULL;
		}
		frame = frame_of(table, v);
		if (frame == NULL) {
			no_memory(err);
			return NULL;
		}
		frames[i] = &frame->f;
	}
	return p;
}

/* head: id, number of frames. */
static const uint8_t *add_stack(struct gt_table *table, const uint64_t head[2], const uint8_t *p, const uint8_t *end,
				struct gt_error *err)
{
	struct gt_stack *stack = gt_arena_take(&table->arena, sizeof(*stack) + head[1] * sizeof(*stack->frames));

	if (stack == NULL) {
		no_memory(err);
		return NULL;
	}
	stack->id = head[0];
	stack->nframes = head[1];
	p = add_frames(table, stack, p, end, err);
	if (p == NULL || gt_ids_add(&table->stacks, head[0], stack))
		return p;
	no_memory(err);
	return NULL;
}

int gt_table_add_stacks(struct gt_table *table, const uint8_t *p, const uint8_t *end, struct gt_error *err)
{
	while (p < end) {
		uint64_t head[2];

		if (*p++ != GT_FR_Stack)
			return gt_error_set(err, GT_ERR_FORMAT, "a record of type %d among stacks", p[-1]);
		if (!numbers(&p, end, head, 2))
			return cut(err, "stack");
		if (head[1] > GT_MAX_FRAMES)
			return gt_error_set(err, GT_ERR_FORMAT, "a stack of %" PRIu64 " frames, %d are allowed",
					    head[1], GT_MAX_FRAMES);
		if (gt_ids_find(&table->stacks, head[0]) != NULL)
			return gt_error_set(err, GT_ERR_FORMAT, "stack %" PRIu64 " is said twice", head[0]);
		p = add_stack(table, head, p, end, err);
		if (p == NULL)
			return -1;
	}
	return 0;
}

int gt_table_resolve(struct gt_table *table, struct gt_error *err)
{
	for (struct gt_pc *frame = table->pcs; frame != NULL; frame = frame->hh.next) {
		frame->f.func = gt_table_string(table, frame->func);
		frame->f.file = gt_table_string(table, frame->file);
		if (frame->f.func == NULL || frame->f.file == NULL)
			return gt_error_set(err, GT_ERR_FORMAT, "a frame names string %" PRIu64 ", which is not there",
					    frame->f.func == NULL ? frame->func : frame->file);
	}
	return 0;
}
