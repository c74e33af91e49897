/* SPDX-License-Identifier: BSD-3-Clause */
#include "advance.h"

#include "burial.h"
#include "closing.h"
#include "facts.h"
#include "flight.h"
#include "gap.h"
#include "heap_level.h"
#include "live.h"
#include "lock.h"
#include "meet.h"
#include "names.h"
#include "os.h"
#include "options.h"
#include "process_state.h"
#include "profile.h"
#include "ranges.h"
#include "recording.h"
#include "retake.h"
#include "samples.h"
#include "section.h"
#include "sink.h"
#include "snapshot.h"
#include "stacks.h"
#include "stopped.h"
#include "tables.h"
#include "texts.h"
#include "trigger.h"
#include "usable.h"

enum {
	GENERATION_BYTES = 16 << 20, /* a reader holds a whole generation in memory */
	AHEAD_ALONE = 128 << 10,
	AHEAD_THREADED = 8 << 20,
	PATIENCE_NS = 2000000000, /* what an ending process waits for a thread or the lock at most */
	POLITE_NS = 1000000000, /* how long a stopped world may put a switch off */
};

static struct {
	_Atomic bool broken; /* see gt_advance_break() */
	uint64_t began; /* the generation under way */
	uint64_t due;
	uint64_t sound; /* until then all is in complete generations: CLOCK_MONOTONIC */
	uint32_t last; /* of them; 0: there is none */
	bool is_polite; /* the switch under way is given up when the world is stopped */
} advance;

bool gt_advance_lock(void)
{
	return gt_section_is_interrupted() ? gt_advance_try_lock() : gt_lock_wait(GT_LOCK_ADVANCE, PATIENCE_NS);
}

bool gt_advance_try_lock(void)
{
	return gt_lock_try(GT_LOCK_ADVANCE);
}

void gt_advance_release(void)
{
	gt_lock_release(GT_LOCK_ADVANCE);
}

void gt_advance_unlock(void)
{
	gt_advance_release();
	gt_recording_serve();
}

void gt_advance_reset(void)
{
	__builtin_memset(&advance, 0, sizeof(advance));
}

static void note_sound(uint32_t gen, uint64_t until)
{
	advance.last = gen;
	advance.sound = until;
}

/*
 * Closes the generation under way. Its parts are written in any order, but nothing of it may come later. While the
 * file is out of reach the generation goes on; the last one is lost then. *all: every thread was waited for.
 */
static bool switch_to(uint32_t next, uint64_t deadline, bool *all)
{
	uint32_t gen = atomic_load(&gt_gate.gen);
	uint64_t began = advance.began;
	bool reached = gt_sink_open();
	uint32_t stops = gt_stw_begins();
	bool is_first; /* of a trace, the next one could be */
	uint64_t now;

	*all = false;
	if (!reached && next)
		return false;
	gt_stopped_take(gen);
	gt_snapshot_take(gen);
	if (next) {
		gt_live_prepare(next);
		gt_clock_anchor(next);
	}
	if (advance.is_polite && gt_stw_any()) {
		gt_sink_close(false);
		return false;
	}
	is_first = !gt_stw_any();
	gt_meet_publish(next);
	advance.began = gt_clock_now(next ? next : gen);
	now = gt_clock_monotonic();
	advance.due = now + gt_options.value[GT_OPT_PERIOD];
	*all = gt_meet_collect(gen, deadline);
	gt_stopped_settle(gen);
	if (!reached)
		gt_tables_forget(gen);
	else if (gt_closing_write(gen, began, advance.began,
				  *all && !gt_buf_is_lost(gen) && !atomic_load(&advance.broken)))
		note_sound(gen, now);
	if (advance.last == gen && gt_flight_is_on())
		gt_closing_fly(gen, next, is_first && gt_stw_begins() == stops);
	return advance.last == gen;
}

static uint32_t after(uint32_t gen)
{
	return gen + 1 ? gen + 1 : 1;
}

