/* SPDX-License-Identifier: BSD-3-Clause */
#include "section.h"

#include "advance.h"
#include "fiber_stack.h"
#include "os.h"
#include "process_state.h"
#include "ranges.h"
#include "writer.h"

enum { NAP_NS = 20000, PAUSES = 100, NAPS_TO_LOOK = 1000 };

struct gt_gate gt_gate;
_Atomic int gt_gate_flag;

/*
 * The old buffer is only let go when there is a new one: a section that fails here has lost nothing. Without a
 * writer thread a full buffer is also the moment to bring buffers to the file.
 */
bool gt_section_refill(struct gt_section *s)
{
	struct gt_thread *t = s->t;
	struct gt_buf *old = s->buf;
	struct gt_buf *b = gt_buf_take(old != NULL, s->gen, t->tid, s->now);

	if (!gt_writer_runs() && (old || !b))
		t->wants_flush = true;
	if (!b) {
		gt_drop(GT_DROP_BUFFER);
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
		gt_section_seq(t, 1, memory_order_release);
	}
}

/* With the world stopped a thread may stand still inside a section, and nobody may wait for it. */
void gt_section_flush(struct gt_thread *t)
{
	if (gt_ranges_of(t) & GT_RANGE_STW)
		return;
	t->wants_flush = false;
	if (gt_writer_runs())
		gt_writer_call();
	else
		gt_advance_inline();
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
			gt_os_sleep(NAP_NS);
		if (tries % NAPS_TO_LOOK)
			continue;
		if (!gt_os_thread_exists(gt_os_getpid(), (int)t->tid)) {
			gt_section_seq(t, 1, memory_order_release);
			return true;
		}
		if (deadline && gt_clock_monotonic() > deadline)
			return false;
	}
	return true;
}
