/* SPDX-License-Identifier: BSD-3-Clause */
/* Collecting a generation. The first payload byte of an ordinary batch says what it is. */
#include "generation.h"

#include "../shim/format/spec.h"
#include "../shim/format/varint.h"
#include "fact.h"
#include "unpack.h"

#include <inttypes.h>
#include <stdlib.h>

/* Below this, doubles hold every whole number. */
#define EXACT_DOUBLE (UINT64_C(1) << 53)

int64_t gt_generation_slow_ns(const struct gt_generation *gen, uint64_t units)
{
	double ns = (double)units * gen->ns;

	/* What x86-64 gives for a number that does not fit, and NaN. */
	if (!(ns >= -0x1p63 && ns < 0x1p63))
		return INT64_MIN;
	return (int64_t)ns;
}

struct gt_generation *gt_generation_new(void)
{
	struct gt_generation *gen = calloc(1, sizeof(*gen));

	if (gen != NULL)
		gen->table = gt_table_new();
	if (gen != NULL && gen->table != NULL)
		return gen;
	free(gen);
	return NULL;
}

/* Forgets all but spill, which is what comes next, and `no_facts`. */
static void clear(struct gt_generation *gen)
{
	HASH_CLEAR(hh, gen->streams);
	gt_arena_clear(&gen->arena);
	gt_table_clear(gen->table);
	gen->gen = 0;
	gen->exact = 0;
	gen->snapshot = (struct gt_snapshot){0};
	gen->first_time = 0;
	gen->prior = NULL;
	gen->facts = NULL;
	gen->facts_end = &gen->facts;
	free(gen->samples);
	gen->samples = NULL;
	gen->nsamples = 0;
}

void gt_generation_free(struct gt_generation *gen)
{
	if (gen == NULL)
		return;
	clear(gen);
	gt_arena_free(&gen->arena);
	gt_arena_free(&gen->spilled);
	gt_table_free(gen->table);
	free(gen->room.bytes);
	free(gen->unpacked.bytes);
	free(gen);
}

static int no_memory(struct gt_error *err)
{
	return gt_error_set(err, GT_ERR_IO, "not enough memory");
}

static int add_events(struct gt_generation *gen, struct gt_batch *batch, struct gt_error *err)
{
	uint64_t m = (uint64_t)batch->m;
	struct gt_stream *stream;

	GT_MAP_FIND(gen->streams, m, stream);
	if (stream == NULL) {
		stream = gt_arena_take(&gen->arena, sizeof(*stream));
		if (stream == NULL)
			return no_memory(err);
		memset(stream, 0, sizeof(*stream));
		stream->id = m;
		GT_MAP_ADD(gen->streams, stream);
		if (stream->hh.tbl == NULL)
			return no_memory(err);
	}
	if (stream->last == NULL)
		stream->first = batch;
	else
		stream->last->next = batch;
	stream->last = batch;
	gen->prior = batch;
	gen->tied_end = &batch->tied;
	return 0;
}

/* A Frequency alone: what follows it is not looked at. */
static int add_frequency(struct gt_generation *gen, const uint8_t *p, const uint8_t *end, struct gt_error *err)
{
	uint64_t frequency;

	if (gt_varint_get(p, end, &frequency) == NULL)
		return gt_error_set(err, GT_ERR_FORMAT, "the frequency is malformed");
	if (gen->snapshot.has_frequency)
		return gt_error_set(err, GT_ERR_FORMAT, "two frequencies in generation %" PRIu64, gen->gen);
	gen->snapshot.frequency = frequency;
	gen->snapshot.has_frequency = true;
	return 0;
}

