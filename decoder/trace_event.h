/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An event as the reader hands it out: in its place in the order, its ids resolved, its meaning said.
 *
 * All pointers in it live until the next call of gt_reader_next().
 */
#ifndef GT_TRACE_EVENT_H
#define GT_TRACE_EVENT_H

#include "../shim/format/event.h"
#include "fact.h"
#include "snapshot.h"

enum gt_kind {
	GT_KIND_SYNC, /* the end of a generation; in traces of version GT_GO_SYNC and newer, the start of one, or the end */
	GT_KIND_METRIC,
	GT_KIND_LABEL,
	GT_KIND_STACK_SAMPLE,
	GT_KIND_RANGE_BEGIN,
	GT_KIND_RANGE_ACTIVE,
	GT_KIND_RANGE_END,
	GT_KIND_TASK_BEGIN,
	GT_KIND_TASK_END,
	GT_KIND_REGION_BEGIN,
	GT_KIND_REGION_END,
	GT_KIND_LOG,
	GT_KIND_TRANSITION,
	GT_KIND_EXPERIMENTAL,
};

enum gt_resource { GT_RES_NONE, GT_RES_GO, GT_RES_PROC };

/* States of threads (goroutines) and slots (procs), as transitions name them. */
enum gt_go_state {
	GT_GO_UNDETERMINED,
	GT_GO_NOT_EXIST,
	GT_GO_RUNNABLE,
	GT_GO_RUNNING,
	GT_GO_WAITING,
	GT_GO_SYSCALL,
};
enum gt_proc_state { GT_PROC_UNDETERMINED, GT_PROC_NOT_EXIST, GT_PROC_RUNNING, GT_PROC_IDLE };

struct gt_memory_units;

struct gt_trace_event {
	enum gt_kind kind;
	uint8_t type; /* enum gt_event; GT_FR_CPUSample for a sample; 0 for Sync */
	int64_t time; /* nanoseconds, strictly increasing */
	int64_t m, p, g; /* whose stream, with which slot, by which thread; -1 when none. The state before the event */
	uint64_t gen;
	uint64_t args
		[GT_MAX_ARGS]; /* as on the wire, behind the timestamp; SYNC: its number, how many generations are over, the snapshot in nanoseconds */
	const struct gt_snapshot *snapshot; /* SYNC only: of the generation that starts, or NULL */
	const struct gt_memory_units *units; /* of its generation; NULL in what is no event */
	const struct gt_stack *stack; /* where it happened, or NULL */

	/* TRANSITION, RANGE_*: whose. Ranges of GC are of GT_RES_NONE. LABEL: the thread. */
	enum gt_resource resource;
	int64_t id;
	uint8_t from, to; /* enum gt_go_state or enum gt_proc_state */
	const struct gt_stack *transition_stack; /* of the resource in transition, or NULL */

	/*
	 * TRANSITION: [0] the reason (empty when there is none). LABEL: [0] the label. TASK_*, REGION_*: [0] the name.
	 * RANGE_* of STW: [0] the kind. LOG: [0] category, [1] message. Never NULL.
	 */
	const struct gt_string *text[2];
	uint64_t task, parent; /* TASK_*, REGION_*, LOG; GT_NONE: no parent */

	const struct gt_fact_record *facts; /* tied to this event, `nfacts` of them */
	size_t nfacts;
};

/* A short text with its length, for who copies many: all of `text` may be copied. */
struct gt_label {
	uint8_t len;
	char text[15];
};

/* "Undetermined", "NotExist", ... "Bad" for what is none. */
const struct gt_label *gt_go_state_label(unsigned state);
const struct gt_label *gt_proc_state_label(unsigned state);
const char *gt_go_state_name(unsigned state);
const char *gt_proc_state_name(unsigned state);

/* How a state on the wire (enum gt_gstatus, enum gt_pstatus; in range) looks to users of events. */
uint8_t gt_go_state_of(uint64_t status);
uint8_t gt_proc_state_of(uint64_t status);

/* "Sync", "Metric", "StateTransition", ... */
const char *gt_kind_name(enum gt_kind kind);

/* What people want to know of where it happened: of a transition, where the resource is. NULL: nothing is known. */
static inline const struct gt_stack *gt_event_stack(const struct gt_trace_event *ev)
{
	return ev->transition_stack != NULL ? ev->transition_stack : ev->stack;
}

/* The fact `number` of this event, or NULL. */
static inline const struct gt_fact_record *gt_event_fact(const struct gt_trace_event *ev, enum gt_fact number)
{
	for (size_t i = 0; i < ev->nfacts; i++) {
		if (ev->facts[i].number == number)
			return &ev->facts[i];
	}
	return NULL;
}

#endif
