/* SPDX-License-Identifier: BSD-3-Clause */
/* Generation after generation: the frontier chooses, the order places, times are made to increase. */
#include "reader.h"

#include "frontier.h"
#include "resolve.h"

#include <stdlib.h>

enum found { BROKEN, END, SYNC, SAMPLE, EVENT };

struct gt_reader {
	struct gt_input in;
	int version;
	struct gt_error *err;
	struct gt_error later; /* damage behind the current generation */
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
	if (reader == NULL || (reader->order = gt_order_new()) == NULL || (reader->gen = gt_generation_new()) == NULL) {
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
	p += GT_FACTS_MAGIC_LEN;
	if (batch->m != -1)
		return tell_backwards(r, p, end) ? 0 : gt_error_set(r->err, GT_ERR_IO, "not enough memory");
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

/* Goes to the next generation: 1; 0 when there is none; -1 on damage. */
static int refresh(struct gt_reader *r)
{
	bool first = r->gen->gen == 0;

	if (r->later.code != GT_ERR_NONE) {
		*r->err = r->later;
		return -1;
	}
	if (!first && r->gen->spill == NULL)
		return 0;
	gt_frontier_close(&r->frontier);
	r->sample = 0;
	if (gt_generation_read(r->gen, &r->in, r->err, &r->later) < 0)
		return -1;
	r->synced = false;
	if (tell_facts(r) < 0 || gt_frontier_open(&r->frontier, r->gen, r->err) < 0)
		return -1;
	if (r->frontier.n == 0 && r->gen->nsamples == 0) {
		r->err->gen = r->gen->gen;
		return gt_error_set(r->err, GT_ERR_FORMAT, "a generation without events");
	}
	return 1;
}

static bool sample_is_next(const struct gt_reader *r)
{
	return r->sample < r->gen->nsamples &&
	       (r->frontier.n == 0 || r->gen->samples[r->sample].time < r->frontier.heap[0].time);
}

/* Finds what is next; an event, which is not looked at yet, comes in *placed. */
static inline enum found find(struct gt_reader *r, const struct gt_placed_event **placed)
{
	*placed = gt_order_take(r->order);
	if (*placed != NULL)
		return EVENT;
	if (r->frontier.n == 0 && r->sample == r->gen->nsamples) {
		int more = 1;

		if (!r->synced) {
			r->synced = true;
			return SYNC;
		}
		more = refresh(r);
		if (more <= 0)
			return more == 0 ? END : BROKEN;
	}
	if (sample_is_next(r))
		return SAMPLE;
	if (gt_frontier_advance(&r->frontier, r->order, r->err) < 0)
		return BROKEN;
	*placed = gt_order_take(r->order);
	return EVENT;
}

static int next(struct gt_reader *r, struct gt_trace_event *ev)
{
	const struct gt_placed_event *placed;
	enum found found = find(r, &placed);

	if (found == EVENT && gt_resolve(placed, r->gen, ev, r->err) < 0)
		return -1;
	if (found == SAMPLE)
		gt_resolve_sample(&r->gen->samples[r->sample++], r->gen, ev);
	else if (found == SYNC)
		gt_resolve_sync(r->gen, r->last, ev);
	else if (found != EVENT)
		return found == END ? 0 : -1;
	if (ev->time <= r->last)
		ev->time = (int64_t)((uint64_t)r->last + 1);
	r->last = ev->time;
	return 1;
}

int gt_reader_next(struct gt_reader *reader, struct gt_trace_event *event)
{
	if (reader->ended == 1)
		reader->ended = next(reader, event);
	return reader->ended;
}

int gt_reader_check(struct gt_reader *reader, uint64_t *events, uint64_t *syncs)
{
	*events = *syncs = 0;
	while (reader->ended == 1) {
		const struct gt_placed_event *placed;
		enum found found = find(reader, &placed);

		if (found == EVENT && gt_resolve_check(placed, reader->gen, reader->err) < 0)
			found = BROKEN;
		*events += found == EVENT || found == SAMPLE;
		*syncs += found == SYNC;
		reader->sample += found == SAMPLE;
		if (found == END || found == BROKEN)
			reader->ended = found == END ? 0 : -1;
	}
	return reader->ended;
}

int gt_check(const char *path, struct gt_error *err)
{
	struct gt_reader *reader = gt_reader_open(path, err);
	uint64_t events, syncs;
	int r;

	if (reader == NULL)
		return -1;
	gt_reader_no_facts(reader);
	r = gt_reader_check(reader, &events, &syncs);
	gt_reader_close(reader);
	return r;
}
