/* SPDX-License-Identifier: BSD-3-Clause */
/* Generation after generation: the frontier chooses, the order places, times are made to increase. */
#include "reader.h"

#include "frontier.h"
#include "resolve.h"

#include <stdlib.h>

struct gt_reader {
	struct gt_input in;
	int version;
	struct gt_error *err;
	struct gt_error later; /* damage behind the current generation */
	struct gt_batch *spill;
	struct gt_generation *gen;
	struct gt_frontier frontier;
	struct gt_order *order;
	size_t sample; /* the next one of gen->samples */
	int64_t last;
	bool synced; /* the end of the current generation was delivered */
	int ended; /* what gt_reader_next() returns from now on, -1 or 0; 1: still going */
	gt_fact_fn *on_fact;
	void *on_fact_arg;
};

struct gt_reader *gt_reader_open(const char *path, struct gt_error *err)
{
	struct gt_reader *reader = calloc(1, sizeof(*reader));

	gt_error_clear(err);
	if (reader == NULL || (reader->order = gt_order_new()) == NULL) {
		gt_error_set(err, GT_ERR_IO, "not enough memory");
	} else if (gt_input_open(&reader->in, path, err) == 0) {
		reader->version = gt_input_header(&reader->in, err);
		reader->err = err;
		reader->ended = 1;
		reader->synced = true;
		gt_error_clear(&reader->later);
		if (reader->version >= 0)
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
	gt_batch_free(reader->spill);
	gt_order_free(reader->order);
	gt_input_close(&reader->in);
	free(reader);
}

int gt_reader_version(const struct gt_reader *reader)
{
	return reader->version;
}

void gt_reader_on_fact(struct gt_reader *reader, gt_fact_fn *fn, void *arg)
{
	reader->on_fact = fn;
	reader->on_fact_arg = arg;
}

static void tell_facts(const struct gt_reader *r)
{
	for (struct gt_batch *b = r->on_fact != NULL ? r->gen->facts : NULL; b != NULL; b = b->next) {
		const uint8_t *p = b->data + GT_FACTS_MAGIC_LEN;
		struct gt_fact_record fact;

		while (gt_fact_next(&p, b->data + b->len, &fact)) {
			if (gt_fact_spec[fact.number].tied == GT_TIE_FREE)
				r->on_fact(r->on_fact_arg, r->gen->gen, &fact);
		}
	}
}

/* Goes to the next generation: 1; 0 when there is none; -1 on damage. */
static int refresh(struct gt_reader *r)
{
	bool first = r->gen == NULL;

	if (r->later.code != GT_ERR_NONE) {
		*r->err = r->later;
		return -1;
	}
	if (!first && r->spill == NULL)
		return 0;
	gt_frontier_close(&r->frontier);
	gt_generation_free(r->gen);
	r->gen = gt_generation_read(&r->in, &r->spill, r->err, &r->later);
	if (r->gen == NULL)
		return -1;
	r->sample = 0;
	r->synced = false;
	tell_facts(r);
	if (gt_frontier_open(&r->frontier, r->gen, r->err) < 0)
		return -1;
	if (r->frontier.n == 0 && r->gen->nsamples == 0) {
		r->err->gen = r->gen->gen;
		return gt_error_set(r->err, GT_ERR_FORMAT, "a generation without events");
	}
	return 1;
}

static int deliver(struct gt_reader *r, struct gt_trace_event *ev)
{
	if (ev->time <= r->last)
		ev->time = (int64_t)((uint64_t)r->last + 1);
	r->last = ev->time;
	return 1;
}

static bool sample_is_next(const struct gt_reader *r)
{
	return r->sample < r->gen->nsamples &&
	       (r->frontier.n == 0 || r->gen->samples[r->sample].time < r->frontier.heap[0]->ev.time);
}

static int next(struct gt_reader *r, struct gt_trace_event *ev)
{
	const struct gt_placed_event *placed = gt_order_take(r->order);
	int more;

	if (placed == NULL) {
		if (r->frontier.n == 0 && (r->gen == NULL || r->sample == r->gen->nsamples)) {
			if (!r->synced) {
				r->synced = true;
				gt_resolve_sync(r->gen, r->last, ev);
				return deliver(r, ev);
			}
			more = refresh(r);
			if (more <= 0)
				return more;
		}
		if (sample_is_next(r)) {
			gt_resolve_sample(&r->gen->samples[r->sample++], r->gen, ev);
			return deliver(r, ev);
		}
		if (gt_frontier_advance(&r->frontier, r->order, r->err) < 0)
			return -1;
		placed = gt_order_take(r->order);
	}
	return gt_resolve(placed, r->gen, ev, r->err) < 0 ? -1 : deliver(r, ev);
}

int gt_reader_next(struct gt_reader *reader, struct gt_trace_event *event)
{
	if (reader->ended == 1)
		reader->ended = next(reader, event);
	return reader->ended;
}

int gt_check(const char *path, struct gt_error *err)
{
	struct gt_reader *reader = gt_reader_open(path, err);
	struct gt_trace_event ev;
	int r;

	if (reader == NULL)
		return -1;
	do {
		r = gt_reader_next(reader, &ev);
	} while (r > 0);
	gt_reader_close(reader);
	return r;
}
