/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The meaning of events. One row per transition; the few events with more to say have a function.
 */
#include "resolve.h"

#include "../shim/format/spec.h"

#include <inttypes.h>
#include <string.h>

enum whose { NOBODY, ARG_G, OWN_G, ARG_P, OWN_P };

struct meaning {
	uint8_t kind;
	uint8_t whose;
	uint8_t from, to; /* of transitions */
};

#define GO(whose, from, to)                                                                                            \
	{                                                                                                              \
		GT_KIND_TRANSITION, whose, GT_GO_##from, GT_GO_##to                                                    \
	}
#define PROC(whose, from, to)                                                                                          \
	{                                                                                                              \
		GT_KIND_TRANSITION, whose, GT_PROC_##from, GT_PROC_##to                                                \
	}

/* States of status events and of ProcSteal depend on what was known before: see states(). */
static const struct meaning meanings[256] = {
	[GT_EV_ProcsChange] = {.kind = GT_KIND_METRIC},
	[GT_EV_ProcStart] = PROC(ARG_P, IDLE, RUNNING),
	[GT_EV_ProcStop] = PROC(OWN_P, RUNNING, IDLE),
	[GT_EV_ProcSteal] = PROC(ARG_P, RUNNING, IDLE),
	[GT_EV_ProcStatus] = PROC(ARG_P, UNDETERMINED, UNDETERMINED),
	[GT_EV_GoCreate] = GO(ARG_G, NOT_EXIST, RUNNABLE),
	[GT_EV_GoCreateBlocked] = GO(ARG_G, NOT_EXIST, WAITING),
	[GT_EV_GoCreateSyscall] = GO(ARG_G, NOT_EXIST, SYSCALL),
	[GT_EV_GoStart] = GO(ARG_G, RUNNABLE, RUNNING),
	[GT_EV_GoDestroy] = GO(OWN_G, RUNNING, NOT_EXIST),
	[GT_EV_GoDestroySyscall] = GO(OWN_G, SYSCALL, NOT_EXIST),
	[GT_EV_GoStop] = GO(OWN_G, RUNNING, RUNNABLE),
	[GT_EV_GoBlock] = GO(OWN_G, RUNNING, WAITING),
	[GT_EV_GoUnblock] = GO(ARG_G, WAITING, RUNNABLE),
	[GT_EV_GoSwitch] = GO(ARG_G, WAITING, RUNNABLE),
	[GT_EV_GoSwitchDestroy] = GO(ARG_G, WAITING, RUNNABLE),
	[GT_EV_GoSyscallBegin] = GO(OWN_G, RUNNING, SYSCALL),
	[GT_EV_GoSyscallEnd] = GO(OWN_G, SYSCALL, RUNNING),
	[GT_EV_GoSyscallEndBlocked] = GO(OWN_G, SYSCALL, RUNNABLE),
	[GT_EV_GoStatus] = GO(ARG_G, UNDETERMINED, UNDETERMINED),
	[GT_EV_GoStatusStack] = GO(ARG_G, UNDETERMINED, UNDETERMINED),
	[GT_EV_STWBegin] = {.kind = GT_KIND_RANGE_BEGIN, .whose = OWN_G},
	[GT_EV_STWEnd] = {.kind = GT_KIND_RANGE_END, .whose = OWN_G},
	[GT_EV_GCActive] = {.kind = GT_KIND_RANGE_ACTIVE},
	[GT_EV_GCBegin] = {.kind = GT_KIND_RANGE_BEGIN},
	[GT_EV_GCEnd] = {.kind = GT_KIND_RANGE_END},
	/* The slot of the stream, not the one that the event names: Go's reader says it so. */
	[GT_EV_GCSweepActive] = {.kind = GT_KIND_RANGE_ACTIVE, .whose = OWN_P},
	[GT_EV_GCSweepBegin] = {.kind = GT_KIND_RANGE_BEGIN, .whose = OWN_P},
	[GT_EV_GCSweepEnd] = {.kind = GT_KIND_RANGE_END, .whose = OWN_P},
	[GT_EV_GCMarkAssistActive] = {.kind = GT_KIND_RANGE_ACTIVE, .whose = ARG_G},
	[GT_EV_GCMarkAssistBegin] = {.kind = GT_KIND_RANGE_BEGIN, .whose = OWN_G},
	[GT_EV_GCMarkAssistEnd] = {.kind = GT_KIND_RANGE_END, .whose = OWN_G},
	[GT_EV_HeapAlloc] = {.kind = GT_KIND_METRIC},
	[GT_EV_HeapGoal] = {.kind = GT_KIND_METRIC},
	[GT_EV_GoLabel] = {.kind = GT_KIND_LABEL, .whose = OWN_G},
	[GT_EV_UserTaskBegin] = {.kind = GT_KIND_TASK_BEGIN},
	[GT_EV_UserTaskEnd] = {.kind = GT_KIND_TASK_END},
	[GT_EV_UserRegionBegin] = {.kind = GT_KIND_REGION_BEGIN},
	[GT_EV_UserRegionEnd] = {.kind = GT_KIND_REGION_END},
	[GT_EV_UserLog] = {.kind = GT_KIND_LOG},
};

