/* SPDX-License-Identifier: BSD-3-Clause */
/* Cursors over the batches of one thread each, and the choice among them. */
#include "frontier.h"

#include "../shim/format/spec.h"
#include "number.h"

#include <inttypes.h>
#include <stdlib.h>

/* Time and arguments have at most so many bytes. */
enum { NUMBERS_MOST = (1 + GT_MAX_ARGS) * GT_MAX_VARINT };

/* So many are sorted by insertion. */
enum { FEW = 64 };

/* How many numbers stand behind the type of an event, 0 if there is no such event. */
static const uint8_t numbers[256] = {
#define EV0(no, ...) [no] = 1,
#define EV1(no, ...) [no] = 2,
#define EV2(no, ...) [no] = 3,
#define EV3(no, ...) [no] = 4,
#define EV4(no, ...) [no] = 5,
#include "../shim/format/events.def"
};

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

/* gt_varint_get_all() where all of them have their room before the end. */
static inline const uint8_t *get_far(const uint8_t *p, uint64_t *v, int n)
{
	for (int i = 0; i < n; i++) {
		p = gt_number_get(p, &v[i]);
		if (p == NULL)
			return NULL;
	}
	return p;
}

/* Type, time difference and arguments of the event at c->at. */
static inline __attribute__((always_inline)) int parse(struct gt_cursor *c, struct gt_raw_event *ev, uint64_t *dt,
						       struct gt_error *err)
{
	const uint8_t *p = c->at;
	uint8_t type = *p++;
	int n = numbers[type] - 1;

	if (n < 0)
		return gt_error_set(err, GT_ERR_FORMAT, "%d is not the number of an event", type);
	memset(ev->args, 0, GT_MAX_ARGS * sizeof(*ev->args));
	if (c->end - p >= NUMBERS_MOST) {
		p = get_far(p, dt, 1);
		p = p != NULL ? get_far(p, ev->args, n) : NULL;
	} else {
		p = gt_varint_get(p, c->end, dt);
		p = gt_varint_get_all(p, c->end, ev->args, n);
	}
	if (p == NULL)
		return gt_error_set(err, GT_ERR_FORMAT, "%s: a number is cut off or malformed",
				    gt_event_spec[type].name);
	c->at = p;
	ev->type = type;
	return 0;
}

/* Goes to the next batch that is not empty. 1; 0 at the end; -1 with *err. */
static int turn(struct gt_cursor *c, const struct gt_generation *gen, struct gt_error *err)
{
	c->done += c->batch != NULL ? c->batch->len : 0;
	while (c->next != NULL && c->next->len == 0)
		c->next = c->next->next;
	c->batch = c->next;
	c->index = -1;
	if (c->batch == NULL) {
		free(c->room.bytes);
		c->room = (struct gt_room){0};
		return 0;
	}
	c->next = c->batch->next;
	c->at = gt_batch_payload(c->batch, gen->in, &c->room, err);
	if (c->at == NULL)
		return -1;
	c->end = c->at + c->batch->len;
	c->last = gt_generation_ns(gen, c->batch->time);
	return 1;
}

/* Goes to the next event: 1; 0 at the end; -1 with *err. The event before stays as it is. */
static inline int step(struct gt_cursor *c, const struct gt_generation *gen, struct gt_error *err)
{
	struct gt_placed_event *ev = c->ev == &c->evs[0] ? &c->evs[1] : &c->evs[0];
	uint64_t dt = 0;
	int r = c->at < c->end ? 1 : turn(c, gen, err);

	if (r == 0)
		return 0;
	/* As in Go's reader, the time starts again from the batch's while it is 0. */
	if (c->last == 0)
		c->last = gt_generation_ns(gen, c->batch->time);
	c->index++;
	if (r < 0 || parse(c, &ev->raw, &dt, err) < 0) {
		place(c, err);
		return -1;
	}
	c->last = ev->raw.time = plus(gt_generation_ns(gen, dt), c->last);
	c->ev = ev;
	return 1;
}

static size_t sift_up(struct gt_frontier *f, size_t i)
{
	struct gt_front front = f->heap[i];

	for (; i > 0 && f->heap[(i - 1) / 2].time > front.time; i = (i - 1) / 2)
		f->heap[i] = f->heap[(i - 1) / 2];
	f->heap[i] = front;
	return i;
}

