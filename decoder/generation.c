/* SPDX-License-Identifier: BSD-3-Clause */
/* Collecting a generation. The first payload byte of an ordinary batch says what it is. */
#include "generation.h"

#include "../shim/format/spec.h"
#include "../shim/format/varint.h"

#include <inttypes.h>
#include <stdlib.h>

int64_t gt_generation_ns(const struct gt_generation *gen, uint64_t units)
{
	double ns = (double)units * gen->ns;

	/* What x86-64 gives for a number that does not fit, and NaN. */
	if (!(ns >= -0x1p63 && ns < 0x1p63))
		return INT64_MIN;
	return (int64_t)ns;
}

static void batches_free(struct gt_batch *batch)
{
	while (batch != NULL) {
		struct gt_batch *next = batch->next;

		gt_batch_free(batch);
		batch = next;
	}
}

void gt_generation_free(struct gt_generation *gen)
{
	struct gt_stream *stream, *tmp;

	if (gen == NULL)
		return;
	HASH_ITER (hh, gen->streams, stream, tmp) {
		HASH_DEL(gen->streams, stream);
		batches_free(stream->first);
		free(stream);
	}
	batches_free(gen->facts);
	gt_table_free(gen->table);
	free(gen->samples);
	free(gen);
}

static int no_memory(struct gt_error *err)
{
	return gt_error_set(err, GT_ERR_IO, "not enough memory");
}

/* Takes the batch over, also when it fails. */
static int add_events(struct gt_generation *gen, struct gt_batch *batch, struct gt_error *err)
{
	uint64_t m = (uint64_t)batch->m;
	struct gt_stream *stream;

	GT_MAP_FIND(gen->streams, m, stream);
	if (stream == NULL) {
		stream = calloc(1, sizeof(*stream));
		if (stream != NULL) {
			stream->id = m;
			GT_MAP_ADD(gen->streams, stream);
		}
		if (stream == NULL || stream->hh.tbl == NULL) {
			free(stream);
			gt_batch_free(batch);
			return no_memory(err);
		}
	}
	if (stream->last == NULL)
		stream->first = batch;
	else
		stream->last->next = batch;
	stream->last = batch;
	gen->prior = batch;
	return 0;
}

static int add_clock(struct gt_generation *gen, const uint8_t *p, const uint8_t *end, struct gt_error *err)
{
	uint64_t frequency;

	if (gt_varint_get(p, end, &frequency) == NULL)
		return gt_error_set(err, GT_ERR_FORMAT, "the frequency is malformed");
	if (gen->has_clock)
		return gt_error_set(err, GT_ERR_FORMAT, "two frequencies in generation %" PRIu64, gen->gen);
	gen->has_clock = true;
	gen->ns = 1.0 / ((double)frequency / 1e9);
	return 0;
}

static int add_sample(struct gt_generation *gen, const uint64_t v[5])
{
	struct gt_sample *s;

	if ((gen->nsamples & (gen->nsamples - 1)) == 0) {
		size_t room = gen->nsamples == 0 ? 1 : 2 * gen->nsamples;

		s = realloc(gen->samples, room * sizeof(*s));
		if (s == NULL)
			return 0;
		gen->samples = s;
	}
	s = &gen->samples[gen->nsamples++];
	s->time = (int64_t)v[0];
	s->m = (int64_t)v[1];
	s->p = (int64_t)v[2];
	s->g = v[3] == 0 ? -1 : (int64_t)v[3];
	s->stack = v[4];
	return 1;
}

static int add_samples(struct gt_generation *gen, const uint8_t *p, const uint8_t *end, struct gt_error *err)
{
	while (p < end) {
		uint64_t v[5];

		if (*p++ != GT_FR_CPUSample)
			return gt_error_set(err, GT_ERR_FORMAT, "a record of type %d among samples", p[-1]);
		for (int i = 0; i < 5; i++) {
			p = gt_varint_get(p, end, &v[i]);
			if (p == NULL)
				return gt_error_set(err, GT_ERR_FORMAT, "a sample is cut off or malformed");
		}
		if (!add_sample(gen, v))
			return no_memory(err);
	}
	return 0;
}

/* Keeps a batch of facts: with the events that it belongs to, and for the free ones in it. */
static int add_experiment(struct gt_generation *gen, struct gt_batch *batch, struct gt_error *err)
{
	if (!gt_fact_is_ours(batch->experiment, batch->data, batch->data + batch->len)) {
		gt_batch_free(batch);
		gen->prior = NULL;
		return 0;
	}
	if (gen->prior != NULL && gen->prior->m == batch->m && !gt_batch_tie(gen->prior, batch)) {
		gt_batch_free(batch);
		return no_memory(err);
	}
	*gen->facts_end = batch;
	gen->facts_end = &batch->next;
	return 0;
}

