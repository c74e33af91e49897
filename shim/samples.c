/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A place is claimed by the head, filled, and published by its mark. Only the switcher moves the tail, up to the first place
 * that is not published yet.
 */
#include "samples.h"

#include "batch.h"
#include "format/event.h"
#include "heap.h"
#include "thread.h"

enum { SAMPLE_ROOM = 1 + 5 * GT_MAX_VARINT };

struct place {
	_Atomic uint32_t filled;
	struct gt_sample_record sample;
};

static struct queue {
	struct place *place;
	_Atomic uint32_t head, tail; /* counted on, modulo 2^32 */
} queues[2];

bool gt_samples_start(void)
{
	for (int i = 0; i < 2; i++) {
		if (!queues[i].place)
			queues[i].place = gt_heap_take(GT_SAMPLES_MAX * sizeof(struct place));
		if (!queues[i].place)
			return false;
		gt_samples_forget((uint32_t)i);
	}
	return true;
}

static uint32_t length(const struct queue *q)
{
	return atomic_load(&q->head) - atomic_load(&q->tail);
}

bool gt_samples_put(uint32_t gen, const struct gt_sample_record *sample)
{
	struct queue *q = &queues[gen & 1];
	uint32_t head = atomic_load(&q->head);
	struct place *place;

	do {
		if (head - atomic_load(&q->tail) >= GT_SAMPLES_MAX) {
			gt_drop(GT_DROP_SAMPLES);
			return false;
		}
	} while (!atomic_compare_exchange_weak(&q->head, &head, head + 1));
	place = &q->place[head % GT_SAMPLES_MAX];
	place->sample = *sample;
	atomic_store_explicit(&place->filled, 1, memory_order_release);
	return true;
}

bool gt_samples_are_many(uint32_t gen)
{
	return length(&queues[gen & 1]) >= GT_SAMPLES_MANY;
}

static struct place *next(struct queue *q)
{
	struct place *place = &q->place[atomic_load(&q->tail) % GT_SAMPLES_MAX];

	return length(q) && atomic_load_explicit(&place->filled, memory_order_acquire) ? place : NULL;
}

static void take_out(struct queue *q, struct place *place)
{
	atomic_store(&place->filled, 0);
	atomic_fetch_add(&q->tail, 1);
}

static void write_one(const struct gt_sample_record *s)
{
	gt_batch_room(SAMPLE_ROOM);
	gt_batch_byte(GT_FR_CPUSample);
	gt_batch_varint(s->time / GT_UNIT_NS);
	gt_batch_varint(s->tid);
	gt_batch_varint(s->proc);
	gt_batch_varint(s->goid);
	gt_batch_varint(s->stack);
}

void gt_samples_write(uint32_t gen)
{
	static const char lead = GT_FR_CPUSamples;
	struct queue *q = &queues[gen & 1];
	struct place *place;

	if (!length(q))
		return;
	gt_batch_begin(gen, GT_NONE, 0, &lead, 1, false);
	while ((place = next(q))) {
		write_one(&place->sample);
		take_out(q, place);
	}
	gt_batch_end();
}

void gt_samples_forget(uint32_t gen)
{
	struct queue *q = &queues[gen & 1];

	while (length(q))
		take_out(q, &q->place[atomic_load(&q->tail) % GT_SAMPLES_MAX]);
}