static inline void sift_down(struct gt_frontier *f, size_t i)
{
	struct gt_front *heap = f->heap, front = heap[i];

	for (;;) {
		size_t child = 2 * i + 1;

		if (child + 1 < f->n && heap[child + 1].time < heap[child].time)
			child++;
		if (child >= f->n || heap[child].time >= front.time)
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = front;
}

/* Takes an entry to the top, and away from there. */
static void drop(struct gt_frontier *f, size_t i)
{
	for (; i > 0; i = (i - 1) / 2)
		f->heap[i] = f->heap[(i - 1) / 2];
	f->heap[0] = f->heap[--f->n];
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
	f->ncursors = count;
	c = f->cursors;
	for (struct gt_stream *s = gen->streams; s != NULL; s = s->hh.next, c++) {
		int r;

		c->m = (int64_t)s->id;
		c->next = s->first;
		r = step(c, gen, err);
		if (r < 0)
			return -1;
		if (r > 0) {
			f->heap[f->n++] = (struct gt_front){c->ev->raw.time, c};
			sift_up(f, f->n - 1);
		}
	}
	return 0;
}

void gt_frontier_close(struct gt_frontier *f)
{
	for (size_t i = 0; i < f->ncursors; i++) {
		free(f->cursors[i].room.bytes);
		gt_tied_free(&f->cursors[i].tied);
	}
	free(f->cursors);
	free(f->heap);
	free(f->facts.at);
	memset(f, 0, sizeof(*f));
}

uint64_t gt_frontier_done(const struct gt_frontier *f)
{
	uint64_t done = 0;

	for (size_t i = 0; i < f->ncursors; i++)
		done += f->cursors[i].done;
	return done;
}

/* Whether it is known already that the cursor's event has no facts. */
static inline bool has_none(const struct gt_cursor *c)
{
	return c->batch->tied == NULL || (c->tied.of == c->batch && gt_tied_is_bare(&c->tied, (uint64_t)c->index));
}

/* Finds the facts of the cursor's event. 0, or -1 with *err. */
static int tie(struct gt_frontier *f, struct gt_cursor *c, struct gt_error *err)
{
	if (c->tied.of != c->batch && gt_tied_open(&c->tied, c->batch, f->gen->in, err) < 0)
		return -1;
	if (!gt_tied_get(&c->tied, (uint64_t)c->index, &f->facts))
		return gt_error_set(err, GT_ERR_IO, "not enough memory");
	c->ev->raw.facts = f->facts.at;
	c->ev->raw.nfacts = f->facts.n;
	return 0;
}

/* Tries the event of one cursor, and moves that cursor when it happened. Inline for the first one, which it mostly is. */
static inline __attribute__((always_inline)) enum gt_advance try(struct gt_frontier *f, size_t i,
								 struct gt_order *order, struct gt_error *err)
{
	struct gt_cursor *c = f->heap[i].cursor;
	enum gt_advance r = GT_BROKEN;
	int more;

	c->ev->raw.nfacts = 0;
	if (has_none(c) || tie(f, c, err) == 0)
		r = gt_order_advance(order, f->gen, c->m, c->ev, err);
	if (r != GT_ADVANCED) {
		if (r == GT_BROKEN)
			place(c, err);
		return r;
	}
	more = step(c, f->gen, err);
	if (more < 0)
		return GT_BROKEN;
	if (more == 0) {
		drop(f, i);
		return GT_ADVANCED;
	}
	f->heap[i].time = c->ev->raw.time;
	if (i == 0 || sift_up(f, i) == i)
		sift_down(f, i);
	return GT_ADVANCED;
}

static int by_time(const void *a, const void *b)
{
	const struct gt_front *x = a, *y = b;

	return (x->time > y->time) - (x->time < y->time);
}

/* A sorted heap is still a heap. It is often nearly sorted; equal times stay in their order. */
static void sort(struct gt_frontier *f)
{
	struct gt_front *heap = f->heap;

	for (size_t i = 1; i < f->n; i++) {
		struct gt_front front = heap[i];
		size_t k = i;

		if (heap[i - 1].time > front.time && f->n > FEW) {
			qsort(heap, f->n, sizeof(*heap), by_time);
			return;
		}
		for (; k > 0 && heap[k - 1].time > front.time; k--)
			heap[k] = heap[k - 1];
		heap[k] = front;
	}
}

static int stuck(const struct gt_frontier *f, struct gt_error *err)
{
	const struct gt_cursor *c = f->heap[0].cursor;

	place(c, err);
	return gt_error_set(err, GT_ERR_ORDER,
			    "no event of %zu threads can be next; %s of thread %" PRId64 " is the earliest", f->n,
			    gt_event_spec[c->ev->raw.type].name, c->m);
}

/* The earliest event has to wait: tries the others, one after the other. */
static __attribute__((noinline)) enum gt_advance try_others(struct gt_frontier *f, struct gt_order *order,
							    struct gt_error *err)
{
	enum gt_advance r = GT_NOT_YET;

	sort(f);
	for (size_t i = 1; i < f->n && r == GT_NOT_YET; i++)
		r = try(f, i, order, err);
	return r;
}

int gt_frontier_advance(struct gt_frontier *f, struct gt_order *order, struct gt_error *err)
{
	enum gt_advance r = try(f, 0, order, err);

	if (r == GT_NOT_YET)
		r = try_others(f, order, err);
	if (r == GT_NOT_YET)
		return stuck(f, err);
	return r == GT_ADVANCED ? 0 : -1;
}
