/* SPDX-License-Identifier: BSD-3-Clause */
#include "ranges.h"

#include "async.h"
#include "emit.h"
#include "kinds.h"
#include "recording.h"
#include "resume.h"
#include "stacks.h"
#include "status.h"

/* Threads that hold the world stopped, in this trace; and how often one began to, ever. */
static _Atomic uint32_t stops, begins;

void gt_ranges_start(void)
{
	atomic_store(&stops, 0);
}

bool gt_stw_any(void)
{
	return atomic_load(&stops) != 0;
}

uint32_t gt_stw_begins(void)
{
	return atomic_load(&begins);
}

/*
 * Opens the section in which the calling thread's range begins or ends; false when that must not be. Nobody is to blame for
 * the end of one that began before the trace.
 */
static bool enter(struct gt_section *s, uint8_t range, bool is_open)
{
	struct gt_thread *t = gt_resume_ready();

	if (!t || !gt_section_enter_running(s, t))
		return false;
	gt_status_running(s);
	t->ranges = gt_ranges_of(t);
	t->ranges_in = atomic_load_explicit(&gt_gate.first, memory_order_relaxed);
	if (!(t->ranges & range) == is_open) {
		if (!is_open || !gt_recording_is_late())
			gt_drop(GT_DROP_MISUSE);
		gt_section_leave(s);
		return false;
	}
	t->ranges ^= range;
	return true;
}

void gt_stw_begin(const char *kind, const void *pc)
{
	GT_IN_SIGHT;
	struct gt_section s;

	if (!kind) {
		gt_drop(GT_DROP_MISUSE);
		return;
	}
	atomic_fetch_add(&stops, 1);
	atomic_fetch_add(&begins, 1);
	if (!enter(&s, GT_RANGE_STW, false)) {
		atomic_fetch_sub(&stops, 1);
		return;
	}
	gt_emit_STWBegin(&s, gt_kind_of(kind), gt_stack_here(&s.t->memo, s.gen, pc));
	gt_section_leave(&s);
}

void gt_stw_end(void)
{
	GT_IN_SIGHT;
	struct gt_section s;

	if (!enter(&s, GT_RANGE_STW, true))
		return;
	gt_emit_STWEnd(&s);
	atomic_fetch_sub(&stops, 1);
	gt_section_leave(&s);
}

void gt_assist_begin(const void *pc)
{
	GT_IN_SIGHT;
	struct gt_section s;

	if (!enter(&s, GT_RANGE_ASSIST, false))
		return;
	gt_status_keep_proc(&s);
	gt_emit_GCMarkAssistBegin(&s, gt_stack_here(&s.t->memo, s.gen, pc));
	gt_section_leave(&s);
}

void gt_assist_end(void)
{
	GT_IN_SIGHT;
	struct gt_section s;

	if (!enter(&s, GT_RANGE_ASSIST, true))
		return;
	gt_emit_GCMarkAssistEnd(&s);
	gt_section_leave(&s);
}

void gt_sweep_begin(const void *pc)
{
	GT_IN_SIGHT;
	struct gt_section s;

	if (!enter(&s, GT_RANGE_SWEEP, false))
		return;
	gt_emit_GCSweepBegin(&s, gt_stack_here(&s.t->memo, s.gen, pc));
	gt_section_leave(&s);
}

/* One that could not be taken up again has its numbers all the same. */
void gt_sweep_end(uint64_t swept, uint64_t reclaimed)
{
	GT_IN_SIGHT;
	struct gt_section s;

	if (!enter(&s, GT_RANGE_SWEEP, true))
		return;
	if (s.t->ranges & GT_RANGE_SWEEP_BROKEN)
		gt_emit_GCSweepBegin(&s, (gt_stack_t){0});
	s.t->ranges &= (uint8_t)~GT_RANGE_SWEEP_BROKEN;
	gt_emit_GCSweepEnd(&s, (gt_swept_value_t){swept}, (gt_reclaimed_value_t){reclaimed});
	gt_section_leave(&s);
}

bool gt_range_is_open(uint8_t range)
{
	GT_IN_SIGHT;
	return gt_self && gt_ranges_of(gt_self) & range;
}

void gt_sweep_break_open(struct gt_section *s)
{
	if ((gt_ranges_of(s->t) & (GT_RANGE_SWEEP | GT_RANGE_SWEEP_BROKEN)) != GT_RANGE_SWEEP)
		return;
	s->t->ranges |= GT_RANGE_SWEEP_BROKEN;
	gt_emit_GCSweepEnd(s, (gt_swept_value_t){0}, (gt_reclaimed_value_t){0});
}

void gt_sweep_again_broken(struct gt_thread *t)
{
	struct gt_section s;

	if (!gt_section_enter(&s, t))
		return;
	gt_status_running(&s);
	if (gt_ranges_of(t))
		gt_emit_GCSweepBegin(&s, (gt_stack_t){0});
	t->ranges &= (uint8_t)~GT_RANGE_SWEEP_BROKEN;
	gt_section_leave(&s);
}

void gt_ranges_close_open(struct gt_section *s)
{
	uint8_t open = gt_ranges_of(s->t);

	if (open)
		gt_drop(GT_DROP_MISUSE);
	s->t->ranges = 0;
	if (open & GT_RANGE_STW) {
		gt_emit_STWEnd(s);
		atomic_fetch_sub(&stops, 1);
	}
	if (open & GT_RANGE_ASSIST)
		gt_emit_GCMarkAssistEnd(s);
	if ((open & (GT_RANGE_SWEEP | GT_RANGE_SWEEP_BROKEN)) == GT_RANGE_SWEEP)
		gt_emit_GCSweepEnd(s, (gt_swept_value_t){0}, (gt_reclaimed_value_t){0});
}

void gt_ranges_forget(struct gt_thread *t)
{
	if (gt_ranges_of(t) & GT_RANGE_STW)
		atomic_fetch_sub(&stops, 1);
	t->ranges = 0;
}