static void resource(struct gt_trace_event *ev, enum whose whose)
{
	static const uint8_t kind[] = {
		[ARG_G] = GT_RES_GO, [OWN_G] = GT_RES_GO, [ARG_P] = GT_RES_PROC, [OWN_P] = GT_RES_PROC};

	ev->resource = kind[whose];
	ev->id = whose == OWN_G ? ev->g : whose == OWN_P ? ev->p : (int64_t)ev->args[0];
	if (whose == NOBODY)
		ev->id = -1;
}

static int invalid(const struct gt_trace_event *ev, const char *what, uint64_t id, struct gt_error *err)
{
	err->gen = ev->gen;
	err->m = ev->m;
	return gt_error_set(err, GT_ERR_FORMAT, "%s names %s %" PRIu64 ", which is not there",
			    gt_event_spec[ev->type].name, what, id);
}

/* Looks all ids up. The last stack of an event is where it happened; GoCreate has another before it. */
static int lookup(struct gt_trace_event *ev, const struct gt_generation *gen, struct gt_error *err)
{
	const struct gt_event_spec *spec = &gt_event_spec[ev->type];
	int texts = 0;

	for (int i = 0; i < spec->nargs; i++) {
		uint64_t id = ev->args[i];

		if (spec->args[i].kind == GT_ARG_stack) {
			ev->transition_stack = ev->stack;
			ev->stack = gt_table_stack(gen->table, id);
			if (ev->stack == NULL)
				return invalid(ev, "stack", id, err);
		} else if (spec->args[i].kind == GT_ARG_string) {
			ev->text[texts] = gt_table_string(gen->table, id);
			if (ev->text[texts++] == NULL)
				return invalid(ev, "string", id, err);
		}
	}
	if (spec->nargs > 0 && ev->stack != NULL && ev->stack->id == 0)
		ev->stack = NULL;
	return 0;
}

static void states(struct gt_trace_event *ev, const struct meaning *meaning, uint8_t old)
{
	ev->from = meaning->from;
	ev->to = meaning->to;
	switch (ev->type) {
	case GT_EV_ProcSteal:
		ev->from = old;
		break;
	case GT_EV_ProcStatus:
		ev->from = old;
		ev->to = gt_proc_state_of(ev->args[1]);
		break;
	case GT_EV_GoStatus:
	case GT_EV_GoStatusStack:
		ev->from = old;
		ev->to = gt_go_state_of(ev->args[2]);
		break;
	}
	/* An own transition happens where the event does. */
	if (meaning->whose == OWN_G)
		ev->transition_stack = ev->stack;
}

/* Tasks and the kind of a stopped world, which the order has kept for us. */
static int remembered(struct gt_trace_event *ev, const struct gt_placed_event *placed, const struct gt_generation *gen,
		      struct gt_error *err)
{
	ev->task = ev->args[0];
	ev->parent = GT_NONE;
	if (ev->type == GT_EV_UserTaskBegin)
		ev->parent = ev->args[1];
	if (ev->type == GT_EV_UserTaskEnd) {
		ev->parent = placed->parent;
		ev->text[0] = placed->name;
	}
	if (ev->type == GT_EV_STWEnd) {
		ev->text[0] = gt_table_string(gen->table, ev->args[0]);
		if (ev->text[0] == NULL)
			return invalid(ev, "string", ev->args[0], err);
	}
	return 0;
}

static void blank(struct gt_trace_event *ev, const struct gt_generation *gen, int64_t time)
{
	memset(ev, 0, sizeof(*ev));
	ev->gen = gen->gen;
	ev->time = time;
	ev->text[0] = ev->text[1] = &gt_string_empty;
	ev->m = ev->p = ev->g = ev->id = -1;
}

int gt_resolve(const struct gt_placed_event *placed, const struct gt_generation *gen, struct gt_trace_event *ev,
	       struct gt_error *err)
{
	const struct meaning *meaning = &meanings[placed->raw.type];

	blank(ev, gen, placed->raw.time);
	ev->type = placed->raw.type;
	ev->kind = gt_event_spec[ev->type].group == GT_GROUP_ALLOC ? GT_KIND_EXPERIMENTAL : meaning->kind;
	ev->m = placed->m;
	ev->p = placed->p;
	ev->g = placed->g;
	memcpy(ev->args, placed->raw.args, sizeof(ev->args));
	ev->facts = placed->raw.facts;
	ev->nfacts = placed->raw.nfacts;
	if (lookup(ev, gen, err) < 0)
		return -1;
	resource(ev, meaning->whose);
	if (ev->kind == GT_KIND_TRANSITION)
		states(ev, meaning, placed->old);
	return remembered(ev, placed, gen, err);
}

void gt_resolve_sample(const struct gt_sample *sample, const struct gt_generation *gen, struct gt_trace_event *ev)
{
	blank(ev, gen, sample->time);
	ev->kind = GT_KIND_STACK_SAMPLE;
	ev->type = GT_FR_CPUSample;
	ev->m = sample->m;
	ev->p = sample->p;
	ev->g = sample->g;
	ev->args[0] = sample->stack;
	ev->stack = gt_table_stack(gen->table, sample->stack);
}

void gt_resolve_sync(const struct gt_generation *gen, int64_t time, struct gt_trace_event *ev)
{
	blank(ev, gen, time);
	ev->kind = GT_KIND_SYNC;
}
