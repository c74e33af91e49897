/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading of batches: the head at once, the payload at once from what can be read only once. */
#include "batch.h"

#include "../shim/format/event.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(struct gt_batch) + GT_MAX_PAYLOAD <= GT_ARENA_MOST, "a batch is one piece of an arena");

enum gt_batch_kind gt_batch_kind(const struct gt_batch *batch)
{
	if (batch->experiment != 0)
		return GT_BATCH_EXPERIMENT;
	switch (batch->first) {
	case GT_FR_Strings:
		return GT_BATCH_STRINGS;
	case GT_FR_Stacks:
		return GT_BATCH_STACKS;
	case GT_FR_CPUSamples:
		return GT_BATCH_SAMPLES;
	case GT_FR_Frequency:
	case GT_FR_Sync:
		return GT_BATCH_CLOCK;
	default:
		return GT_BATCH_EVENTS;
	}
}

/* Reads a number of the head. */
static int head(struct gt_input *in, const char *what, uint64_t *v, struct gt_error *err)
{
	int r = gt_input_varint(in, v);

	if (r < 0)
		return gt_error_set(err, GT_ERR_FORMAT, "the %s of a batch is malformed", what);
	if (r == 0)
		return gt_error_set(err, GT_ERR_TRUNCATED, "the file ends in the head of a batch");
	return 0;
}

static int cut(struct gt_error *err, size_t len, uint64_t size)
{
	return gt_error_set(err, GT_ERR_TRUNCATED, "the file ends in a batch: %zu of %" PRIu64 " bytes are there", len,
			    size);
}

static struct gt_batch *payload(struct gt_input *in, struct gt_arena *arena, uint64_t size, struct gt_error *err)
{
	struct gt_batch *batch = gt_arena_take(arena, sizeof(*batch) + (in->regular ? 0 : size));
	int first = size > 0 ? gt_input_peek(in) : 0;
	uint8_t *data;
	size_t len;

	if (batch == NULL) {
		gt_error_set(err, GT_ERR_IO, "not enough memory");
		return NULL;
	}
	data = (uint8_t *)(batch + 1);
	memset(batch, 0, sizeof(*batch));
	batch->payload = gt_input_offset(in);
	batch->first = first > 0 ? (uint8_t)first : 0;
	if (!in->regular)
		batch->data = data;
	batch->len = (uint32_t)size;
	len = in->regular ? gt_input_skip(in, size) : gt_input_read(in, data, size);
	if (len == size)
		return batch;
	cut(err, len, size);
	gt_arena_return(arena, batch);
	return NULL;
}

static int rest(struct gt_input *in, struct gt_arena *arena, int experiment, struct gt_batch **batch,
		struct gt_error *err)
{
	uint64_t gen, m, time, size;

	if (head(in, "generation", &gen, err) < 0)
		return -1;
	err->gen = gen;
	if (head(in, "thread", &m, err) < 0 || head(in, "time", &time, err) < 0 || head(in, "size", &size, err) < 0)
		return -1;
	err->m = (int64_t)m;
	if (size > GT_MAX_PAYLOAD)
		return gt_error_set(err, GT_ERR_FORMAT, "a batch of %" PRIu64 " bytes, %d are allowed", size,
				    GT_MAX_PAYLOAD);
	*batch = payload(in, arena, size, err);
	if (*batch == NULL)
		return -1;
	(*batch)->gen = gen;
	(*batch)->m = (int64_t)m;
	(*batch)->time = time;
	(*batch)->experiment = (uint8_t)experiment;
	return 1;
}

int gt_batch_read(struct gt_input *in, struct gt_arena *arena, struct gt_batch **batch, struct gt_error *err)
{
	uint64_t offset = gt_input_offset(in);
	int type = gt_input_byte(in);
	int experiment = 0;
	int r;

	if (type < 0 && !in->failed)
		return 0;
	if (type == GT_FR_EndOfGeneration && in->version >= GT_GO_END)
		return GT_BATCH_END;
	err->offset = offset;
	if (type >= 0 && type != GT_FR_EventBatch && type != GT_FR_ExperimentalBatch)
		return gt_error_set(err, GT_ERR_FORMAT, "a batch cannot start with byte %d", type);
	if (type == GT_FR_ExperimentalBatch)
		experiment = gt_input_byte(in);
	if (experiment < 0 && !in->failed)
		return gt_error_set(err, GT_ERR_TRUNCATED, "the file ends in the head of a batch");
	r = in->failed ? -1 : rest(in, arena, experiment, batch, err);
	if (in->failed) {
		err->code = GT_ERR_NONE;
		return gt_error_set(err, GT_ERR_IO, "cannot read: %s", strerror(in->failed));
	}
	if (r > 0) {
		(*batch)->offset = offset;
		gt_error_clear(err);
	}
	return r;
}

static bool has_room(struct gt_room *room, size_t size)
{
	uint8_t *bytes;

	if (room->size >= size)
		return true;
	bytes = realloc(room->bytes, size);
	if (bytes == NULL)
		return false;
	room->bytes = bytes;
	room->size = size;
	return true;
}

const uint8_t *gt_batch_payload(const struct gt_batch *batch, const struct gt_input *in, struct gt_room *room,
				struct gt_error *err)
{
	long got;

	if (batch->data != NULL)
		return batch->data;
	/* At least one byte: no payload is not no memory. */
	if (!has_room(room, batch->len + 1)) {
		gt_error_set(err, GT_ERR_IO, "not enough memory");
		return NULL;
	}
	got = gt_input_at(in, batch->payload, room->bytes, batch->len);
	if (got == (long)batch->len)
		return room->bytes;
	if (got < 0)
		gt_error_set(err, GT_ERR_IO, "cannot read: %s", strerror(errno));
	else
		cut(err, (size_t)got, batch->len);
	return NULL;
}

struct gt_batch *gt_batch_copy(const struct gt_batch *batch, struct gt_arena *arena)
{
	size_t len = batch->data != NULL ? batch->len : 0;
	struct gt_batch *copy = gt_arena_take(arena, sizeof(*copy) + len);

	if (copy == NULL)
		return NULL;
	*copy = *batch;
	if (batch->data != NULL) {
		memcpy(copy + 1, batch->data, len);
		copy->data = (const uint8_t *)(copy + 1);
	}
	return copy;
}