static uint64_t soon(void)
{
	return gt_clock_monotonic() + PATIENCE_NS;
}

/*
 * The trace is over, and its memory is given back: nobody is in a section any more. A thread that could not be waited for
 * may still write there: then there is no other trace.
 */
static void end_trace(bool all, bool is_kept)
{
	if (!all || atomic_load(&advance.broken))
		atomic_store(&gt_gate.next, 0);
	gt_drops_to(NULL);
	gt_flight_end();
	if (!is_kept)
		gt_live_remove();
	if (all)
		gt_live_detach();
}

/* What is under way can't be kept: a gap begins. */
static void give_up(void)
{
	uint32_t gen = atomic_load(&gt_gate.gen);
	bool all;

	atomic_store(&gt_gate.next, after(gen));
	atomic_store(&gt_gate.gap, 1);
	gt_meet_publish(0);
	all = gt_meet_collect(gen, soon());
	gt_tables_forget(gen);
	gt_flight_end();
	gt_gap_lose(advance.sound, advance.last);
	if (all && !atomic_load(&advance.broken))
		gt_gap_begin();
	else
		end_trace(all, true);
}

/* Whether nothing more can be kept of this trace, whose generation `gen` is open or was closed just now. */
static bool has_failed(uint32_t gen)
{
	return gt_sink_failed() || gt_buf_is_lost(gen);
}

static bool gave_up(uint32_t gen)
{
	if (!has_failed(gen))
		return false;
	give_up();
	return true;
}

/* To the generation after `gen`. */
static bool go_on(uint32_t gen, uint64_t deadline)
{
	bool all, done;

	if (gave_up(gen))
		return false;
	done = switch_to(after(gen), deadline, &all);
	return !gave_up(gen) && done;
}

bool gt_advance_start(void)
{
	uint32_t gen = atomic_load(&gt_gate.next);

	if (gen == 0 || atomic_load(&advance.broken))
		return false;
	advance.began = gt_clock_now(gen);
	note_sound(0, gt_clock_monotonic());
	advance.due = advance.sound + gt_options.value[GT_OPT_PERIOD];
	atomic_store(&gt_gate.first, gen);
	if (gt_writer_runs())
		gt_buf_reserve(AHEAD_THREADED); /* many may begin at once, and the writer may not come soon */
	gt_meet_publish(gen);
	if (GT_RULE_HOLDS(7) && !gt_meet_all(soon())) {
		gt_advance_break();
		return false;
	}
	atomic_store(&gt_gate.next, 0);
	return true;
}

/* The last generation. What can't be kept of it is counted in what stays of the live file. */
static bool end_last(bool *all)
{
	uint32_t gen = atomic_load(&gt_gate.gen);
	bool done = switch_to(0, soon(), all);

	if (gt_flight_is_on())
		return gt_closing_save_last() && done;
	if (!done && has_failed(gen)) {
		gt_gap_lose(advance.sound, advance.last);
		if (*all)
			gt_live_end(gt_sink_has_any());
	}
	return done;
}

/* What can't be reached stays, with the live file, for whoever finds both. */
bool gt_advance_stop(void)
{
	bool all = false, done;

	atomic_store(&gt_gate.next, after(atomic_load(&gt_gate.gen)));
	gt_burial_look(gt_os_getpid(), true);
	done = end_last(&all);
	end_trace(all, !done);
	return done;
}

bool gt_advance_switch(void)
{
	uint32_t gen = atomic_load(&gt_gate.gen);

	return gen ? go_on(gen, soon()) : !gt_gap_is_on();
}

/* What waits in the queue goes to the file; memory is made ready ahead of demand. */
static void carry(uint32_t gen)
{
	gt_profile_collect(gen, advance.began, gt_clock_now(gen));
	if ((gt_buf_queued(gen) || gt_samples_are_many(gen)) && gt_sink_open())
		gt_closing_carry(gen);
	gt_buf_reserve(gt_writer_runs() ? AHEAD_THREADED : AHEAD_ALONE);
	gt_stacks_reserve();
	gt_texts_reserve();
	gt_facts_keep(gen);
}

