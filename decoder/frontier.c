/* SPDX-License-Identifier: BSD-3-Clause */
/* Cursors over the batches of one thread each, and the choice among them. */
#include "frontier.h"

#include "../shim/format/spec.h"
#include "../shim/format/varint.h"

#include <inttypes.h>
#include <stdlib.h>

/* Wraps around instead of overflowing, as Go's integers do. */
static int64_t plus(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

static void place(const struct gt_cursor *c, struct gt_error *err)
{
	err->m = c->m;
	err->index = c->index;
	err->offset = c->batch != NULL ? c->batch->offset : 0;
	err->gen = c->batch != NULL ? c->batch->gen : 0;
}

/* Type, time difference and arguments of the event at c->at. */
static int parse(struct gt_cursor *c, uint64_t *dt, struct gt_error *err)
{
	const uint8_t *p = c->batch->data + c->at;
	const uint8_t *end = c->batch->data + c->batch->len;
	const struct gt_event_spec *spec = &gt_event_spec[*p];

	if (spec->name == NULL)
		return gt_error_set(err, GT_ERR_FORMAT, "%d is not the number of an event", *p);
	c->ev.type = *p++;
	p = gt_varint_get(p, end, dt);
	for (int i = 0; i < spec->nargs && p != NULL; i++)
		p = gt_varint_get(p, end, &c->ev.args[i]);
	if (p == NULL)
		return gt_error_set(err, GT_ERR_FORMAT, "%s: a number is cut off or malformed", spec->name);
	for (int i = spec->nargs; i < GT_MAX_ARGS; i++)
		c->ev.args[i] = 0;
	c->at = (size_t)(p - c->batch->data);
	return 0;
}

/* The facts whose position is this event's. */
static void tie(struct gt_cursor *c)
{
	const struct gt_batch *b = c->batch;
	size_t first = c->fact;

	while (first < b->nfacts && b->facts[first].position < (uint64_t)c->index)
		first++;
	c->fact = first;
	while (c->fact < b->nfacts && b->facts[c->fact].position == (uint64_t)c->index)
		c->fact++;
	c->ev.facts = b->facts + first;
	c->ev.nfacts = c->fact - first;
}

/* Goes to the next event: 1; 0 at the end; -1 with *err. */
static int step(struct gt_cursor *c, const struct gt_generation *gen, struct gt_error *err)
{
	uint64_t dt = 0;

	while (c->batch != NULL && c->at == c->batch->len) {
		c->batch = c->batch->next;
		c->at = c->fact = 0;
		c->last = 0;
		c->index = -1;
	}
	if (c->batch == NULL)
		return 0;
	if (c->last == 0)
		c->last = gt_generation_ns(gen, c->batch->time);
	c->index++;
	if (parse(c, &dt, err) < 0) {
		place(c, err);
		return -1;
	}
	c->last = c->ev.time = plus(gt_generation_ns(gen, dt), c->last);
	c->ev.nfacts = 0;
	if (c->batch->nfacts != 0)
		tie(c);
	return 1;
}

static void swap(struct gt_frontier *f, size_t a, size_t b)
{
	struct gt_cursor *c = f->heap[a];

	f->heap[a] = f->heap[b];
	f->heap[b] = c;
}

static size_t sift_up(struct gt_frontier *f, size_t i)
{
	while (i > 0 && f->heap[(i - 1) / 2]->ev.time > f->heap[i]->ev.time) {
		swap(f, i, (i - 1) / 2);
		i = (i - 1) / 2;
	}
	return i;
}

static void sift_down(struct gt_frontier *f, size_t i)
{
	for (;;) {
		size_t least = i;

		for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < f->n; child++) {
			if (f->heap[child]->ev.time < f->heap[least]->ev.time)
				least = child;
		}
		if (least == i)
			return;
		swap(f, i, least);
		i = least;
	}
}

static void drop(struct gt_frontier *f, size_t i)
{
	for (; i > 0; i = (i - 1) / 2)
		swap(f, i, (i - 1) / 2);
	swap(f, 0, --f->n);
	sift_down(f, 0);
}

int gt_frontier_open(struct gt_frontier *f, const struct gt_generation *gen, struct gt_error *err)
{
	size_t count = HASH_COUNT(gen->streams);
	struct gt_cursor *c;

	memset(f, 0, sizeof(*f));
	f->gen = gen;
	f->cursors = calloc(count + 1, sizeof(*f->cursors));
	f->heap = calloc(count + 1, sizeof(*f->heap));
	if (f->cursors == NULL || f->heap == NULL)
		return gt_error_set(err, GT_ERR_IO, "not enough memory");
	c = f->cursors;
	for (struct gt_stream *s = gen->streams; s != NULL; s = s->hh.next, c++) {
		int r;

		c->m = (int64_t)s->id;
		c->batch = s->first;
		c->index = -1;
		r = step(c, gen, err);
		if (r < 0)
			return -1;
		if (r > 0) {
			f->heap[f->n++] = c;
			sift_up(f, f->n - 1);
		}
	}
	return 0;
}

void gt_frontier_close(struct gt_frontier *f)
{
	free(f->cursors);
	free(f->heap);
	memset(f, 0, sizeof(*f));
}

/* Tries the event of one cursor, and moves that cursor when it happened. */
static enum gt_advance try(struct gt_frontier *f, size_t i, struct gt_order *order, struct gt_error *err)
{
	struct gt_cursor *c = f->heap[i];
	enum gt_advance r = gt_order_advance(order, f->gen, c->m, &c->ev, err);
	int more;

	if (r == GT_BROKEN)
		place(c, err);
	if (r != GT_ADVANCED)
		return r;
	more = step(c, f->gen, err);
	if (more < 0)
		return GT_BROKEN;
	if (more == 0)
		drop(f, i);
	else if (sift_up(f, i) == i)
		sift_down(f, i);
	return GT_ADVANCED;
}

static int by_time(const void *a, const void *b)
{
	const struct gt_cursor *x = *(struct gt_cursor *const *)a, *y = *(struct gt_cursor *const *)b;

	return (x->ev.time > y->ev.time) - (x->ev.time < y->ev.time);
}

/* A sorted heap is still a heap, and sorting is only needed when it is not sorted already. */
static void sort(struct gt_frontier *f)
{
	for (size_t i = 1; i < f->n; i++) {
		if (f->heap[i - 1]->ev.time > f->heap[i]->ev.time) {
			qsort(f->heap, f->n, sizeof(*f->heap), by_time);
			return;
		}
	}
}

static int stuck(const struct gt_frontier *f, struct gt_error *err)
{
	const struct gt_cursor *c = f->heap[0];

	place(c, err);
	return gt_error_set(err, GT_ERR_ORDER,
			    "no event of %zu threads can be next; %s of thread %" PRId64 " is the earliest", f->n,
			    gt_event_spec[c->ev.type].name, c->m);
}

int gt_frontier_advance(struct gt_frontier *f, struct gt_order *order, struct gt_error *err)
{
	enum gt_advance r = try(f, 0, order, err);

	if (r == GT_NOT_YET) {
		sort(f);
		for (size_t i = 1; i < f->n && r == GT_NOT_YET; i++)
			r = try(f, i, order, err);
	}
	if (r == GT_NOT_YET)
		return stuck(f, err);
	return r == GT_ADVANCED ? 0 : -1;
}
