/* SPDX-License-Identifier: BSD-3-Clause */
#include "fiber_calls.h"

#include "fiber_switch.h"
#include "notes.h"
#include "resume.h"

/* Who calls, and which fiber is meant. */
struct call {
	struct gt_thread *t;
	struct gt_fiber *fiber;
	uint64_t word;
};

static bool misused(void)
{
	gt_drop(GT_DROP_MISUSE);
	return false;
}

static bool find(struct call *call, uint64_t fiber)
{
	if (fiber == 0)
		return false;
	call->t = gt_resume_ready();
	if (!call->t)
		return false;
	call->fiber = gt_fiber_of(fiber, &call->word);
	return call->fiber ? true : misused();
}

static bool is_parked(const struct call *call)
{
	return gt_fiber_word_state(call->word) == GT_FIBER_PARKED;
}

uint64_t gt_fiber_create(const char *name, const void *pc)
{
	struct gt_thread *t = gt_resume_ready();

	return t ? gt_fiber_make(t, &(struct gt_fiber_made){.name = name}, pc) : 0;
}

void gt_fiber_switch(uint64_t fiber)
{
	struct call call;

	if (!find(&call, fiber))
		return;
	if (is_parked(&call))
		gt_fiber_run(call.t, fiber, false);
	else
		misused();
}

/* What a thread began with ends with the thread. */
void gt_fiber_destroy(uint64_t fiber)
{
	struct call call;

	if (!find(&call, fiber))
		return;
	if (call.fiber->is_home || call.fiber->is_over)
		misused();
	else if (is_parked(&call))
		gt_fiber_end(call.t, fiber);
	else if (call.t->fiber == call.fiber)
		call.fiber->is_over = true;
	else
		misused();
}

uint64_t gt_fiber_here(void)
{
	struct gt_thread *t = gt_resume_ready();
	struct gt_fiber *f = t ? gt_fiber_current(t) : NULL;

	return f ? gt_fiber_ref_of(f) : 0;
}

/* Nobody else may take it meanwhile; it says its name when it runs. */
static void name_parked(struct call *call, const char *name)
{
	uint64_t word = call->word;

	if (!atomic_compare_exchange_strong(&call->fiber->word, &word,
					    gt_fiber_word(GT_FIBER_RUNNING, gt_fiber_word_gen(word), word))) {
		misused();
		return;
	}
	gt_fiber_call(call->fiber, name);
	atomic_store(&call->fiber->word, call->word);
}

void gt_fiber_set_name(uint64_t fiber, const char *name)
{
	struct call call;

	if (!find(&call, fiber))
		return;
	if (!name) {
		misused();
	} else if (is_parked(&call)) {
		name_parked(&call, name);
	} else if (call.t->fiber == call.fiber) {
		gt_fiber_call(call.fiber, name);
		call.fiber->named = atomic_load(&gt_gate.first);
		gt_label(call.fiber->name);
	} else {
		misused();
	}
}