/* The flight recorder's ring holds some at least. */
static uint64_t generation_bytes(void)
{
	uint64_t most = gt_flight_bytes() / 4;

	return most && most < GENERATION_BYTES ? most : GENERATION_BYTES;
}

static bool is_urgent(uint32_t gen)
{
	return gt_sink_pending() > generation_bytes() || gt_buf_scarce() || gt_texts_scarce(gen);
}

/* What may have happened to the process from outside, before a generation ends. */
static void look(void)
{
	gt_burial_look(gt_os_getpid(), false);
	gt_usable_look();
	gt_profile_look();
}

/*
 * A trace can't begin with the world stopped: the format has no word for that, and a reader of what `gtrace cut` made would
 * give up where the world goes on. So the end of a stop is waited for, unless that takes long. `writer`: its tid, if it asks.
 */
static void switch_if_due(uint32_t gen, uint64_t deadline, uint32_t writer)
{
	uint64_t now = gt_clock_monotonic();
	bool must = has_failed(gen) || is_urgent(gen) || (now >= advance.due && now - advance.due >= POLITE_NS);

	if (!must && (now < advance.due || gt_stw_any()))
		return;
	look();
	gt_heap_level_look(writer);
	advance.is_polite = !must;
	go_on(gen, deadline);
	advance.is_polite = false;
}

/* The process was stopped: at once, before its threads have gone on. */
static bool switch_behind_gap(uint32_t gen)
{
	const struct gt_gap *gaps;

	return gt_stopped_gaps(&gaps) != 0 && go_on(gen, 0);
}

void gt_advance_tick(uint32_t tid)
{
	uint32_t gen;

	if (!gt_advance_try_lock())
		return;
	gen = atomic_load(&gt_gate.gen);
	if (gen && !gave_up(gen) && !switch_behind_gap(gen)) {
		gt_stacks_populate(gen);
		carry(gen);
		gt_names_notice();
		gt_retake(tid);
		gt_trigger_look(gen);
		switch_if_due(gen, 0, tid);
	}
	gt_advance_unlock();
}

void gt_advance_inline(void)
{
	uint32_t gen;

	if (!gt_advance_try_lock())
		return;
	gen = atomic_load(&gt_gate.gen);
	if (gen && !gave_up(gen)) {
		carry(gen);
		switch_if_due(gen, soon(), 0);
	}
	gt_advance_unlock();
}

void gt_advance_reserve(uint64_t bytes)
{
	if (!gt_advance_try_lock())
		return;
	if (atomic_load(&gt_gate.gen))
		gt_buf_reserve(bytes);
	gt_advance_unlock();
}

static bool with_lock(bool (*act)(void))
{
	bool done;

	if (!gt_advance_lock())
		return false;
	done = act();
	gt_advance_unlock();
	return done;
}

bool gt_advance_now(void)
{
	return with_lock(gt_advance_switch);
}

static bool leave(void)
{
	return gt_advance_switch() && (!gt_flight_is_on() || gt_closing_save_last());
}

bool gt_advance_leave(void)
{
	return with_lock(leave);
}

void gt_advance_finish(void)
{
	bool all, done;

	if (!gt_advance_lock())
		return;
	if (atomic_load(&advance.broken))
		gt_sink_cut();
	atomic_store(&gt_gate.next, 0);
	if (atomic_load(&gt_gate.gen)) {
		gt_burial_look(gt_os_getpid(), true);
		done = end_last(&all) || gt_sink_failed();
		end_trace(all, !done);
	} else if (atomic_load(&advance.broken) && gt_flight_is_on() && gt_closing_save_last()) {
		gt_live_remove();
	}
}

void gt_advance_break(void)
{
	atomic_store(&advance.broken, true);
	atomic_store(&gt_gate.next, 0);
	atomic_store(&gt_gate.gen, 0);
	atomic_store(&gt_gate_flag, 0);
}
