/* SPDX-License-Identifier: BSD-3-Clause */
#include "recording.h"

#include "advance.h"
#include "burial.h"
#include "clock.h"
#include "closing.h"
#include "facts.h"
#include "flight.h"
#include "gap.h"
#include "gate.h"
#include "gc.h"
#include "heap_level.h"
#include "live.h"
#include "options.h"
#include "os.h"
#include "output.h"
#include "process_state.h"
#include "profile.h"
#include "ranges.h"
#include "samples.h"
#include "sink.h"
#include "stacks.h"
#include "status.h"
#include "section.h"
#include "stopped.h"
#include "tables.h"
#include "tasks.h"
#include "texts.h"
#include "thread.h"
#include "trigger.h"
#include "usable.h"
#include "writer.h"

static struct {
	_Atomic bool paused; /* the gate says so too, but a forked child finds it wiped */
	_Atomic bool late; /* the last one began while the program ran */
	_Atomic uint32_t toggles; /* asked for and not done */
} recording;

static uint64_t room(void)
{
	return gt_options.value[GT_OPT_ARENA] & ~(uint64_t)(GT_LIVE_FIRST - 1);
}

/* What lies in a live file begins anew. */
static void attach(void)
{
	gt_buf_start(room());
	gt_stacks_attach();
	gt_texts_attach();
	gt_samples_attach();
}

static bool create_output(void)
{
	if (!gt_tasks_start() || !gt_output_create(room(), atomic_load(&gt_gate.next)))
		return false;
	attach();
	gt_flight_start();
	gt_trigger_start();
	gt_drops_to(gt_live_drops());
	return true;
}

static bool begin(bool is_late)
{
	if (!create_output())
		return false;
	gt_clock_begin();
	gt_status_start();
	gt_gc_start();
	gt_ranges_start();
	gt_stopped_done();
	gt_profile_skip();
	gt_gap_end();
	gt_facts_start(gt_output_program());
	gt_facts_keep(atomic_load(&gt_gate.next));
	atomic_store(&recording.paused, false);
	atomic_store(&recording.late, is_late);
	if (!gt_advance_start())
		return false;
	gt_gap_over();
	return true;
}

bool gt_recording_open(void)
{
	if (begin(false))
		return true;
	if (!gt_output_may_come() || atomic_load(&gt_gate.next) == 0)
		return false;
	atomic_store(&gt_gate.gap, 1);
	atomic_store(&gt_gate_flag, 1);
	gt_gap_lose(gt_clock_monotonic(), 0);
	gt_gap_begin();
	return true;
}

void gt_recording_await(void)
{
	atomic_store(&recording.paused, true);
}

bool gt_recording_is_paused(void)
{
	return atomic_load(&recording.paused);
}

bool gt_recording_is_late(void)
{
	return atomic_load_explicit(&recording.late, memory_order_relaxed);
}

bool gt_recording_is_on(void)
{
	return atomic_load_explicit(&gt_gate.gen, memory_order_relaxed) != 0;
}

/* Under the lock. What died meanwhile is buried before anybody can say that it lives. */
static bool start(void)
{
	if (gt_recording_is_on())
		return true;
	if (atomic_load(&gt_gate.next) == 0)
		return false;
	gt_burial_look(gt_os_getpid(), true);
	gt_usable_look();
	return begin(true);
}

/* Under the lock. */
static bool stop(void)
{
	bool done;

	if (gt_gap_is_on()) {
		gt_gap_leave();
		atomic_store(&recording.paused, true);
		return false;
	}
	if (!gt_recording_is_on())
		return true;
	gt_heap_level_flush();
	done = gt_advance_stop();
	atomic_store(&recording.paused, true);
	return done;
}

static bool save(const struct gt_trigger_cause *cause)
{
	return gt_recording_is_on() && gt_flight_is_on() && gt_advance_switch() && gt_closing_save(cause);
}

static bool may_change(void)
{
	if (!gt_gate.alive)
		gt_process_is_recording(); /* a forked child begins now */
	return gt_process_is_ours() && !gt_section_is_interrupted() && gt_advance_lock();
}

