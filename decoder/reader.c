/* SPDX-License-Identifier: BSD-3-Clause */
/* Generation after generation: the frontier chooses, the order places, times are made to increase. */
#include "reader.h"

#include "frontier.h"
#include "resolve.h"
#include "trace.h"
#include "unpack.h"

#include <stdlib.h>

enum found { BROKEN, END, SYNC, SAMPLE, EVENT };

struct gt_reader {
	struct gt_input in;
	struct gt_error *err;
	struct gt_error later; /* damage behind the current generation */
	struct gt_generation *gen;
	struct gt_frontier frontier;
	struct gt_order *order;
	size_t sample; /* the next one of gen->samples */
	int64_t last;
	uint64_t syncs; /* delivered so far */
	uint64_t over; /* from version GT_GO_SYNC on: the generation before */
	bool synced; /* the current generation's was */
	enum found next; /* from version GT_GO_SYNC on: what comes when the generation is over, SYNC for another one */
	enum found found; /* by gt_reader_find() */
	const struct gt_placed_event *placed;
	int ended; /* what gt_reader_next() returns from now on, -1 or 0; 1: still going */
	gt_fact_fn *on_fact;
	void *on_fact_arg;
};

struct gt_reader *gt_reader_open(const char *path, struct gt_error *err)
{
	struct gt_reader *reader = calloc(1, sizeof(*reader));

	gt_error_clear(err);
	if (reader == NULL || (reader->order = gt_order_new()) == NULL || (reader->gen = gt_generation_new()) == NULL) {
		gt_error_set(err, GT_ERR_IO, "not enough memory");
	} else if (gt_trace_open(&reader->in, path, err) == 0) {
		reader->err = err;
		reader->ended = 1;
		reader->synced = true;
		reader->next = SYNC;
		gt_error_clear(&reader->later);
		if (gt_input_header(&reader->in, err) >= 0)
			return reader;
	}
	gt_reader_close(reader);
	return NULL;
}

void gt_reader_close(struct gt_reader *reader)
{
	if (reader == NULL)
		return;
	gt_frontier_close(&reader->frontier);
	gt_generation_free(reader->gen);
	gt_order_free(reader->order);
	gt_input_close(&reader->in);
	free(reader);
}

int gt_reader_version(const struct gt_reader *reader)
{
	return reader->in.version;
}

void gt_reader_on_fact(struct gt_reader *reader, gt_fact_fn *fn, void *arg)
{
	reader->on_fact = fn;
	reader->on_fact_arg = arg;
}

void gt_reader_no_facts(struct gt_reader *reader)
{
	reader->gen->no_facts = true;
}

static void tell(const struct gt_reader *r, const struct gt_fact_record *fact)
{
	if (gt_fact_spec[fact->number].tied == GT_TIE_FREE)
		r->on_fact(r->on_fact_arg, r->gen->gen, fact);
}

/* A thread fills its batch from the end: what it said last stands first. False when memory is short. */
static bool tell_backwards(const struct gt_reader *r, const uint8_t *p, const uint8_t *end)
{
	struct gt_fact_record *facts = NULL, fact;
	size_t n = 0;

	while (gt_fact_next(&p, end, &fact)) {
		if (gt_fact_spec[fact.number].tied != GT_TIE_FREE)
			continue;
		if ((n & (n - 1)) == 0) {
			void *more = realloc(facts, (n == 0 ? 1 : 2 * n) * sizeof(*facts));

			if (more == NULL) {
				free(facts);
				return false;
			}
			facts = more;
		}
		facts[n++] = fact;
	}
	while (n > 0)
		tell(r, &facts[--n]);
	free(facts);
	return true;
}

/* Tells the free facts of one batch. 0, or -1 with the error. */
static int tell_batch(const struct gt_reader *r, const struct gt_batch *batch)
{
	const uint8_t *p = gt_batch_payload(batch, &r->in, &r->gen->room, r->err);
	const uint8_t *end = p + batch->len;
	struct gt_fact_record fact;

	if (p == NULL)
		return -1;
	p = gt_unpack(p, &end, &r->gen->unpacked);
	if (p == NULL || (batch->m != -1 && !tell_backwards(r, p, end)))
		return gt_error_set(r->err, GT_ERR_IO, "not enough memory");
	if (batch->m != -1)
		return 0;
	while (gt_fact_next(&p, end, &fact))
		tell(r, &fact);
	return 0;
}

static int tell_facts(const struct gt_reader *r)
{
	for (const struct gt_batch *b = r->on_fact != NULL ? r->gen->facts : NULL; b != NULL; b = b->next) {
		if (b->tells && tell_batch(r, b) < 0)
			return -1;
	}
	return 0;
}

/* Reads the next generation: 1; 0 when there is none; -1 on damage. */
static int read_on(struct gt_reader *r)
{
	if (r->later.code != GT_ERR_NONE) {
		*r->err = r->later;
		return -1;
	}
	gt_frontier_close(&r->frontier);
	r->sample = 0;
	return gt_generation_read(r->gen, &r->in, r->err, &r->later);
}

/* Starts on the generation that was read. 0, or -1 on damage. */
static int start_on(struct gt_reader *r)
{
	return tell_facts(r) < 0 ? -1 : gt_frontier_open(&r->frontier, r->gen, r->err);
}

static bool is_empty(const struct gt_reader *r)
{
	return r->frontier.n == 0 && r->sample == r->gen->nsamples;
}

/* A generation is over: its Sync, then the next one. EVENT: that one has begun. */
static enum found turn(struct gt_reader *r)
{
	int more;

