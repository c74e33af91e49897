/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Each batch of stacks is replaced by as many as its stacks need now. Strings stay, new ones come behind the last of the
 * stacks: events and other frames may use them.
 */
#include "symbolize.h"

#include "../shim/format/spec.h"
#include "../shim/format/varint.h"
#include "fact.h"
#include "full_names.h"
#include "stack_batches.h"

/* How far the walk over a trace has come. */
struct walk {
	struct gt_slice slice; /* the generation */
	struct gt_full_names *names;
	struct gt_table *table; /* of the generation */
	struct gt_ids starts; /* ids of stacks that start routines have */
	struct gt_stack_batches *batches;
};

static void take_facts(struct walk *w)
{
	for (const struct gt_batch *b = w->slice.first; b != NULL; b = b->next) {
		const uint8_t *end, *p = gt_slice_facts(&w->slice, b, &end);
		struct gt_fact_record fact;

		while (p != NULL && gt_fact_next(&p, end, &fact))
			gt_full_names_fact(w->names, w->slice.is.gen, &fact);
	}
}

static int add_table(struct walk *w, const struct gt_batch *b, struct gt_error *err)
{
	const uint8_t *p = gt_slice_payload(&w->slice, b);

	if (p == NULL)
		return gt_error_set(err, GT_ERR_IO, "the file has changed");
	return gt_batch_kind(b) == GT_BATCH_STRINGS ? gt_table_add_strings(w->table, p + 1, p + b->len, err)
						    : gt_table_add_stacks(w->table, p + 1, p + b->len, err);
}

/* The strings and stacks as they are. 0, or -1 with *err. */
static int take_tables(struct walk *w, struct gt_error *err)
{
	gt_table_clear(w->table);
	for (const struct gt_batch *b = w->slice.first; b != NULL; b = b->next) {
		enum gt_batch_kind kind = gt_batch_kind(b);

		err->offset = b->offset;
		err->gen = b->gen;
		if ((kind == GT_BATCH_STRINGS || kind == GT_BATCH_STACKS) && add_table(w, b, err) < 0)
			return -1;
	}
	return gt_table_resolve(w->table, err);
}

/* Notes the stacks of start routines. What is malformed ends the walk: whoever reads the result says so. */
static int take_starts(struct walk *w, const struct gt_batch *b, struct gt_error *err)
{
	const uint8_t *p = gt_slice_payload(&w->slice, b);
	const uint8_t *end = p != NULL ? p + b->len : NULL;

	while (p != NULL && p < end && gt_event_is_timed(*p)) {
		uint8_t type = *p;
		uint64_t v[GT_MAX_ARGS + 1] = {0};

		p = gt_varint_get_all(p + 1, end, v, gt_event_spec[type].nargs + 1);
		if (p == NULL || (type != GT_EV_GoCreate && type != GT_EV_GoCreateBlocked))
			continue;
		if (gt_ids_find(&w->starts, v[2]) == NULL && !gt_ids_add(&w->starts, v[2], w))
			return gt_error_set(err, GT_ERR_IO, "not enough memory");
	}
	return 0;
}

/* The records of a table, behind its first byte. NULL when they cannot be read any more. */
static const uint8_t *records(struct walk *w, const struct gt_batch *b, const uint8_t **end)
{
	const uint8_t *p = gt_slice_payload(&w->slice, b);

	if (p == NULL)
		return NULL;
	*end = p + b->len;
	return p + 1;
}

static void know_strings(struct walk *w, const struct gt_batch *b)
{
	const uint8_t *end, *p = records(w, b, &end);
	uint64_t v[2]; /* id, length */

	while (p != NULL && p < end) {
		const struct gt_string *string;

		p = gt_varint_get_all(p + 1, end, v, 2);
		if (p == NULL || v[1] > (uint64_t)(end - p))
			return;
		p += v[1];
		string = gt_table_string(w->table, v[0]);
		if (string != NULL)
			gt_stack_batches_know(w->batches, v[0], string);
	}
}

static void add_stack(struct walk *w, uint64_t id)
{
	const struct gt_stack *stack = gt_table_stack(w->table, id);
	enum gt_pc_kind kind = gt_ids_find(&w->starts, id) != NULL ? GT_PC_START : GT_PC_RETURN;

	if (stack != NULL)
		gt_stack_batches_add(w->batches, gt_full_names_stack(w->names, w->slice.is.gen, stack, kind));
}

static void add_stacks(struct walk *w, const struct gt_batch *b)
{
	const uint8_t *end, *p = records(w, b, &end);
	uint64_t v[2]; /* id, number of frames */

	while (p != NULL && p < end) {
		p = gt_varint_get_all(p + 1, end, v, 2);
		for (uint64_t i = 0; p != NULL && i < v[1]; i++)
			p = gt_varint_skip(p, end, 4);
		if (p != NULL)
			add_stack(w, v[0]);
	}
}

/* Puts batches, maybe none, where *link leads. What they lead to then. */
static struct gt_batch **put_in(struct gt_batch **link, struct gt_batch *batches)
{
	struct gt_batch *rest = *link;

	*link = batches;
	while (*link != NULL)
		link = &(*link)->next;
	*link = rest;
	return link;
}

/* Replaces the stacks of the generation. */
static void replace(struct walk *w)
{
	struct gt_batch **link = &w->slice.first, **behind = NULL;
	const struct gt_batch *last = NULL;

	for (const struct gt_batch *b = w->slice.first; b != NULL; b = b->next) {
		if (gt_batch_kind(b) == GT_BATCH_STRINGS)
			know_strings(w, b);
	}
	while (*link != NULL) {
		struct gt_batch *b = *link;

		if (gt_batch_kind(b) != GT_BATCH_STACKS) {
			link = &b->next;
			continue;
		}
		add_stacks(w, b);
		*link = b->next;
		link = put_in(link, gt_stack_batches_stacks(w->batches, b));
		behind = link;
		last = b;
	}
	if (last != NULL)
		put_in(behind, gt_stack_batches_strings(w->batches, last));
}

static int take_generation(struct walk *w, struct gt_error *err)
{
	take_facts(w);
	if (take_tables(w, err) < 0)
		return -1;
	gt_ids_clear(&w->starts);
	for (const struct gt_batch *b = w->slice.first; b != NULL; b = b->next) {
		if (b->experiment == 0 && gt_event_is_timed(b->first) && take_starts(w, b, err) < 0)
			return -1;
	}
	gt_stack_batches_free(w->batches);
	w->batches = gt_stack_batches_new();
	replace(w);
	return 0;
}

int gt_symbolize(struct gt_input *in, struct gt_symbols *symbols, struct gt_splice *splice, struct gt_error *err)
{
	struct walk w = {.names = gt_full_names_new(symbols), .table = gt_table_new()};
	int more = w.table != NULL ? 1 : gt_error_set(err, GT_ERR_IO, "not enough memory");

	while (more > 0 && !splice->out.failed) {
		more = gt_slice_read(&w.slice, in, err);
		if (more > 0 && take_generation(&w, err) < 0)
			more = -1;
		if (more > 0)
			gt_splice_add(splice, &w.slice, NULL);
	}
	gt_slice_free(&w.slice);
	gt_full_names_free(w.names);
	gt_table_free(w.table);
	gt_ids_free(&w.starts);
	gt_stack_batches_free(w.batches);
	return more < 0 ? -1 : 0;
}
