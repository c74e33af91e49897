/* SPDX-License-Identifier: BSD-3-Clause */
#include "snapshot.h"

#include "batch.h"
#include "fiber.h"
#include "flight.h"
#include "gate.h"
#include "gc.h"
#include "heap.h"
#include "ranges.h"
#include "stacks.h"
#include "thread.h"

enum { STATUS_ROOM = 64 };

struct seen_thread {
	struct gt_silent is;
	uint32_t index;
	uint32_t proc; /* id + 1 of the slot that it holds; 0: none */
	uint8_t ranges;
};

struct seen_proc {
	uint64_t word;
	bool done;
};

static struct {
	struct seen_thread *thread;
	struct seen_proc *proc;
	uint32_t threads;
	uint32_t fibers;
	uint32_t procs;
	bool tells;
} seen;

bool gt_snapshot_start(uint32_t max_threads, uint32_t max_procs)
{
	seen.thread = gt_heap_take(max_threads * sizeof(*seen.thread));
	seen.proc = gt_heap_take(max_procs * sizeof(*seen.proc));
	return seen.thread && seen.proc;
}

static enum gt_gstatus status_of(struct gt_thread *t, uint32_t state)
{
	switch (state) {
	case GT_T_NEW:
	case GT_T_READY:
		return GT_G_Runnable;
	case GT_T_RUN:
		return GT_G_Running;
	case GT_T_SYSCALL:
		return GT_G_Syscall;
	case GT_T_BLOCKED:
		return gt_wait_word_state(atomic_load(&t->wait)) == GT_WAIT_UNBLOCKED ? GT_G_Runnable : GT_G_Waiting;
	default:
		return GT_G_Bad;
	}
}

static void see_thread(struct gt_thread *t, uint32_t gen)
{
	uint32_t state = atomic_load_explicit(&t->state, memory_order_acquire);
	struct gt_proc *p = t->proc;
	struct seen_thread *st;

	/* One without a number is being adopted: it is born in a later generation. */
	if (state == GT_T_FREE || state == GT_T_EXITED || t->goid == 0 || t->traced[gen & 1] == gen)
		return;
	st = &seen.thread[seen.threads++];
	*st = (struct seen_thread){
		.is = {.goid = t->goid,
		       .tid = t->tid,
		       .status = status_of(t, state),
		       .primitive = t->primitive,
		       .object = atomic_load_explicit(&t->object, memory_order_relaxed),
		       .pc = state == GT_T_BLOCKED || state == GT_T_SYSCALL ? t->pc : NULL,
		       .callable = t->callable},
		.index = t->index,
		.proc = p ? p->id + 1 : 0,
		.ranges = gt_ranges_of(t),
	};
	__builtin_memcpy(st->is.name, t->name, sizeof(t->name));
}

/* What a fiber that is parked says may be half of one G and half of another, unless its word is the same afterwards. */
static void see_fiber(struct gt_fiber *f, uint32_t gen)
{
	uint64_t word = atomic_load(&f->word);
	bool silent = gt_fiber_word_state(word) == GT_FIBER_PARKED && f->traced[gen & 1] != gen;
	uint64_t goid = __atomic_load_n(&f->goid, __ATOMIC_ACQUIRE);

	f->seen_ranges = gt_fiber_ranges(f);
	atomic_thread_fence(memory_order_acquire);
	f->seen = silent && atomic_load(&f->word) == word ? goid : 0;
}

void gt_snapshot_take(uint32_t gen)
{
	uint32_t n = gt_thread_count();

	seen.tells = gt_gc_is_told(gen);
	seen.threads = 0;
	for (uint32_t i = 1; i <= n; i++)
		see_thread(gt_thread_at(i), gen);
	seen.fibers = atomic_load(&gt_fiber_count);
	for (uint32_t i = 1; i <= seen.fibers; i++)
		see_fiber(gt_fiber_at(i), gen);
	seen.procs = gt_proc_count();
	for (uint32_t i = 0; i < seen.procs; i++)
		seen.proc[i] = (struct seen_proc){atomic_load(&gt_proc_at(i)->word), false};
}

bool gt_snapshot_tells(void)
{
	return seen.tells;
}

/* Of a G that is not in this record any more. A record may have been switched again and again meanwhile. */
static uint32_t mark_of_left(struct gt_thread *t, uint64_t goid, uint32_t gen)
{
	const struct gt_left *left = &t->left[(gen + 1) & 1];

	if (__atomic_load_n(&left->gen, __ATOMIC_ACQUIRE) == gen + 1 && left->goid == goid)
		return left->traced;
	return __atomic_load_n(&t->told[gen & 1], __ATOMIC_ACQUIRE);
}

/*
 * The wait word first: a waiter that found a claim counts it in its marks before it waits again. The marks before the G
 * that they belong to: whoever changes the G keeps its marks first, then changes the G, then the marks.
 */
static bool still_silent(const struct seen_thread *st, uint32_t gen)
{
	struct gt_thread *t = gt_thread_at(st->index);
	uint64_t word = atomic_load_explicit(&t->wait, memory_order_acquire);
	uint32_t traced;

	if (gt_wait_word_state(word) == GT_WAIT_UNBLOCKED && gt_wait_word_gen(word) == (gen & 0x1fffffff))
		return false;
	traced = __atomic_load_n(&t->traced[gen & 1], __ATOMIC_ACQUIRE);
	if (__atomic_load_n(&t->goid, __ATOMIC_ACQUIRE) != st->is.goid)
		traced = mark_of_left(t, st->is.goid, gen);
	return traced != gen;
}

