/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A place is claimed by the head, filled, and published by its mark. Only the switcher moves the tail, up to the first place
 * that is not published yet, and when the file has what was in front: a process that is killed in between has some in both.
 */
#include "samples.h"

#include "batch.h"
#include "format/sample.h"
#include "live.h"
#include "thread.h"

_Static_assert(sizeof(struct gt_live_samples) <= GT_LIVE_SAMPLES &&
		       (GT_LIVE_SAMPLES_MAX & (GT_LIVE_SAMPLES_MAX - 1)) == 0,
	       "numbers go round with the places");

static struct {
	bool are_wanted;
	struct gt_live_samples *queue[2]; /* by generation parity; NULL: there is no room */
	uint32_t written[2]; /* what the sink was given: from the tail to before this one */
} samples;

static struct gt_live_samples *queue_of(uint32_t gen)
{
	return samples.queue[gen & 1];
}

static struct gt_live_sample *place_of(struct gt_live_samples *q, uint32_t number)
{
	return &q->place[number % GT_LIVE_SAMPLES_MAX];
}

void gt_samples_start(void)
{
	if (samples.are_wanted)
		return;
	samples.are_wanted = true;
	if (gt_live_head())
		gt_samples_attach();
}

void gt_samples_attach(void)
{
	const struct gt_live_head *h = gt_live_head();
	bool is_solid = samples.are_wanted && gt_live_solid(h->samples[0], h->samples[1] + GT_LIVE_SAMPLES);

	for (int i = 0; i < 2; i++) {
		samples.queue[i] = is_solid ? gt_live_at(h->samples[i]) : NULL;
		samples.written[i] = 0;
	}
}

static uint32_t length(const struct gt_live_samples *q)
{
	return q ? atomic_load(&q->head) - atomic_load(&q->tail) : 0;
}

bool gt_samples_put(uint32_t gen, const struct gt_live_sample *sample)
{
	struct gt_live_samples *q = queue_of(gen);
	uint32_t head = q ? atomic_load(&q->head) : 0;
	struct gt_live_sample *place;

	do {
		if (!q || head - atomic_load(&q->tail) >= GT_LIVE_SAMPLES_MAX) {
			gt_drop(GT_DROP_SAMPLES);
			return false;
		}
	} while (!atomic_compare_exchange_weak(&q->head, &head, head + 1));
	place = place_of(q, head);
	place->time = sample->time;
	place->goid = sample->goid;
	place->proc = sample->proc;
	place->stack = sample->stack;
	place->tid = sample->tid;
	__atomic_store_n(&place->filled, 1, __ATOMIC_RELEASE);
	return true;
}

bool gt_samples_are_many(uint32_t gen)
{
	return length(queue_of(gen)) >= GT_SAMPLES_MANY;
}

/* The first one that is not filled yet ends it. */
static const struct gt_live_sample *next(struct gt_live_samples *q, uint32_t number)
{
	const struct gt_live_sample *place = place_of(q, number);

	return number != atomic_load(&q->head) && __atomic_load_n(&place->filled, __ATOMIC_ACQUIRE) ? place : NULL;
}

/* Up to `end`: whoever reads the live file of a killed process finds them there or, by then, in the trace file. */
static void take_out(struct gt_live_samples *q, uint32_t end)
{
	for (uint32_t i = atomic_load(&q->tail); i != end; i++)
		__atomic_store_n(&place_of(q, i)->filled, 0, __ATOMIC_RELAXED);
	atomic_store(&q->tail, end);
}

static void write_one(const struct gt_live_sample *s)
{
	uint8_t record[GT_SAMPLE_ROOM];

	gt_batch_room(GT_SAMPLE_ROOM);
	gt_batch_bytes(record, (size_t)(gt_sample_put(record, s) - record));
}

void gt_samples_write(uint32_t gen)
{
	static const char lead = GT_FR_CPUSamples;
	struct gt_live_samples *q = queue_of(gen);
	uint32_t *number = &samples.written[gen & 1];
	const struct gt_live_sample *sample;

	if (!length(q))
		return;
	gt_batch_begin(gen, GT_NONE, 0, &lead, 1, false);
	for (; (sample = next(q, *number)); ++*number)
		write_one(sample);
	gt_batch_end();
}

void gt_samples_written(uint32_t gen)
{
	struct gt_live_samples *q = queue_of(gen);

	if (q)
		take_out(q, samples.written[gen & 1]);
}

void gt_samples_forget(uint32_t gen)
{
	struct gt_live_samples *q = queue_of(gen);

	if (!q)
		return;
	samples.written[gen & 1] = atomic_load(&q->head);
	gt_samples_written(gen);
}
