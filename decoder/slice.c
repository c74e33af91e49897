/* SPDX-License-Identifier: BSD-3-Clause */
#include "slice.h"

#include "../shim/format/spec.h"
#include "../shim/format/varint.h"
#include "fact.h"
#include "unpack.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The times of a generation in clock units, and what a unit is. */
struct times {
	uint64_t first, last, frequency;
	uint64_t events;
};

static void take_time(struct times *t, uint64_t time)
{
	if (t->events == 0 || time < t->first)
		t->first = time;
	if (t->events == 0 || time > t->last)
		t->last = time;
	t->events++;
}

/* What is malformed ends the walk: whoever reads the events says so. */
static void take_events(struct times *t, const struct gt_batch *b, const uint8_t *p)
{
	const uint8_t *end = p + b->len;
	uint64_t time = b->time, dt;

	while (p != NULL && p < end && gt_event_is_timed(*p)) {
		unsigned nargs = gt_event_spec[*p].nargs;

		p = gt_varint_get(p + 1, end, &dt);
		if (p == NULL)
			break;
		time += dt;
		take_time(t, time);
		p = gt_varint_skip(p, end, nargs);
	}
}

static void take_samples(struct times *t, const struct gt_batch *b, const uint8_t *p)
{
	const uint8_t *end = p + b->len;
	uint64_t time;

	p++;
	while (p != NULL && p < end && *p == GT_FR_CPUSample) {
		p = gt_varint_get(p + 1, end, &time);
		if (p == NULL)
			break;
		take_time(t, time);
		p = gt_varint_skip(p, end, 4);
	}
}

static void take_clock(struct times *t, struct gt_slice *slice, const struct gt_batch *b, const uint8_t *p)
{
	struct gt_error err = {0};

	if (b->first == GT_FR_Frequency)
		gt_varint_get(p + 1, p + b->len, &t->frequency);
	else
		gt_snapshot_read(&slice->snapshot, b->time, p + 1, p + b->len, &err);
}

static void take_batch(struct times *t, struct gt_slice *slice, const struct gt_batch *b)
{
	enum gt_batch_kind kind = gt_batch_kind(b);
	const uint8_t *p;

	/* Others, which may be long, have no times. */
	if (b->len == 0 || (kind != GT_BATCH_CLOCK && kind != GT_BATCH_SAMPLES && kind != GT_BATCH_EVENTS))
		return;
	p = gt_slice_payload(slice, b);
	if (p == NULL)
		return;
	if (kind == GT_BATCH_CLOCK)
		take_clock(t, slice, b, p);
	else if (kind == GT_BATCH_SAMPLES)
		take_samples(t, b, p);
	else
		take_events(t, b, p);
}

static int64_t nanoseconds(const struct times *t, uint64_t units)
{
	double ns = (double)units * (1.0 / ((double)t->frequency / 1e9));

	if (!(ns >= -0x1p63 && ns < 0x1p63))
		return INT64_MAX;
	return (int64_t)ns;
}

static void finish(struct gt_slice *slice)
{
	struct times t = {.frequency = 1000000000};

	for (const struct gt_batch *b = slice->first; b != NULL; b = b->next)
		take_batch(&t, slice, b);
	if (slice->snapshot.has_frequency)
		t.frequency = slice->snapshot.frequency;
	slice->snapped = nanoseconds(&t, slice->snapshot.time);
	if (t.events == 0)
		t.first = t.last = slice->snapshot.time;
	slice->is.from = nanoseconds(&t, t.first);
	slice->is.to = nanoseconds(&t, t.last);
	slice->is.events = t.events;
}

static void append(struct gt_slice *slice, struct gt_batch *batch)
{
	slice->is.gen = batch->gen;
	if (slice->first == NULL)
		slice->first = batch;
	else
		slice->last->next = batch;
	slice->last = batch;
}

/* Keeps what opens the next generation while the memory of this one is used again, and back. */
static int keep(struct gt_batch **kept, const struct gt_batch *batch, struct gt_arena *arena, struct gt_error *err)
{
	*kept = gt_batch_copy(batch, arena);
	return *kept != NULL ? 0 : gt_error_set(err, GT_ERR_IO, "not enough memory");
}