/* From here on times can be told. */
static int start_clock(struct gt_generation *gen, struct gt_error *err)
{
	if (!gen->snapshot.has_frequency)
		return gt_error_set(err, GT_ERR_FORMAT, "%s",
				    gen->gen == 0 ? "the trace has no batches" : "no frequency in a generation");
	if (gen->in->version >= GT_GO_SYNC && !gen->snapshot.known)
		return gt_error_set(err, GT_ERR_FORMAT, "no clock snapshot in a generation");
	gen->ns = 1.0 / ((double)gen->snapshot.frequency / 1e9);
	if (gen->ns >= 1 && gen->ns < 0x1p32 && gen->ns == (double)(uint64_t)gen->ns) {
		gen->whole = (uint64_t)gen->ns;
		gen->exact = EXACT_DOUBLE / gen->whole;
	}
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

/* Whether facts in this payload are free. */
static bool tells(const uint8_t *p, const uint8_t *end)
{
	uint8_t number;

	if (gt_unpack_needed(p))
		return gt_unpack_tells(p, end);
	p += GT_FACTS_MAGIC_LEN;
	while (gt_fact_skip(&p, end, &number) != NULL) {
		if (gt_fact_is_known(number) && gt_fact_spec[number].tied == GT_TIE_FREE)
			return true;
	}
	return false;
}

/* Keeps a batch of facts, tied to the events that it belongs to. */
static int add_experiment(struct gt_generation *gen, struct gt_batch *batch, struct gt_error *err)
{
	const uint8_t *data;

	data = gen->no_facts ? NULL : gt_batch_payload(batch, gen->in, &gen->room, err);
	if (data == NULL && !gen->no_facts)
		return -1;
	if (data == NULL || !gt_fact_is_ours(batch->experiment, data, data + batch->len)) {
		if (data != NULL && batch->experiment == GT_FACTS_EXPERIMENT)
			gt_memory_units_read(&gen->units, data, data + batch->len);
		gen->prior = NULL;
		gt_arena_return(&gen->arena, batch);
		return 0;
	}
	batch->tells = tells(data, data + batch->len);
	if (gen->prior != NULL && gen->prior->m == batch->m) {
		*gen->tied_end = batch;
		gen->tied_end = &batch->tied;
	}
	*gen->facts_end = batch;
	gen->facts_end = &batch->next;
	return 0;
}

/* What is no event: parsed at once, and not kept. */
static int add_table(struct gt_generation *gen, struct gt_batch *batch, struct gt_error *err)
{
	const uint8_t *p = gt_batch_payload(batch, gen->in, &gen->room, err);
	const uint8_t *end = p + batch->len;
	int r;

	gen->prior = NULL;
	if (p == NULL)
		return -1;
	switch (*p++) {
	case GT_FR_Strings:
		r = gt_table_add_strings(gen->table, p, end, err);
		break;
	case GT_FR_Stacks:
		r = gt_table_add_stacks(gen->table, p, end, err);
		break;
	case GT_FR_CPUSamples:
		r = add_samples(gen, p, end, err);
		break;
	case GT_FR_Sync:
		r = gt_snapshot_read(&gen->snapshot, batch->time, p, end, err);
		break;
	default:
		r = add_frequency(gen, p, end, err);
	}
	gt_arena_return(&gen->arena, batch);
	return r;
}

static bool is_table(const struct gt_generation *gen, const struct gt_batch *batch)
{
	enum gt_batch_kind kind = gt_batch_kind(batch);

	if (kind == GT_BATCH_CLOCK)
		return (batch->first == GT_FR_Sync) == (gen->in->version >= GT_GO_SYNC);
	return kind != GT_BATCH_EVENTS;
}

/* Takes in a batch, the last piece of the arena. */
static int add(struct gt_generation *gen, struct gt_batch *batch, struct gt_error *err)
{
	err->offset = batch->offset;
	err->gen = batch->gen;
	if (gen->first_time == 0 || batch->time < gen->first_time)
		gen->first_time = batch->time;
	if (batch->experiment != 0)
		return add_experiment(gen, batch, err);
	return is_table(gen, batch) ? add_table(gen, batch, err) : add_events(gen, batch, err);
}

/* Keeps what opens the next generation while the memory of this one is used again. */
static int spill(struct gt_generation *gen, const struct gt_batch *batch, struct gt_error *err)
{
	gen->spill = gt_batch_copy(batch, &gen->spilled);
	return gen->spill != NULL ? 1 : no_memory(err);
}

static int out_of_order(const struct gt_generation *gen, const struct gt_batch *batch, struct gt_error *err)
{
	err->offset = batch->offset;
	if (batch->gen == 0)
		return gt_error_set(err, GT_ERR_FORMAT, "a batch of generation 0");
	return gt_error_set(err, GT_ERR_FORMAT, "generation %" PRIu64 " follows generation %" PRIu64, batch->gen,
			    gen->gen);
}

/* Reads batches up to the end that the generation says. 1; 0 when there is nothing; -1 with *err. */
static int collect_ended(struct gt_generation *gen, struct gt_input *in, struct gt_error *err)
{
	struct gt_batch *batch = NULL;
	int r;

	while ((r = gt_batch_read(in, &gen->arena, &batch, err)) == 1) {
		if (gen->gen == 0)
			gen->gen = batch->gen;
		if (batch->gen == 0 || batch->gen != gen->gen)
			return out_of_order(gen, batch, err);
		if (add(gen, batch, err) < 0)
			return -1;
	}
	if (r == 0 && gen->gen != 0) {
		err->offset = gt_input_offset(in);
		return gt_error_set(err, GT_ERR_TRUNCATED, "the file ends in generation %" PRIu64, gen->gen);
	}
	return r == GT_BATCH_END ? 1 : r;
}

/* Reads batches up to the first of another generation. 1, or -1 with *err. */
static int collect(struct gt_generation *gen, struct gt_input *in, struct gt_error *err, struct gt_error *later)
{
	for (;;) {
		struct gt_batch *batch = NULL;
		int r = gt_batch_read(in, &gen->arena, &batch, later);

		if (r == 0 || (r < 0 && gen->gen != 0))
			return 1;
		if (r < 0) {
			*err = *later;
			return -1;
		}
		if (gen->gen == 0)
			gen->gen = batch->gen;
		/* The check for 0 also keeps the number behind 2^64-1 from following it. */
		if (batch->gen != 0 && batch->gen == gen->gen + 1)
			return spill(gen, batch, err);
		if (batch->gen == 0 || batch->gen != gen->gen)
			return out_of_order(gen, batch, err);
		if (add(gen, batch, err) < 0)
			return -1;
	}
}

static int by_time(const void *a, const void *b)
{
	const struct gt_sample *x = a, *y = b;

	return (x->time > y->time) - (x->time < y->time);
}

/* What can only be done when all batches are in. 1, or -1 with *err. */
static int finish(struct gt_generation *gen, struct gt_error *err, const struct gt_error *later)
{
	err->offset = 0;
	err->gen = gen->gen;
	if (!gen->snapshot.has_frequency && later->code != GT_ERR_NONE) {
		*err = *later;
		return -1;
	}
	if (start_clock(gen, err) < 0 || gt_table_resolve(gen->table, err) < 0)
		return -1;
	for (size_t i = 0; i < gen->nsamples; i++) {
		gen->samples[i].time = gt_generation_ns(gen, (uint64_t)gen->samples[i].time);
		if (gt_table_stack(gen->table, gen->samples[i].stack) == NULL)
			return gt_error_set(err, GT_ERR_FORMAT, "a sample names stack %" PRIu64 ", which is not there",
					    gen->samples[i].stack);
	}
	if (gen->nsamples > 1)
		qsort(gen->samples, gen->nsamples, sizeof(*gen->samples), by_time);
	gt_error_clear(err);
	return 1;
}

int gt_generation_read(struct gt_generation *gen, struct gt_input *in, struct gt_error *err, struct gt_error *later)
{
	bool first = gen->gen == 0;
	int r;

	if (!first && gen->spill == NULL && in->version < GT_GO_END)
		return 0;
	clear(gen);
	gen->in = in;
	gen->from = gen->spill != NULL ? gen->spill->offset : gt_input_offset(in);
	if (gen->spill != NULL) {
		struct gt_batch *batch = gt_batch_copy(gen->spill, &gen->arena);

		gen->spill = NULL;
		gt_arena_clear(&gen->spilled);
		if (batch == NULL)
			return no_memory(err);
		gen->gen = batch->gen;
		if (add(gen, batch, err) < 0)
			return -1;
	}
	r = in->version >= GT_GO_END ? collect_ended(gen, in, err) : collect(gen, in, err, later);
	return r > 0 ? finish(gen, err, later) : r;
}
