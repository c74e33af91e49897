/* SPDX-License-Identifier: BSD-3-Clause */
#include "stopped.h"

#include "batch.h"
#include "clock.h"
#include "gate.h"
#include "heap.h"
#include "os.h"
#include "section.h"
#include "status.h"

#include <sys/resource.h>

enum { LEAST_NS = 20000000, EVENT_ROOM = 64 };

/* A thread that ran when the process came back. */
struct runner {
	uint64_t goid;
	const struct gt_buf *buf; /* NULL: it is not mentioned in the generation */
	uint64_t serial; /* of that buffer */
	uint32_t used; /* of it when gseq was read */
	uint32_t index;
	uint32_t tid;
	uint32_t gseq;
	bool is_silent; /* has written nothing since */
};

static struct {
	struct gt_gap gap[GT_GAPS];
	int gaps;
	struct runner *runner;
	uint32_t runners;
} stopped;

bool gt_stopped_start(uint32_t max_threads)
{
	stopped.gaps = 0;
	stopped.runners = 0;
	stopped.runner = gt_heap_take(max_threads * sizeof(*stopped.runner));
	return stopped.runner != NULL;
}

/* How often the calling thread went to sleep by itself, or was stopped. */
static long sleeps(void)
{
	struct rusage usage = {0};

	GT_SYSCALL(SYS_getrusage, RUSAGE_THREAD, &usage, 0, 0);
	return usage.ru_nvcsw;
}

static void note(uint64_t length)
{
	uint32_t gen = atomic_load(&gt_gate.gen);
	uint64_t now = gt_clock_now(gen);

	if (gen && stopped.gaps < GT_GAPS)
		stopped.gap[stopped.gaps++] = (struct gt_gap){gt_clock_whole(now - length), now};
}

void gt_stopped_wait(const _Atomic uint32_t *word, uint32_t value, uint64_t ns)
{
	long before = sleeps();
	uint64_t due = gt_clock_monotonic() + ns;
	uint64_t now;

	gt_os_wait(word, value, ns);
	now = gt_clock_monotonic();
	if (now > due + LEAST_NS && sleeps() - before >= 2)
		note(now - due);
}

int gt_stopped_gaps(const struct gt_gap **gaps)
{
	*gaps = stopped.gap;
	return stopped.gaps;
}

void gt_stopped_done(void)
{
	stopped.gaps = 0;
	stopped.runners = 0;
}

static const struct gt_gap *last_gap(void)
{
	return &stopped.gap[stopped.gaps - 1];
}

/* Its next operation must go into the buffer at hand, or settling could not see it. */
static bool has_room(const struct gt_buf *b)
{
	return b->top - (uint32_t)(b->data - (const uint8_t *)b) - b->used >= GT_OP_ROOM;
}

/*
 * It may be in a section that began before the stop: what it writes there has a time from before, and changes gseq. So it is
 * silent while no more of the buffer is in use, which is read first.
 */
static void take(struct gt_thread *t, uint32_t gen)
{
	const struct gt_buf *b = atomic_load(&t->buf[gen & 1]);
	uint32_t used = b ? __atomic_load_n(&b->used, __ATOMIC_ACQUIRE) : 0;
	bool is_mentioned = t->traced[gen & 1] == gen;

	if (atomic_load(&t->state) != GT_T_RUN || !t->proc || is_mentioned != (b != NULL))
		return;
	if (b && (b->gen != gen || b->last > last_gap()->from || !has_room(b)))
		return;
	stopped.runner[stopped.runners++] = (struct runner){
		.goid = t->goid,
		.buf = b,
		.serial = b ? b->serial : 0,
		.used = used,
		.index = t->index,
		.tid = atomic_load(&t->tid),
		.gseq = is_mentioned ? t->gseq : 0,
	};
}

void gt_stopped_take(uint32_t gen)
{
	uint32_t n = gt_thread_count();

	stopped.runners = 0;
	for (uint32_t i = 1; stopped.gaps && i <= n; i++)
		take(gt_thread_at(i), gen);
}

void gt_stopped_settle(uint32_t gen)
{
	for (uint32_t i = 0; i < stopped.runners; i++) {
		struct runner *r = &stopped.runner[i];

		if (r->buf)
			r->is_silent = r->buf->serial == r->serial && r->buf->used == r->used;
		else
			r->is_silent = *(volatile uint32_t *)&gt_thread_at(r->index)->traced[gen & 1] != gen;
	}
}

static void write(const struct runner *r, uint32_t gen, uint64_t from, uint64_t to)
{
	gt_batch_begin(gen, r->tid, from, NULL, 0, false);
	gt_batch_room(EVENT_ROOM);
	gt_batch_byte(GT_EV_GoStop);
	gt_batch_varint(0);
	gt_batch_varint(gt_stop_string(GT_STOP_PREEMPTED).v);
	gt_batch_varint(0);
	gt_batch_byte(GT_EV_GoStart);
	gt_batch_varint(to / GT_UNIT_NS - from / GT_UNIT_NS);
	gt_batch_varint(r->goid);
	gt_batch_varint(r->gseq + 1);
	gt_batch_end();
}

/* No two batches have the same time: a reader may choose at random between those. */
void gt_stopped_write(uint32_t gen)
{
	uint64_t from = stopped.gaps ? last_gap()->from : 0;

	for (uint32_t i = 0; i < stopped.runners; i++) {
		if (!stopped.runner[i].is_silent)
			continue;
		write(&stopped.runner[i], gen, from, last_gap()->to);
		from += GT_UNIT_NS;
	}
}