static void forget(struct gt_slice *slice)
{
	gt_arena_clear(&slice->arena);
	memset(&slice->is, 0, sizeof(slice->is));
	memset(&slice->snapshot, 0, sizeof(slice->snapshot));
	slice->first = slice->last = NULL;
}

/* Reads batches up to the end of the generation, or to the first of another one. 0, or -1 with *err. */
static int collect(struct gt_slice *slice, struct gt_input *in, struct gt_error *err)
{
	struct gt_batch *batch;
	int more;

	while ((more = gt_batch_read(in, &slice->arena, &batch, err)) == 1) {
		if (slice->first != NULL && batch->gen != slice->is.gen)
			return keep(&slice->spill, batch, &slice->spilled, err);
		append(slice, batch);
	}
	if (more == 0 && in->version >= GT_GO_END && slice->first != NULL)
		return gt_error_set(err, GT_ERR_TRUNCATED, "the file ends in generation %" PRIu64, slice->is.gen);
	return more < 0 ? -1 : 0;
}

int gt_slice_read(struct gt_slice *slice, struct gt_input *in, struct gt_error *err)
{
	struct gt_batch *batch = NULL;
	int result = 0;

	forget(slice);
	slice->in = in;
	if (slice->spill != NULL) {
		result = keep(&batch, slice->spill, &slice->arena, err);
		slice->spill = NULL;
		gt_arena_clear(&slice->spilled);
		if (result == 0)
			append(slice, batch);
	}
	if (result == 0)
		result = collect(slice, in, err);
	if (result < 0)
		forget(slice);
	else
		finish(slice);
	return result < 0 ? -1 : slice->first != NULL;
}

const uint8_t *gt_slice_payload(struct gt_slice *slice, const struct gt_batch *batch)
{
	struct gt_error err = {0};

	return gt_batch_payload(batch, slice->in, &slice->room, &err);
}

const uint8_t *gt_slice_facts(struct gt_slice *slice, const struct gt_batch *batch, const uint8_t **end)
{
	const uint8_t *p = batch->experiment != 0 ? gt_slice_payload(slice, batch) : NULL;

	if (p == NULL || !gt_fact_is_ours(batch->experiment, p, p + batch->len))
		return NULL;
	*end = p + batch->len;
	if (gt_unpack_needed(p) && !gt_unpack_tells(p, *end))
		return NULL;
	return gt_unpack(p, end, &slice->unpacked);
}

static void put_varint(struct gt_out *out, uint64_t v)
{
	uint8_t bytes[GT_MAX_VARINT];

	gt_out_bytes(out, bytes, (size_t)(gt_varint_put(bytes, v) - bytes));
}

void gt_slice_head(struct gt_out *out, uint8_t experiment, uint64_t gen, int64_t m, uint64_t time, size_t len)
{
	if (experiment != 0) {
		gt_out_char(out, GT_FR_ExperimentalBatch);
		gt_out_char(out, (char)experiment);
	} else {
		gt_out_char(out, GT_FR_EventBatch);
	}
	put_varint(out, gen);
	put_varint(out, (uint64_t)m);
	put_varint(out, time);
	put_varint(out, len);
}

void gt_slice_write(struct gt_slice *slice, struct gt_out *out)
{
	for (const struct gt_batch *b = slice->first; b != NULL && !out->failed; b = b->next) {
		const uint8_t *payload = gt_slice_payload(slice, b);

		gt_slice_head(out, b->experiment, b->gen, b->m, b->time, b->len);
		if (payload != NULL)
			gt_out_bytes(out, payload, b->len);
		gt_out_relax(out);
	}
	if (slice->in->version >= GT_GO_END)
		gt_out_char(out, GT_FR_EndOfGeneration);
}

bool gt_stretch_same(const struct gt_stretch *a, const struct gt_stretch *b)
{
	return a->gen == b->gen && a->events == b->events && a->from == b->from && a->to == b->to;
}

void gt_slice_free(struct gt_slice *slice)
{
	gt_arena_free(&slice->arena);
	gt_arena_free(&slice->spilled);
	free(slice->room.bytes);
	free(slice->unpacked.bytes);
	memset(slice, 0, sizeof(*slice));
}