	if (!r->synced) {
		r->synced = true;
		return SYNC;
	}
	more = read_on(r);
	if (more == 0)
		return END;
	if (more < 0 || start_on(r) < 0)
		return BROKEN;
	r->synced = false;
	if (!is_empty(r))
		return EVENT;
	r->err->gen = r->gen->gen;
	gt_error_set(r->err, GT_ERR_FORMAT, "a generation without events");
	return BROKEN;
}

/* The same from version GT_GO_SYNC on: a Sync before each generation, and one before the end or the damage. */
static enum found turn_newer(struct gt_reader *r)
{
	if (r->next != SYNC)
		return r->next;
	r->over = r->gen->gen;
	switch (read_on(r)) {
	case 0:
		r->next = END;
		break;
	case 1:
		if (start_on(r) < 0)
			return BROKEN;
		break;
	default:
		r->next = BROKEN;
	}
	return SYNC;
}

static bool sample_is_next(const struct gt_reader *r)
{
	return r->sample < r->gen->nsamples &&
	       (r->frontier.n == 0 || r->gen->samples[r->sample].time < r->frontier.heap[0].time);
}

/* What comes when a generation is over. */
static enum found go_over(struct gt_reader *r)
{
	enum found found = r->in.version < GT_GO_SYNC ? turn(r) : turn_newer(r);

	r->syncs += found == SYNC;
	return found;
}

/* Finds what is next; an event, which is not looked at yet, comes in *placed. */
static inline enum found find(struct gt_reader *r, const struct gt_placed_event **placed)
{
	*placed = gt_order_take(r->order);
	if (*placed != NULL)
		return EVENT;
	if (is_empty(r)) {
		enum found found = go_over(r);

		if (found != EVENT)
			return found;
	}
	if (sample_is_next(r))
		return SAMPLE;
	if (gt_frontier_advance(&r->frontier, r->order, r->err) < 0)
		return BROKEN;
	*placed = gt_order_take(r->order);
	return EVENT;
}

/* Generations that are over. */
static uint64_t whole(const struct gt_reader *r)
{
	return r->in.version < GT_GO_SYNC || r->syncs == 0 ? r->syncs : r->syncs - 1;
}

static void resolve_sync(const struct gt_reader *r, struct gt_trace_event *ev)
{
	bool opens = r->in.version >= GT_GO_SYNC && r->next == SYNC;

	gt_resolve_sync(r->gen, opens ? gt_generation_ns(r->gen, r->gen->first_time) : r->last, ev);
	ev->args[0] = r->syncs;
	ev->args[1] = whole(r);
	if (r->next != SYNC)
		ev->gen = r->over;
	ev->snapshot = opens ? &r->gen->snapshot : NULL;
	ev->args[2] = opens ? (uint64_t)gt_generation_ns(r->gen, r->gen->snapshot.time) : 0;
}

/* Times increase. */
static inline int64_t pass(struct gt_reader *r, int64_t time)
{
	r->last = time <= r->last ? (int64_t)((uint64_t)r->last + 1) : time;
	return r->last;
}

int gt_reader_find(struct gt_reader *reader, const struct gt_placed_event **placed)
{
	*placed = NULL;
	if (reader->ended != 1)
		return reader->ended;
	reader->found = find(reader, &reader->placed);
	if (reader->found == END || reader->found == BROKEN)
		reader->ended = reader->found == END ? 0 : -1;
	else if (reader->found == EVENT)
		*placed = reader->placed;
	return reader->ended;
}

int gt_reader_tell(struct gt_reader *reader, struct gt_trace_event *event)
{
	if (reader->found == EVENT) {
		if (gt_resolve(reader->placed, reader->gen, event, reader->err) < 0)
			reader->ended = -1;
	} else if (reader->found == SAMPLE) {
		gt_resolve_sample(&reader->gen->samples[reader->sample++], reader->gen, event);
	} else {
		resolve_sync(reader, event);
	}
	event->time = pass(reader, event->time);
	return reader->ended;
}

int gt_reader_next(struct gt_reader *reader, struct gt_trace_event *event)
{
	const struct gt_placed_event *placed;
	int more = gt_reader_find(reader, &placed);

	return more > 0 ? gt_reader_tell(reader, event) : more;
}

int64_t gt_reader_pass(struct gt_reader *reader)
{
	return pass(reader, reader->placed->raw.time);
}

int gt_reader_check(struct gt_reader *reader, uint64_t most, uint64_t *events, uint64_t *generations)
{
	uint64_t counted = 0;

	while (reader->ended == 1 && counted < most) {
		const struct gt_placed_event *placed;
		enum found found = find(reader, &placed);

		if (found == EVENT && gt_resolve_check(placed, reader->gen, reader->err) < 0)
			found = BROKEN;
		counted += found == EVENT || found == SAMPLE;
		reader->sample += found == SAMPLE;
		if (found == END || found == BROKEN)
			reader->ended = found == END ? 0 : -1;
	}
	*events += counted;
	*generations = whole(reader);
	return reader->ended;
}

const struct gt_stack *gt_reader_stack(const struct gt_reader *reader, uint64_t id)
{
	return gt_table_stack(reader->gen->table, id);
}

bool gt_reader_bytes(const struct gt_reader *reader, uint64_t *done, uint64_t *all)
{
	const struct gt_input *in = &reader->in;

	*done = reader->gen->from + gt_frontier_done(&reader->frontier);
	*all = in->regular ? in->size - in->base : 0;
	return in->regular;
}

int gt_check(const char *path, struct gt_error *err)
{
	struct gt_reader *reader = gt_reader_open(path, err);
	uint64_t events = 0, generations;
	int r;

	if (reader == NULL)
		return -1;
	gt_reader_no_facts(reader);
	r = gt_reader_check(reader, UINT64_MAX, &events, &generations);
	gt_reader_close(reader);
	return r;
}