/* No two batches have the same time: a reader may choose at random between those. */
static void begin(uint32_t gen, uint64_t m, uint64_t *began)
{
	gt_batch_begin(gen, m, *began, NULL, 0, false);
	*began += GT_UNIT_NS;
}

static void put_proc(uint32_t id, enum gt_pstatus status)
{
	gt_batch_room(STATUS_ROOM);
	gt_batch_byte(GT_EV_ProcStatus);
	gt_batch_varint(0);
	gt_batch_varint(id);
	gt_batch_varint(status);
	seen.proc[id].done = true;
}

/* A range of this resource goes on. */
static void put_active(enum gt_event type, uint64_t id)
{
	gt_batch_room(STATUS_ROOM);
	gt_batch_byte(type);
	gt_batch_varint(0);
	gt_batch_varint(id);
}

static bool is_sweeping(const struct seen_thread *st)
{
	return (st->ranges & (GT_RANGE_SWEEP | GT_RANGE_SWEEP_BROKEN)) == GT_RANGE_SWEEP;
}

/* Whether it is the first of a trace, or may be. */
static bool is_first(uint32_t gen)
{
	return gen == atomic_load(&gt_gate.first) || gt_flight_is_on();
}

/* Of a thread that was there before the trace, the first status says all that is known. */
static void put_go(const struct seen_thread *st, uint32_t gen, uint64_t m)
{
	gt_stack_t stack = is_first(gen) ? gt_stack_of_silent(gen, st->is.pc, st->is.callable) : (gt_stack_t){0};

	gt_batch_room(STATUS_ROOM);
	gt_batch_byte(stack.v ? GT_EV_GoStatusStack : GT_EV_GoStatus);
	gt_batch_varint(0);
	gt_batch_varint(st->is.goid);
	gt_batch_varint(m);
	gt_batch_varint(st->is.status);
	if (stack.v)
		gt_batch_varint(stack.v);
	if (st->ranges & GT_RANGE_ASSIST)
		put_active(GT_EV_GCMarkAssistActive, st->is.goid);
}

static void put_fiber(const struct gt_fiber *f, uint32_t gen)
{
	uint32_t traced = __atomic_load_n(&f->traced[gen & 1], __ATOMIC_ACQUIRE);
	bool is_same = __atomic_load_n(&f->goid, __ATOMIC_ACQUIRE) == f->seen;

	/* Somebody else has the record now. */
	if (!is_same && __atomic_load_n(&f->ended_in, __ATOMIC_ACQUIRE) == gen + 1 && f->ended == f->seen) {
		traced = f->ended_traced;
		is_same = true;
	}
	if (f->seen && is_same && traced != gen)
		put_go(&(struct seen_thread){.is = {.goid = f->seen, .status = GT_G_Waiting, .callable = f->callable},
					     .ranges = f->seen_ranges},
		       gen, GT_NONE);
}

/* Whether the slot was unmentioned in `gen`, and in this state by that thread when the snapshot was taken. */
static bool silent_proc(uint32_t id, uint32_t gen, enum gt_proc_state state, uint32_t tid)
{
	uint64_t word = seen.proc[id].word;

	return *(volatile uint32_t *)&gt_proc_at(id)->traced[gen & 1] != gen && !seen.proc[id].done &&
	       gt_proc_word_state(word) == state && gt_proc_word_tid(word) == tid;
}

/* Running threads and those in system calls are bound to their kernel thread: a batch of its own. */
static void write_bound(const struct seen_thread *st, uint32_t gen, uint64_t *began)
{
	bool running = st->is.status == GT_G_Running;

	begin(gen, st->is.tid, began);
	if (st->proc && st->proc <= seen.procs &&
	    silent_proc(st->proc - 1, gen, running ? GT_PROC_RUN : GT_PROC_SYS, st->is.tid))
		put_proc(st->proc - 1, running ? GT_P_Running : GT_P_Syscall);
	if (st->proc && running && is_sweeping(st))
		put_active(GT_EV_GCSweepActive, st->proc - 1);
	put_go(st, gen, st->is.tid);
	gt_batch_end();
}

static void write_proc(uint32_t id, uint32_t gen)
{
	uint64_t word = seen.proc[id].word;

	if (silent_proc(id, gen, GT_PROC_IDLE, gt_proc_word_tid(word)) ||
	    silent_proc(id, gen, GT_PROC_CLAIM, gt_proc_word_tid(word)))
		put_proc(id, GT_P_Idle);
}

void gt_snapshot_write(uint32_t gen, uint64_t began)
{
	for (uint32_t i = 0; i < seen.threads; i++) {
		struct seen_thread *st = &seen.thread[i];

		if (!still_silent(st, gen))
			st->is.status = GT_G_Bad;
		else if (st->is.status == GT_G_Running || st->is.status == GT_G_Syscall)
			write_bound(st, gen, &began);
	}
	begin(gen, GT_NONE, &began);
	for (uint32_t i = 0; i < seen.threads; i++) {
		if (seen.thread[i].is.status == GT_G_Waiting || seen.thread[i].is.status == GT_G_Runnable)
			put_go(&seen.thread[i], gen, GT_NONE);
	}
	for (uint32_t i = 1; i <= seen.fibers; i++)
		put_fiber(gt_fiber_at(i), gen);
	for (uint32_t i = 0; i < seen.procs; i++)
		write_proc(i, gen);
	gt_batch_end();
}

const struct gt_silent *gt_snapshot_silent(uint32_t gen, uint32_t *at)
{
	while (is_first(gen) && *at < seen.threads) {
		const struct gt_silent *is = &seen.thread[(*at)++].is;

		if (is->status != GT_G_Bad)
			return is;
	}
	return NULL;
}
