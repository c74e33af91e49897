/* SPDX-License-Identifier: BSD-3-Clause */
#include "section.h"

#include "advance.h"
#include "fiber_stack.h"
#include "gap.h"
#include "live.h"
#include "os.h"
#include "process_state.h"
#include "ranges.h"
#include "recording.h"
#include "writer.h"

enum { NAP_NS = 20000, PAUSES = 100, NAPS_TO_LOOK = 1000 };

struct gt_gate gt_gate;
_Atomic int gt_gate_flag;

/*
 * The old buffer is only let go when there is a new one; without one the whole generation is lost, since nobody may see
 * single operations missing. Without a writer thread a full buffer is also the moment to bring buffers to the file; with
 * one it need not be waited for unless buffers are few.
 */
bool gt_section_refill(struct gt_section *s)
{
	struct gt_thread *t = s->t;
	struct gt_buf *old = s->buf;
	struct gt_buf *b = gt_buf_take(old != NULL, s->gen, t->tid, s->now);

	if (gt_writer_runs() ? b && ((old && b->bytes == GT_BUF_SMALL) || gt_buf_runs_low()) : old || !b)
		t->wants_flush = true;
	if (!b) {
		t->wants_flush |= gt_buf_lose(s->gen);
		gt_drop_in_gap(t);
		return false;
	}
	atomic_store_explicit(&t->buf[s->gen & 1], b, memory_order_relaxed);
	if (old)
		gt_buf_push(old);
	s->buf = b;
	s->pos = b->data;
	s->top = gt_buf_end(b);
	s->events = 0;
	s->last = s->now;
	return true;
}

void gt_section_closed(struct gt_thread *t)
{
	if (!atomic_load_explicit(&gt_gate.gap, memory_order_relaxed))
		return;
	gt_drop_in_gap(t);
	if (!gt_writer_runs() && gt_gap_is_due())
		t->wants_flush = true;
}

bool gt_section_is_left(uintptr_t sp)
{
	return gt_stack_pointer() >= sp && !gt_os_on_signal_stack();
}

bool gt_section_is_elsewhere(uintptr_t sp)
{
	return gt_fiber_any() && gt_fiber_stack_at(sp) != gt_fiber_stack_at(gt_stack_pointer()) &&
	       !gt_os_on_signal_stack();
}

void gt_section_interrupted(struct gt_thread *t)
{
	gt_drop(GT_DROP_HANDLER);
	if (t == gt_self && (gt_section_is_left(t->sp) || gt_section_is_elsewhere(t->sp))) {
		gt_advance_break();
		gt_section_step(t);
	}
}

/* With the world stopped a thread may stand still inside a section, and nobody may wait for it: then there is but more room. */
void gt_section_flush(struct gt_thread *t)
{
	if (gt_ranges_of(t) & GT_RANGE_STW) {
		if (gt_buf_runs_low())
			gt_advance_reserve(GT_LIVE_FIRST);
		return;
	}
	t->wants_flush = false;
	if (gt_writer_runs())
		gt_writer_call();
	else if (gt_gap_is_on())
		gt_recording_mend();
	else
		gt_advance_inline();
}

/*
 * Among hundreds of threads that are ready, one that was interrupted in its section is back after a third of a second. Who
 * waits is the writer, and nobody else makes room for what the others say meanwhile.
 */
static void nap(bool is_writer)
{
	if (is_writer)
		gt_buf_reserve_again();
	gt_os_sleep(NAP_NS);
}

bool gt_section_wait_outside(struct gt_thread *t, uint64_t deadline)
{
	uint32_t first = atomic_load_explicit(&t->seq, memory_order_acquire);

	if (first & 1 && t == gt_self)
		return false; /* of a coroutine that was interrupted and does not come back */
	for (uint32_t tries = 1; first & 1; tries++) {
		if (atomic_load_explicit(&t->seq, memory_order_acquire) != first)
			return true;
		if (tries < PAUSES)
			__builtin_ia32_pause();
		else
			nap(!deadline);
		if (tries % NAPS_TO_LOOK)
			continue;
		if (!gt_os_thread_exists(gt_os_getpid(), (int)t->tid)) {
			gt_section_step(t);
			return true;
		}
		if (deadline && gt_clock_monotonic() > deadline)
			return false;
	}
	return true;
}
