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
	bool special; /* see special() */
};

#define GO(whose, from, to)                                                                                            \
	{                                                                                                              \
		GT_KIND_TRANSITION, whose, GT_GO_##from, GT_GO_##to, false                                             \
	}
#define PROC(whose, from, to)                                                                                          \
	{                                                                                                              \
		GT_KIND_TRANSITION, whose, GT_PROC_##from, GT_PROC_##to, false                                         \
	}
#define SPECIAL(resource)                                                                                              \
	{                                                                                                              \
		.kind = GT_KIND_TRANSITION, .whose = (resource), .special = true                                       \
	}

static const struct meaning meanings[256] = {
	[GT_EV_ProcsChange] = {.kind = GT_KIND_METRIC},
	[GT_EV_ProcStart] = PROC(ARG_P, IDLE, RUNNING),
	[GT_EV_ProcStop] = PROC(OWN_P, RUNNING, IDLE),
	[GT_EV_ProcSteal] = {GT_KIND_TRANSITION, ARG_P, 0, GT_PROC_IDLE, true},
	[GT_EV_ProcStatus] = SPECIAL(ARG_P),
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
	[GT_EV_GoStatus] = SPECIAL(ARG_G),
	[GT_EV_GoStatusStack] = SPECIAL(ARG_G),
	[GT_EV_STWBegin] = {.kind = GT_KIND_RANGE_BEGIN, .whose = OWN_G},
	[GT_EV_STWEnd] = {.kind = GT_KIND_RANGE_END, .whose = OWN_G, .special = true},
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
	[GT_EV_UserTaskBegin] = {.kind = GT_KIND_TASK_BEGIN, .special = true},
	[GT_EV_UserTaskEnd] = {.kind = GT_KIND_TASK_END, .special = true},
	[GT_EV_UserRegionBegin] = {.kind = GT_KIND_REGION_BEGIN},
	[GT_EV_UserRegionEnd] = {.kind = GT_KIND_REGION_END},
	[GT_EV_UserLog] = {.kind = GT_KIND_LOG},
	[GT_EV_Span] = {.kind = GT_KIND_EXPERIMENTAL},
	[GT_EV_SpanAlloc] = {.kind = GT_KIND_EXPERIMENTAL},
	[GT_EV_SpanFree] = {.kind = GT_KIND_EXPERIMENTAL},
	[GT_EV_HeapObject] = {.kind = GT_KIND_EXPERIMENTAL},
	[GT_EV_HeapObjectAlloc] = {.kind = GT_KIND_EXPERIMENTAL},
	[GT_EV_HeapObjectFree] = {.kind = GT_KIND_EXPERIMENTAL},
	[GT_EV_GoroutineStack] = {.kind = GT_KIND_EXPERIMENTAL},
	[GT_EV_GoroutineStackAlloc] = {.kind = GT_KIND_EXPERIMENTAL},
	[GT_EV_GoroutineStackFree] = {.kind = GT_KIND_EXPERIMENTAL},
};

/* The argument that is always 0, and so an id of nothing. */
enum { NONE = GT_MAX_ARGS };

/* Which arguments are ids of the tables. */
struct lookup {
	uint8_t stack, text; /* the last one; the first one */
	bool two_stacks, two_texts; /* another one stands before it; behind it */
};

enum {
#define ARG(name, kind) KIND_##name = GT_ARG_##kind,
#include "../shim/format/args.def"
	KIND_none = GT_ARG_value,
};

#define IS(arg, kind) ((int)KIND_##arg == (int)GT_ARG_##kind)
#define ROW(a, b, c, d)                                                                                                \
	{                                                                                                              \
		.stack = IS(d, stack)   ? 3                                                                            \
			 : IS(c, stack) ? 2                                                                            \
			 : IS(b, stack) ? 1                                                                            \
			 : IS(a, stack) ? 0                                                                            \
					: NONE,                                                                        \
		.text = IS(a, string)   ? 0                                                                            \
			: IS(b, string) ? 1                                                                            \
			: IS(c, string) ? 2                                                                            \
			: IS(d, string) ? 3                                                                            \
					: NONE,                                                                        \
		.two_stacks = IS(a, stack) + IS(b, stack) + IS(c, stack) + IS(d, stack) == 2,                          \
		.two_texts = IS(a, string) + IS(b, string) + IS(c, string) + IS(d, string) == 2,                       \
	}
#define EV0(no, ...) [no] = ROW(none, none, none, none),
#define EV1(no, name, ctx, grp, a, help) [no] = ROW(a, none, none, none),
#define EV2(no, name, ctx, grp, a, b, help) [no] = ROW(a, b, none, none),
#define EV3(no, name, ctx, grp, a, b, c, help) [no] = ROW(a, b, c, none),
#define EV4(no, name, ctx, grp, a, b, c, d, help) [no] = ROW(a, b, c, d),

