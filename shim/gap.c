/* SPDX-License-Identifier: BSD-3-Clause */
#include "gap.h"

#include "buf.h"
#include "clock.h"
#include "facts.h"
#include "gate.h"
#include "live.h"
#include "options.h"
#include "output.h"
#include "sink.h"
#include "thread.h"

enum { UNIT_MAX = 1000000000, UNITS = 60 };

static struct {
	_Atomic bool on;
	_Atomic uint64_t due; /* when the next attempt is made */
	uint64_t wait; /* between two */
	uint64_t resumed; /* when recording began again; 0: never */
	bool is_before; /* of the recording under way */
	struct gt_gap_times times;
	_Atomic uint64_t *counts; /* where it is counted */
	uint64_t told[GT_DROPS]; /* of these, what the old trace says */
} gap;

static uint64_t unit(void)
{
	uint64_t period = gt_options.value[GT_OPT_PERIOD];

	return period < UNIT_MAX ? period : UNIT_MAX;
}

static void count_queue(struct gt_sink_part *lost, uint32_t parity)
{
	for (struct gt_buf *b = gt_buf_take_full(parity); b; b = gt_buf_next(b)) {
		lost->events += b->events;
		lost->notes += b->notes;
	}
}

/* Where the file was never out of reach and has never failed, the memory was too small or the writer too slow. */
static void learn_cause(void)
{
	int error = gt_output_error();

	if (!error)
		error = gt_sink_error() ? gt_sink_error() : gt_live_error();
	gap.times.error = error;
	gap.times.cause = error ? GT_DROP_DISK : GT_DROP_BUFFER;
}

void gt_gap_lose(uint64_t from, uint32_t after)
{
	struct gt_sink_part lost = gt_sink_rest();

	count_queue(&lost, 0);
	count_queue(&lost, 1);
	atomic_fetch_add(&gt_drops[GT_DROP_EVENTS], lost.events - lost.notes);
	atomic_fetch_add(&gt_drops[GT_DROP_NOTES], lost.notes);
	learn_cause();
	gap.times.from = from;
	gap.times.to = 0;
	gap.times.after = after;
	gt_live_lose(&gap.times);
	gt_sink_cut();
}

void gt_gap_begin(void)
{
	uint64_t now = gt_clock_monotonic();

	if (gap.wait == 0 || now - gap.resumed >= UNITS * unit())
		gap.wait = unit();
	gap.counts = gt_drops;
	for (int i = 0; i < GT_DROPS; i++)
		gap.told[i] = gt_facts_told((enum gt_drop)i);
	gt_live_end(gt_sink_has_any());
	atomic_store(&gap.due, now + gap.wait);
	atomic_store(&gap.on, true);
}

void gt_gap_tried(void)
{
	gap.times.to = gt_clock_monotonic();
	gap.wait = 2 * gap.wait < UNITS * unit() ? 2 * gap.wait : UNITS * unit();
	atomic_store(&gap.due, gap.times.to + gap.wait);
	gt_live_lose(&gap.times);
}

void gt_gap_end(void)
{
	gap.is_before = gt_gap_is_on();
	if (gap.is_before)
		gap.times.to = gt_clock_monotonic();
}

/*
 * Whoever counted in the old file's head was waited for. What is taken over is not there any more, should that file be out of
 * reach and stay. That of HEAP is for good, and was taken along.
 */
void gt_gap_over(void)
{
	if (!gt_gap_is_on())
		return;
	for (int i = 0; i < GT_DROPS; i++) {
		uint64_t count = atomic_load(&gap.counts[i]);

		if (i == GT_DROP_HEAP || count <= gap.told[i])
			continue;
		atomic_fetch_add(&gt_drops[i], count - gap.told[i]);
		atomic_store(&gap.counts[i], gap.told[i]);
	}
	gt_live_bury();
	gap.resumed = gap.times.to;
	atomic_store(&gap.on, false);
	atomic_store(&gt_gate.gap, 0);
}

void gt_gap_leave(void)
{
	if (!gt_gap_is_on())
		return;
	gap.times.to = gt_clock_monotonic();
	gt_live_lose(&gap.times);
	atomic_store(&gt_gate.gap, 0);
	atomic_store(&gt_gate_flag, 0);
	atomic_store(&gap.on, false);
	gt_drops_to(NULL);
	gt_live_detach();
}

void gt_gap_reset(void)
{
	__builtin_memset(&gap, 0, sizeof(gap));
}

bool gt_gap_is_on(void)
{
	return atomic_load_explicit(&gap.on, memory_order_relaxed);
}

uint64_t gt_gap_wait(void)
{
	uint64_t due = atomic_load_explicit(&gap.due, memory_order_relaxed), now = gt_clock_monotonic();

	return due > now ? due - now : 0;
}

bool gt_gap_is_due(void)
{
	return gt_gap_is_on() && gt_gap_wait() == 0;
}

bool gt_gap_before(struct gt_gap_times *times)
{
	*times = gap.times;
	return gap.is_before;
}
