/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading of batches, and of the facts that belong to their events. */
#include "batch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

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

static struct gt_batch *payload(struct gt_input *in, uint64_t size, struct gt_error *err)
{
	struct gt_batch *batch = malloc(sizeof(*batch) + size);

	if (batch == NULL) {
		gt_error_set(err, GT_ERR_IO, "not enough memory");
		return NULL;
	}
	memset(batch, 0, sizeof(*batch));
	batch->len = gt_input_read(in, batch->data, size);
	if (batch->len == size)
		return batch;
	gt_error_set(err, GT_ERR_TRUNCATED, "the file ends in a batch: %zu of %" PRIu64 " bytes are there", batch->len,
		     size);
	free(batch);
	return NULL;
}

static int rest(struct gt_input *in, int experiment, struct gt_batch **batch, struct gt_error *err)
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
	*batch = payload(in, size, err);
	if (*batch == NULL)
		return -1;
	(*batch)->gen = gen;
	(*batch)->m = (int64_t)m;
	(*batch)->time = time;
	(*batch)->experiment = (uint8_t)experiment;
	return 1;
}

int gt_batch_read(struct gt_input *in, struct gt_batch **batch, struct gt_error *err)
{
	uint64_t offset = gt_input_offset(in);
	int type = gt_input_byte(in);
	int experiment = 0;
	int r;

	if (type < 0 && !in->failed)
		return 0;
	err->offset = offset;
	if (type >= 0 && type != GT_FR_EventBatch && type != GT_FR_ExperimentalBatch)
		return gt_error_set(err, GT_ERR_FORMAT, "a batch cannot start with byte %d", type);
	if (type == GT_FR_ExperimentalBatch)
		experiment = gt_input_byte(in);
	if (experiment < 0 && !in->failed)
		return gt_error_set(err, GT_ERR_TRUNCATED, "the file ends in the head of a batch");
	r = in->failed ? -1 : rest(in, experiment, batch, err);
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

void gt_batch_free(struct gt_batch *batch)
{
	if (batch == NULL)
		return;
	free(batch->facts);
	free(batch);
}

int gt_batch_tie(struct gt_batch *to, const struct gt_batch *from)
{
	const uint8_t *p = from->data + GT_FACTS_MAGIC_LEN;
	const uint8_t *end = from->data + from->len;
	struct gt_fact_record fact;

	while (gt_fact_next(&p, end, &fact)) {
		if (gt_fact_spec[fact.number].tied != GT_TIE_EVENT)
			continue;
		if ((to->nfacts & (to->nfacts - 1)) == 0) {
			size_t room = to->nfacts == 0 ? 1 : 2 * to->nfacts;
			void *facts = realloc(to->facts, room * sizeof(fact));

			if (facts == NULL)
				return 0;
			to->facts = facts;
		}
		to->facts[to->nfacts++] = fact;
	}
	return 1;
}

static int by_position(const void *a, const void *b)
{
	const struct gt_fact_record *x = a, *y = b;

	if (x->position != y->position)
		return x->position < y->position ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

void gt_batch_sort_facts(struct gt_batch *batch)
{
	if (batch->nfacts > 1)
		qsort(batch->facts, batch->nfacts, sizeof(*batch->facts), by_position);
}