static const struct lookup lookups[256] = {
#include "../shim/format/events.def"
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

static int invalid(const struct gt_placed_event *placed, const struct gt_generation *gen, const char *what, uint64_t id,
		   struct gt_error *err)
{
	err->gen = gen->gen;
	err->m = placed->m;
	return gt_error_set(err, GT_ERR_FORMAT, "%s names %s %" PRIu64 ", which is not there",
			    gt_event_spec[placed->raw.type].name, what, id);
}

/* Says which id is not in the tables. Always -1. */
static int missing(const struct gt_placed_event *placed, const struct gt_generation *gen, struct gt_error *err)
{
	const struct gt_event_spec *spec = &gt_event_spec[placed->raw.type];

	for (int i = 0; i < spec->nargs; i++) {
		uint64_t id = placed->raw.args[i];

		if (spec->args[i].kind == GT_ARG_stack && gt_table_stack(gen->table, id) == NULL)
			return invalid(placed, gen, "stack", id, err);
		if (spec->args[i].kind == GT_ARG_string && gt_table_string(gen->table, id) == NULL)
			return invalid(placed, gen, "string", id, err);
	}
	return -1;
}

/* What the event says itself is not all: the kind of a stopped world is what its beginning said. */
static const struct gt_string *kind_of_stop(const struct gt_placed_event *placed, const struct gt_generation *gen,
					    struct gt_error *err)
{
	const struct gt_string *kind = gt_table_string(gen->table, placed->raw.args[0]);

	if (kind == NULL)
		invalid(placed, gen, "string", placed->raw.args[0], err);
	return kind;
}

struct found {
	const struct gt_stack *stack, *before; /* NULL: none before */
	const struct gt_string *text[2];
};

/* Looks up all ids that the event's row names. False when one is not there. */
static inline bool look_up(const struct gt_raw_event *raw, const struct gt_table *table, struct found *found)
{
	const struct lookup *row = &lookups[raw->type];

	found->before = NULL;
	found->stack = gt_table_stack(table, raw->args[row->stack]);
	found->text[0] = gt_table_string(table, raw->args[row->text]);
	found->text[1] = &gt_string_empty;
	if (row->two_stacks) {
		found->before = gt_table_stack(table, raw->args[row->stack - 1]);
		if (found->before == NULL)
			return false;
	}
	if (row->two_texts)
		found->text[1] = gt_table_string(table, raw->args[row->text + 1]);
	return found->stack != NULL && found->text[0] != NULL && found->text[1] != NULL;
}

int gt_resolve_check(const struct gt_placed_event *placed, const struct gt_generation *gen, struct gt_error *err)
{
	struct found found;

	if (!look_up(&placed->raw, gen->table, &found))
		return missing(placed, gen, err);
	return placed->raw.type == GT_EV_STWEnd && kind_of_stop(placed, gen, err) == NULL ? -1 : 0;
}

/* What depends on more than the event: on the state that was known before, and on what the order has kept for us. */
static int special(struct gt_trace_event *ev, const struct gt_placed_event *placed, const struct gt_generation *gen,
		   struct gt_error *err)
{
	switch (ev->type) {
	case GT_EV_ProcSteal:
		ev->from = placed->old;
		break;
	case GT_EV_ProcStatus:
		ev->from = placed->old;
		ev->to = gt_proc_state_of(ev->args[1]);
		break;
	case GT_EV_GoStatus:
	case GT_EV_GoStatusStack:
		ev->from = placed->old;
		ev->to = gt_go_state_of(ev->args[2]);
		break;
	case GT_EV_UserTaskBegin:
		ev->parent = ev->args[1];
		break;
	case GT_EV_UserTaskEnd:
		ev->parent = placed->parent;
		ev->text[0] = placed->name;
		break;
	case GT_EV_STWEnd:
		ev->text[0] = kind_of_stop(placed, gen, err);
		return ev->text[0] != NULL ? 0 : -1;
	}
	return 0;
}

int gt_resolve(const struct gt_placed_event *placed, const struct gt_generation *gen, struct gt_trace_event *ev,
	       struct gt_error *err)
{
	const struct meaning *meaning = &meanings[placed->raw.type];
	struct found found;

	ev->kind = meaning->kind;
	ev->type = placed->raw.type;
	ev->time = placed->raw.time;
	ev->m = placed->m;
	ev->p = placed->p;
	ev->g = placed->g;
	ev->gen = gen->gen;
	ev->units = &gen->units;
	memcpy(ev->args, placed->raw.args, sizeof(ev->args));
	ev->from = meaning->from;
	ev->to = meaning->to;
	ev->task = ev->args[0];
	ev->parent = GT_NONE;
	ev->facts = placed->raw.facts;
	ev->nfacts = placed->raw.nfacts;
	if (!look_up(&placed->raw, gen->table, &found))
		return missing(placed, gen, err);
	/* The last stack is where it happened; GoCreate has another before it. */
	ev->stack = found.stack->id != 0 ? found.stack : NULL;
	ev->transition_stack = found.before;
	ev->text[0] = found.text[0];
	ev->text[1] = found.text[1];
	resource(ev, meaning->whose);
	/* An own transition happens where the event does. */
	if (meaning->whose == OWN_G && ev->kind == GT_KIND_TRANSITION)
		ev->transition_stack = ev->stack;
	return meaning->special ? special(ev, placed, gen, err) : 0;
}

/* An event that is no event of a thread. */
static void blank(struct gt_trace_event *ev, const struct gt_generation *gen, uint8_t type, int64_t time)
{
	memset(ev, 0, sizeof(*ev));
	ev->type = type;
	ev->gen = gen->gen;
	ev->time = time;
	ev->text[0] = ev->text[1] = &gt_string_empty;
	ev->m = ev->p = ev->g = ev->id = -1;
}

void gt_resolve_sample(const struct gt_sample *sample, const struct gt_generation *gen, struct gt_trace_event *ev)
{
	blank(ev, gen, GT_FR_CPUSample, sample->time);
	ev->kind = GT_KIND_STACK_SAMPLE;
	ev->m = sample->m;
	ev->p = sample->p;
	ev->g = sample->g;
	ev->args[0] = sample->stack;
	ev->stack = gt_table_stack(gen->table, sample->stack);
}

void gt_resolve_sync(const struct gt_generation *gen, int64_t time, struct gt_trace_event *ev)
{
	blank(ev, gen, 0, time);
	ev->kind = GT_KIND_SYNC;
}