bool gt_recording_start(void)
{
	bool done;

	if (!may_change())
		return false;
	done = start();
	gt_advance_unlock();
	gt_writer_call();
	return done;
}

bool gt_recording_stop(void)
{
	bool done;

	if (!may_change())
		return false;
	done = stop();
	gt_advance_unlock();
	return done;
}

bool gt_recording_flush(void)
{
	bool done;

	if (!may_change())
		return false;
	done = gt_advance_switch();
	gt_advance_unlock();
	return done;
}

/* Whether nobody has written anything since the generation began. */
static bool is_blank(void)
{
	uint32_t n = gt_thread_count();

	for (uint32_t i = 1; i <= n; i++) {
		if (atomic_load(&gt_thread_at(i)->buf[0]) || atomic_load(&gt_thread_at(i)->buf[1]))
			return false;
	}
	return !gt_buf_queued(0) && !gt_buf_queued(1);
}

/* As in a section: a signal handler that comes now is counted, and writes nothing. */
static bool renew(struct gt_thread *t)
{
	uint32_t gen = atomic_load(&gt_gate.gen);
	bool done;

	gt_section_step(t);
	t->sp = gt_stack_pointer();
	atomic_signal_fence(memory_order_seq_cst);
	done = is_blank();
	if (done && gt_live_renew(gen)) {
		gt_tables_forget(gen);
		attach();
		gt_flight_again();
		gt_output_unsave();
		gt_facts_keep_again(gen);
	}
	gt_section_step(t);
	return done;
}

void gt_recording_renew(void)
{
	enum { TRIES = 3 };

	if (!may_change())
		return;
	for (int i = 0; i < TRIES && gt_recording_is_on() && gt_self && gt_advance_switch(); i++) {
		if (renew(gt_self))
			break;
	}
	gt_advance_unlock();
}

/* Under the lock. What could not be cut when the gap began may be in reach now. */
static void mend(void)
{
	gt_gap_tried();
	gt_sink_cut();
	if (gt_output_has_room())
		start();
}

void gt_recording_mend(void)
{
	if (!gt_gap_is_due() || !gt_process_is_ours() || !gt_advance_try_lock())
		return;
	if (gt_gap_is_due())
		mend();
	gt_advance_unlock();
}

void gt_recording_mend_now(void)
{
	if (!gt_gap_is_on() || !may_change())
		return;
	if (gt_gap_is_on())
		mend();
	gt_advance_unlock();
}

bool gt_recording_save(void)
{
	bool done;

	if (!may_change())
		return false;
	done = save(&(struct gt_trigger_cause){.why = GT_TRIGGER_CALL});
	gt_advance_unlock();
	return done;
}

static bool is_asked(void)
{
	return (atomic_load(&recording.toggles) != 0 || gt_trigger_is_pulled()) && gt_process_is_ours();
}

/* Two that came at once undo each other, but the flight recorder's trace is wanted by both. */
static void toggle(uint32_t times)
{
	bool is_on = gt_recording_is_on();

	if (times && is_on && gt_flight_is_on())
		save(&(struct gt_trigger_cause){.why = GT_TRIGGER_SIGNAL});
	else if (times % 2 == 1 && is_on)
		stop();
	else if (times % 2 == 1)
		start();
}

/* Whoever asks while the lock is held sees it taken, and is seen by its holder afterwards. */
void gt_recording_serve(void)
{
	while (is_asked() && gt_advance_try_lock()) {
		struct gt_trigger_cause cause;

		toggle(atomic_exchange(&recording.toggles, 0));
		if (gt_trigger_take(&cause))
			save(&cause);
		gt_advance_release();
	}
}

/* A vfork child has its parent's memory, and what it is told is not meant for the parent. */
void gt_recording_toggle(void)
{
	if (!gt_gate.alive)
		gt_process_is_recording(); /* a forked child begins now */
	if (!gt_process_is_ours())
		return;
	atomic_fetch_add(&recording.toggles, 1);
	if (gt_writer_runs())
		gt_writer_call();
	else if (gt_section_is_interrupted())
		gt_self->wants_flush = true;
	else if (gt_self) /* not while the process starts: it looks when it has */
		gt_recording_serve();
}
