/* SPDX-License-Identifier: BSD-3-Clause */
#include "late_samples.h"

#include "../shim/format/sample.h"
#include "cli.h"
#include "live.h"

#include <stdlib.h>
#include <string.h>

struct gt_sample_key {
	uint64_t time, tid;
};

/* Number `i` of them, unless it is not there yet. */
static void take(struct gt_late_samples *late, const struct gt_live *live, uint64_t queue, uint32_t i)
{
	uint64_t at = queue + offsetof(struct gt_live_samples, place[0]) +
		      i % GT_LIVE_SAMPLES_MAX * sizeof(struct gt_live_sample);
	struct gt_live_sample *to = &late->sample[late->n];

	if (gt_live_read(live, at, to, sizeof(*to)) && to->filled == 1)
		late->n++;
}

/* The head gives away that a place was used again while we read: it went round before. */
void gt_late_samples_read(struct gt_late_samples *late, const struct gt_live *live, int parity)
{
	enum { ENDS = offsetof(struct gt_live_samples, place) };
	uint64_t queue = live->head->samples[parity];
	uint32_t ends[2], again[2], waiting;

	memset(late, 0, sizeof(*late));
	_Static_assert(sizeof(ends) == ENDS && offsetof(struct gt_live_samples, tail) == sizeof(ends[0]), "head, tail");
	if (!gt_live_read(live, queue, ends, ENDS) || (waiting = ends[0] - ends[1]) > GT_LIVE_SAMPLES_MAX)
		return;
	late->sample = gt_cli_alloc(waiting + 1, sizeof(*late->sample));
	for (uint32_t i = 0; i < waiting; i++)
		take(late, live, queue, ends[1] + i);
	if (!gt_live_read(live, queue, again, ENDS) || again[0] - ends[1] > GT_LIVE_SAMPLES_MAX)
		late->n = 0;
}

void gt_late_samples_written(struct gt_late_samples *late, const uint8_t *p, const uint8_t *end)
{
	uint64_t v[5];

	late->is_sorted = false;
	while (p != NULL && p < end && *p == GT_FR_CPUSample) {
		p = gt_varint_get_all(p + 1, end, v, 5);
		if (p == NULL)
			break;
		if ((late->nwritten & (late->nwritten - 1)) == 0)
			late->written = gt_cli_grow(late->written, late->nwritten == 0 ? 1 : 2 * late->nwritten,
						    sizeof(*late->written));
		late->written[late->nwritten++] = (struct gt_sample_key){v[0], v[1]};
	}
}

static int by_key(const void *a, const void *b)
{
	const struct gt_sample_key *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return (x->tid > y->tid) - (x->tid < y->tid);
}

static bool is_written(struct gt_late_samples *late, const struct gt_live_sample *sample)
{
	struct gt_sample_key key = {sample->time / GT_UNIT_NS, sample->tid};

	if (late->nwritten == 0)
		return false;
	if (!late->is_sorted)
		qsort(late->written, late->nwritten, sizeof(key), by_key);
	late->is_sorted = true;
	return bsearch(&key, late->written, late->nwritten, sizeof(key), by_key) != NULL;
}

size_t gt_late_samples_next(struct gt_late_samples *late, uint8_t payload[GT_MAX_PAYLOAD])
{
	uint8_t *p = payload;

	*p++ = GT_FR_CPUSamples;
	for (; late->at < late->n && payload + GT_MAX_PAYLOAD - p >= GT_SAMPLE_ROOM; late->at++) {
		if (!is_written(late, &late->sample[late->at]))
			p = gt_sample_put(p, &late->sample[late->at]);
	}
	return p - payload > 1 ? (size_t)(p - payload) : 0;
}

void gt_late_samples_free(struct gt_late_samples *late)
{
	free(late->sample);
	free(late->written);
	memset(late, 0, sizeof(*late));
}