/* Takes the batch over. */
static int add(struct gt_generation *gen, struct gt_batch *batch, struct gt_error *err)
{
	const uint8_t *p = batch->data + 1;
	const uint8_t *end = batch->data + batch->len;
	int r;

	err->offset = batch->offset;
	err->gen = batch->gen;
	if (batch->experiment != 0)
		return add_experiment(gen, batch, err);
	switch (batch->len == 0 ? 0 : batch->data[0]) {
	case GT_FR_Strings:
		r = gt_table_add_strings(gen->table, p, end, err);
		break;
	case GT_FR_Stacks:
		r = gt_table_add_stacks(gen->table, p, end, err);
		break;
	case GT_FR_CPUSamples:
		r = add_samples(gen, p, end, err);
		break;
	case GT_FR_Frequency:
		r = add_clock(gen, p, end, err);
		break;
	default:
		return add_events(gen, batch, err);
	}
	gen->prior = NULL;
	gt_batch_free(batch);
	return r;
}

/* Reads batches up to the first of another generation. 0, or -1 with *err. */
static int collect(struct gt_generation *gen, struct gt_input *in, struct gt_batch **spill, struct gt_error *err,
		   struct gt_error *later)
{
	for (;;) {
		struct gt_batch *batch = NULL;
		int r = gt_batch_read(in, &batch, later);

		if (r == 0 || (r < 0 && gen->gen != 0))
			return 0;
		if (r < 0) {
			*err = *later;
			return -1;
		}
		if (gen->gen == 0)
			gen->gen = batch->gen;
		/* The check for 0 also keeps the number behind 2^64-1 from following it. */
		if (batch->gen != 0 && batch->gen == gen->gen + 1) {
			*spill = batch;
			return 0;
		}
		if (batch->gen == 0 || batch->gen != gen->gen) {
			err->offset = batch->offset;
			if (batch->gen == 0)
				gt_error_set(err, GT_ERR_FORMAT, "a batch of generation 0");
			else
				gt_error_set(err, GT_ERR_FORMAT, "generation %" PRIu64 " follows generation %" PRIu64,
					     batch->gen, gen->gen);
			gt_batch_free(batch);
			return -1;
		}
		if (add(gen, batch, err) < 0)
			return -1;
	}
}

static int by_time(const void *a, const void *b)
{
	const struct gt_sample *x = a, *y = b;

	return (x->time > y->time) - (x->time < y->time);
}

/* What can only be done when all batches are in. */
static int finish(struct gt_generation *gen, struct gt_error *err, const struct gt_error *later)
{
	err->offset = 0;
	err->gen = gen->gen;
	if (!gen->has_clock && later->code != GT_ERR_NONE) {
		*err = *later;
		return -1;
	}
	if (!gen->has_clock)
		return gt_error_set(err, GT_ERR_FORMAT, "%s",
				    gen->gen == 0 ? "the trace has no batches" : "no frequency in a generation");
	if (gt_table_resolve(gen->table, err) < 0)
		return -1;
	for (size_t i = 0; i < gen->nsamples; i++) {
		gen->samples[i].time = gt_generation_ns(gen, (uint64_t)gen->samples[i].time);
		if (gt_table_stack(gen->table, gen->samples[i].stack) == NULL)
			return gt_error_set(err, GT_ERR_FORMAT, "a sample names stack %" PRIu64 ", which is not there",
					    gen->samples[i].stack);
	}
	if (gen->nsamples > 1)
		qsort(gen->samples, gen->nsamples, sizeof(*gen->samples), by_time);
	for (struct gt_stream *s = gen->streams; s != NULL; s = s->hh.next) {
		for (struct gt_batch *b = s->first; b != NULL; b = b->next)
			gt_batch_sort_facts(b);
	}
	gt_error_clear(err);
	return 0;
}

struct gt_generation *gt_generation_read(struct gt_input *in, struct gt_batch **spill, struct gt_error *err,
					 struct gt_error *later)
{
	struct gt_generation *gen = calloc(1, sizeof(*gen));
	struct gt_batch *first = *spill;
	int r = 0;

	*spill = NULL;
	if (gen == NULL || (gen->table = gt_table_new()) == NULL) {
		gt_batch_free(first);
		free(gen);
		no_memory(err);
		return NULL;
	}
	gen->facts_end = &gen->facts;
	if (first != NULL) {
		gen->gen = first->gen;
		r = add(gen, first, err);
	}
	if (r == 0)
		r = collect(gen, in, spill, err, later);
	if (r == 0)
		r = finish(gen, err, later);
	if (r == 0)
		return gen;
	gt_batch_free(*spill);
	*spill = NULL;
	gt_generation_free(gen);
	return NULL;
}
