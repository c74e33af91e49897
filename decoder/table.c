/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * String and stack tables. Frames are kept by pc: the first one that is said for a pc counts, as in Go's reader.
 * Nodes live in chunks that are freed as a whole.
 */
#include "table.h"

#include "../shim/format/spec.h"
#include "../shim/format/varint.h"
#include "map.h"

#include <inttypes.h>
#include <stdlib.h>

enum { CHUNK = 64 << 10 };

struct chunk {
	struct chunk *next;
	size_t used, size;
	max_align_t space[];
};

struct string_node {
	uint64_t id;
	struct gt_string s;
	UT_hash_handle hh;
};

struct frame_node {
	uint64_t id; /* pc */
	uint64_t func, file;
	struct gt_stack_frame f;
	UT_hash_handle hh;
};

struct stack_node {
	uint64_t id;
	struct gt_stack s;
	UT_hash_handle hh;
};

struct gt_table {
	struct chunk *chunks;
	struct string_node *strings;
	struct frame_node *frames;
	struct stack_node *stacks;
};

const struct gt_string gt_string_empty = {"", 0};
static const struct gt_stack no_frames;

struct gt_table *gt_table_new(void)
{
	return calloc(1, sizeof(struct gt_table));
}

void gt_table_free(struct gt_table *table)
{
	if (table == NULL)
		return;
	HASH_CLEAR(hh, table->strings);
	HASH_CLEAR(hh, table->frames);
	HASH_CLEAR(hh, table->stacks);
	while (table->chunks != NULL) {
		struct chunk *next = table->chunks->next;

		free(table->chunks);
		table->chunks = next;
	}
	free(table);
}

static void *take(struct gt_table *table, size_t size)
{
	struct chunk *c = table->chunks;
	void *p;

	size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
	if (c == NULL || c->size - c->used < size) {
		size_t room = size > CHUNK ? size : CHUNK;

		c = malloc(sizeof(*c) + room);
		if (c == NULL)
			return NULL;
		c->next = table->chunks;
		c->used = 0;
		c->size = room;
		table->chunks = c;
	}
	p = (char *)c->space + c->used;
	c->used += size;
	return p;
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
	while (n-- > 0) {
		*p = gt_varint_get(*p, end, v++);
		if (*p == NULL)
			return 0;
	}
	return 1;
}

static int add_string(struct gt_table *table, uint64_t id, const uint8_t *bytes, size_t len, struct gt_error *err)
{
	struct string_node *node;
	char *copy;

	GT_MAP_FIND(table->strings, id, node);
	if (node != NULL || id == 0)
		return gt_error_set(err, GT_ERR_FORMAT, "string %" PRIu64 " is said twice", id);
	node = take(table, sizeof(*node));
	copy = take(table, len + 1);
	if (node == NULL || copy == NULL)
		return no_memory(err);
	memcpy(copy, bytes, len);
	copy[len] = 0;
	node->id = id;
	node->s.bytes = copy;
	node->s.len = len;
	node->hh.tbl = NULL;
	GT_MAP_ADD(table->strings, node);
	return node->hh.tbl == NULL ? no_memory(err) : 0;
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
static struct frame_node *frame_of(struct gt_table *table, const uint64_t v[4])
{
	struct frame_node *node;

	GT_MAP_FIND(table->frames, v[0], node);
	if (node != NULL)
		return node;
	node = take(table, sizeof(*node));
	if (node == NULL)
		return NULL;
	memset(node, 0, sizeof(*node));
	node->id = node->f.pc = v[0];
	node->func = v[1];
	node->file = v[2];
	node->f.line = v[3];
	GT_MAP_ADD(table->frames, node);
	return node->hh.tbl == NULL ? NULL : node;
}

static const uint8_t *add_stack(struct gt_table *table, const uint64_t head[2], const uint8_t *p, const uint8_t *end,
				struct gt_error *err)
{
	struct stack_node *node = take(table, sizeof(*node));
	const struct gt_stack_frame **frames = take(table, head[1] * sizeof(*frames) + 1);

	if (node == NULL || frames == NULL) {
		no_memory(err);
		return NULL;
	}
	for (uint64_t i = 0; i < head[1]; i++) {
		uint64_t v[4];
		struct frame_node *frame;

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
	node->id = node->s.id = head[0];
	node->s.nframes = head[1];
	node->s.frames = frames;
	node->hh.tbl = NULL;
	GT_MAP_ADD(table->stacks, node);
	if (node->hh.tbl == NULL)
		no_memory(err);
	return node->hh.tbl == NULL ? NULL : p;
}

int gt_table_add_stacks(struct gt_table *table, const uint8_t *p, const uint8_t *end, struct gt_error *err)
{
	while (p < end) {
		uint64_t head[2];
		struct stack_node *old;

		if (*p++ != GT_FR_Stack)
			return gt_error_set(err, GT_ERR_FORMAT, "a record of type %d among stacks", p[-1]);
		if (!numbers(&p, end, head, 2))
			return cut(err, "stack");
		if (head[1] > GT_MAX_FRAMES)
			return gt_error_set(err, GT_ERR_FORMAT, "a stack of %" PRIu64 " frames, %d are allowed",
					    head[1], GT_MAX_FRAMES);
		GT_MAP_FIND(table->stacks, head[0], old);
		if (old != NULL || head[0] == 0)
			return gt_error_set(err, GT_ERR_FORMAT, "stack %" PRIu64 " is said twice", head[0]);
		p = add_stack(table, head, p, end, err);
		if (p == NULL)
			return -1;
	}
	return 0;
}

int gt_table_resolve(struct gt_table *table, struct gt_error *err)
{
	for (struct frame_node *node = table->frames; node != NULL; node = node->hh.next) {
		node->f.func = gt_table_string(table, node->func);
		node->f.file = gt_table_string(table, node->file);
		if (node->f.func == NULL || node->f.file == NULL)
			return gt_error_set(err, GT_ERR_FORMAT, "a frame names string %" PRIu64 ", which is not there",
					    node->f.func == NULL ? node->func : node->file);
	}
	return 0;
}

const struct gt_string *gt_table_string(const struct gt_table *table, uint64_t id)
{
	struct string_node *node;

	if (id == 0)
		return &gt_string_empty;
	GT_MAP_FIND(table->strings, id, node);
	return node == NULL ? NULL : &node->s;
}

const struct gt_stack *gt_table_stack(const struct gt_table *table, uint64_t id)
{
	struct stack_node *node;

	if (id == 0)
		return &no_frames;
	GT_MAP_FIND(table->stacks, id, node);
	return node == NULL ? NULL : &node->s;
}
