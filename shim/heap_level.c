/* SPDX-License-Identifier: BSD-3-Clause */
#include "heap_level.h"

#include "async.h"
#include "emit.h"
#include "memory_limit.h"
#include "resume.h"
#include "retake.h"
#include "status.h"

enum { LEARN_NS = 1000000000 };

/* Who knows what. */
enum { COUNTED = 1, LEVEL_SAID = 2, GOAL_SAID = 4 };

static struct {
	_Atomic int64_t counted; /* by malloc and free; below 0 when objects were freed that nobody counted */
	_Atomic uint64_t limit;
	uint64_t learn_at; /* when to ask for it again */
	_Atomic uint64_t said, goal_said;
	_Atomic uint64_t written;
} level;

struct gt_heap_told gt_heap_told;
_Thread_local int64_t gt_heap_pending = GT_HEAP_ALOOF;

static bool is_known(uint32_t what)
{
	return atomic_load_explicit(&gt_heap_told.known, memory_order_relaxed) & what;
}

static uint64_t in_use(void)
{
	int64_t counted = atomic_load_explicit(&level.counted, memory_order_relaxed);

	if (is_known(LEVEL_SAID))
		return atomic_load_explicit(&level.said, memory_order_relaxed);
	return counted > 0 ? (uint64_t)counted : 0;
}

static uint64_t goal(void)
{
	return atomic_load_explicit(is_known(GOAL_SAID) ? &level.goal_said : &level.limit, memory_order_relaxed);
}

void gt_heap_level_start(void)
{
	atomic_store(&gt_heap_told.gen, 0);
	atomic_store(&level.written, 0);
}

void gt_heap_add_pending(void)
{
	int64_t pending = gt_heap_pending;
	int64_t even = pending > GT_HEAP_ALOOF / 2 ? GT_HEAP_ALOOF : GT_HEAP_EVEN;

	if (pending == even)
		return;
	gt_heap_pending = even;
	atomic_fetch_add_explicit(&level.counted, pending - even, memory_order_relaxed);
}

static void write_level(struct gt_section *s)
{
	uint64_t bytes = in_use();

	atomic_store_explicit(&level.written, bytes, memory_order_relaxed);
	gt_emit_HeapAlloc(s, (gt_heapalloc_value_t){bytes});
}

void gt_heap_level_first(struct gt_section *s)
{
	uint32_t seen = atomic_load_explicit(&gt_heap_told.gen, memory_order_relaxed);

	if (!is_known(COUNTED | LEVEL_SAID | GOAL_SAID) || seen == s->gen ||
	    !atomic_compare_exchange_strong(&gt_heap_told.gen, &seen, s->gen))
		return;
	if (is_known(COUNTED | LEVEL_SAID))
		write_level(s);
	if (is_known(COUNTED | GOAL_SAID))
		gt_emit_HeapGoal(s, (gt_heapgoal_value_t){goal()});
}

void gt_heap_level_set(uint64_t bytes)
{
	GT_IN_SIGHT;
	struct gt_thread *t = gt_resume_ready();
	struct gt_section s;

	atomic_store(&level.said, bytes);
	atomic_fetch_or(&gt_heap_told.known, LEVEL_SAID);
	if (!t || !gt_section_enter_running(&s, t))
		return;
	gt_status_running(&s);
	write_level(&s);
	gt_section_leave(&s);
}

void gt_heap_level_set_goal(uint64_t bytes)
{
	GT_IN_SIGHT;
	struct gt_thread *t = gt_resume_ready();
	struct gt_section s;

	atomic_store(&level.goal_said, bytes);
	atomic_fetch_or(&gt_heap_told.known, GOAL_SAID);
	if (!t || !gt_section_enter_running(&s, t))
		return;
	gt_status_running(&s);
	gt_emit_HeapGoal(&s, (gt_heapgoal_value_t){bytes});
	gt_section_leave(&s);
}

static void learn_limit(void)
{
	uint64_t now = gt_clock_monotonic();

	if (!is_known(COUNTED) || now < level.learn_at)
		return;
	level.learn_at = now + LEARN_NS;
	atomic_store(&level.limit, gt_memory_limit());
}

/* malloc may be called anywhere: nobody enters the trace for it, and nothing is missing when this is no time to write. */
static bool enter_if_running(struct gt_section *s)
{
	struct gt_thread *t = gt_self;

	if (!t || atomic_load_explicit(&t->state, memory_order_relaxed) != GT_T_RUN ||
	    atomic_load_explicit(&t->seq, memory_order_relaxed) & 1 || !gt_section_enter_running(s, t))
		return false;
	gt_status_running(s);
	return true;
}

static void write_if_running(void)
{
	GT_IN_SIGHT;
	struct gt_section s;

	if (!enter_if_running(&s))
		return;
	write_level(&s);
	gt_section_leave(&s);
}

void gt_heap_level_count(int64_t bytes)
{
	GT_IN_SIGHT;
	struct gt_section s;

	atomic_store(&level.counted, bytes);
	atomic_fetch_or(&gt_heap_told.known, COUNTED);
	learn_limit();
	gt_heap_thread_begins();
	if (!enter_if_running(&s))
		return;
	gt_heap_level_first(&s);
	gt_section_leave(&s);
}

void gt_heap_settle(void)
{
	uint64_t written, now;

	gt_heap_add_pending();
	if (is_known(LEVEL_SAID))
		return;
	now = in_use();
	written = atomic_load_explicit(&level.written, memory_order_relaxed);
	if ((now > written ? now - written : written - now) >= GT_HEAP_STEP)
		write_if_running();
}

void gt_heap_thread_begins(void)
{
	if (is_known(COUNTED) && gt_heap_pending == GT_HEAP_ALOOF)
		gt_heap_pending = GT_HEAP_EVEN;
}

void gt_heap_thread_ends(void)
{
	gt_heap_settle();
	gt_heap_pending = GT_HEAP_ALOOF;
}

static void tell(struct gt_thread *helper)
{
	struct gt_section s;

	if (!helper || !gt_resume_take_proc(&s, helper))
		return;
	write_level(&s);
	gt_resume_stop_proc(&s);
	gt_section_leave_vouched(&s);
}

void gt_heap_level_look(uint32_t writer)
{
	learn_limit();
	if (writer && is_known(COUNTED | LEVEL_SAID) && in_use() != atomic_load(&level.written))
		tell(gt_retake_helper(writer));
}

void gt_heap_level_flush(void)
{
	if (!is_known(COUNTED))
		return;
	gt_heap_add_pending();
	if (in_use() != atomic_load(&level.written))
		write_if_running();
}
