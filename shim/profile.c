/* SPDX-License-Identifier: BSD-3-Clause */
#include "profile.h"

#include "afar.h"
#include "clock.h"
#include "cpu_timer.h"
#include "format/event.h"
#include "options.h"
#include "os.h"
#include "perf.h"
#include "process_state.h"
#include "samples.h"
#include "stacks.h"

enum {
	FRAME_BYTES = 512, /* of a stack, for each frame that is wanted */
	STACK_LEAST = 8 << 10,
	STACK_MOST = 48 << 10, /* a record of the kernel has at most 64 KiB */
	LEEWAY_NS = 1000000, /* between two anchors of the clock */
	HANDLER_NS = 1000000, /* until a handler that has begun is over, mostly */
};

/* As the option has it. */
enum source { AUTO, PERF, TIMERS };

static struct {
	_Atomic int way; /* enum gt_profile_way; what the kernel has is only looked at when this says so */
	_Atomic bool refused; /* the kernel was asked, and does not want to, or is being asked */
	uint64_t hz; /* 0: no samples */
	enum source source;
	struct gt_memo *memo; /* for stacks of others */
} profile;

enum gt_profile_way gt_profile_way(void)
{
	return (enum gt_profile_way)atomic_load_explicit(&profile.way, memory_order_acquire);
}

uint64_t gt_profile_hz(void)
{
	return profile.hz;
}

static bool by_kernel(void)
{
	int way = gt_profile_way();

	return way == GT_PROFILE_KERNEL || way == GT_PROFILE_KERNEL_USER;
}

void gt_profile_forget(void)
{
	atomic_store(&profile.refused, false);
	atomic_store(&profile.way, GT_PROFILE_OFF);
	gt_perf_forget();
}

static void start_timers(void)
{
	atomic_store(&profile.way, profile.source == PERF ? GT_PROFILE_OFF : GT_PROFILE_TIMERS);
	gt_profile_thread_begins(gt_self);
}

void gt_profile_start(uint64_t hz)
{
	if (hz == 0)
		return;
	gt_samples_start();
	profile.hz = hz;
	profile.source = (enum source)gt_options.value[GT_OPT_CPU_SOURCE];
	if (profile.source != PERF)
		gt_cpu_timer_start(1000000000 / hz);
	start_timers();
}

static size_t stack_bytes(void)
{
	uint64_t bytes = gt_options.value[GT_OPT_STACK_DEPTH] * FRAME_BYTES;

	return bytes < STACK_LEAST ? STACK_LEAST : bytes > STACK_MOST ? STACK_MOST : bytes;
}

void gt_profile_threaded(void)
{
	struct gt_perf_options options;
	enum gt_perf_way way;

	if (profile.hz == 0 || profile.source == TIMERS || by_kernel() || !gt_writer_runs() ||
	    atomic_exchange(&profile.refused, true))
		return;
	options = (struct gt_perf_options){.period = 1000000000 / profile.hz, .stack_bytes = stack_bytes()};
	way = gt_perf_start(&options);
	if (way == GT_PERF_NONE)
		return;
	atomic_store_explicit(&profile.way, way == GT_PERF_ALL ? GT_PROFILE_KERNEL : GT_PROFILE_KERNEL_USER,
			      memory_order_release);
	gt_profile_thread_ends(gt_self);
	atomic_store(&profile.refused, false);
}

void gt_profile_alone(void)
{
	if (!by_kernel())
		return;
	atomic_store(&profile.way, GT_PROFILE_OFF);
	gt_perf_stop();
	start_timers();
}

/* Others may be in the handler at this moment. */
void gt_profile_end(void)
{
	uint32_t n = gt_thread_count();

	if (gt_profile_way() != GT_PROFILE_TIMERS || !gt_process_is_ours())
		return;
	atomic_store(&profile.way, GT_PROFILE_OFF);
	for (uint32_t i = 1; i <= n; i++)
		gt_profile_thread_ends(gt_thread_at(i));
	gt_cpu_timer_end();
	if (n > 1)
		gt_os_sleep(HANDLER_NS);
}

void gt_profile_look(void)
{
	if (gt_profile_way() != GT_PROFILE_TIMERS || gt_cpu_timer_has_signal())
		return;
	gt_drop(GT_DROP_SAMPLES);
	gt_profile_end();
}

void gt_profile_thread_begins(struct gt_thread *t)
{
	if (gt_profile_way() == GT_PROFILE_TIMERS && t && t != &gt_thread_ignored)
		gt_cpu_timer_arm(t);
}

void gt_profile_thread_ends(struct gt_thread *t)
{
	if (t && t->cpu_timer)
		gt_cpu_timer_disarm(t);
}

void gt_profile_skip(void)
{
	if (by_kernel())
		gt_perf_skip();
}

/* A record in use, else one that has been: its thread was here when the sample was taken. */
static const struct gt_thread *find(uint32_t tid)
{
	const struct gt_thread *gone = NULL;
	uint32_t n = gt_thread_count();

	for (uint32_t i = 1; i <= n; i++) {
		const struct gt_thread *t = gt_thread_at(i);

		if (atomic_load_explicit(&t->tid, memory_order_relaxed) != tid || t->goid == 0)
			continue;
		if (atomic_load_explicit(&t->state, memory_order_relaxed) != GT_T_FREE)
			return t;
		gone = t;
	}
	return gone;
}

/* The thread runs on: the slot may be its next one. */
static void take(uint32_t gen, uint64_t time, const struct gt_perf_sample *s)
{
	const struct gt_thread *t = find(s->tid);
	const struct gt_proc *p = t ? __atomic_load_n(&t->last_proc, __ATOMIC_RELAXED) : NULL;
	struct gt_registers at = {s->pc, s->sp, s->fp};

	gt_samples_put(gen, &(struct gt_live_sample){
				    .time = time,
				    .goid = t ? t->goid : 0,
				    .proc = p ? p->id : GT_NONE,
				    .stack = gt_stack_of_copy(&profile.memo, gen, &at, s->stack, s->bytes).v,
				    .tid = s->tid,
			    });
}

void gt_profile_collect(uint32_t gen, uint64_t began, uint64_t until)
{
	uint64_t ahead = gt_clock_now(gen) - gt_clock_monotonic(); /* of our clock, or behind: small, and wraps */
	uint64_t lost;
	struct gt_perf_sample s;

	if (!by_kernel())
		return;
	gt_afar_begin();
	while (gt_perf_next(until - ahead, &s)) {
		if (s.tid != gt_writer_tid() && s.time + ahead + LEEWAY_NS >= began)
			take(gen, s.time + ahead, &s);
	}
	lost = gt_perf_lost();
	if (lost)
		atomic_fetch_add_explicit(&gt_drops[GT_DROP_SAMPLES], lost, memory_order_relaxed);
}
