/* SPDX-License-Identifier: BSD-3-Clause */
#include "text_people.h"

#include "../shim/format/spec.h"
#include "names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

enum { NAME_LEN = 16, COLUMN_TIME = 14, COLUMN_THREAD = 24, COLUMN_PROC = 5 };

/* What is known of a goroutine while it lives. */
struct person {
	uint64_t g;
	char name[NAME_LEN];
	int64_t since; /* in its present state */
	uint64_t number; /* of the system call that it is in */
	UT_hash_handle hh;
};

struct gt_people {
	struct gt_out *out;
	bool stacks;
	bool started;
	int64_t start;
	struct person *all;
};

struct gt_people *gt_people_new(struct gt_out *out, bool stacks)
{
	struct gt_people *people = calloc(1, sizeof(*people));

	if (people) {
		people->out = out;
		people->stacks = stacks;
	}
	return people;
}

void gt_people_free(struct gt_people *people)
{
	struct person *p, *next;

	if (!people)
		return;
	HASH_ITER (hh, people->all, p, next) {
		HASH_DEL(people->all, p);
		free(p);
	}
	free(people);
}

static struct person *person_of(struct gt_people *people, uint64_t g)
{
	struct person *p;

	HASH_FIND(hh, people->all, &g, sizeof(g), p);
	if (p)
		return p;
	p = calloc(1, sizeof(*p));
	if (!p)
		abort();
	p->g = g;
	p->number = GT_NONE;
	HASH_ADD(hh, people->all, g, sizeof(p->g), p);
	return p;
}

void gt_people_fact(void *arg, uint64_t gen, const struct gt_fact_record *fact)
{
	const struct gt_string *name = &fact->field[2].t;
	struct person *p;

	(void)gen;
	if (fact->number != GT_FACT_ThreadName)
		return;
	p = person_of(arg, fact->field[0].u);
	snprintf(p->name, sizeof(p->name), "%.*s", (int)name->len, name->bytes);
}

/* Fills the column that began at `from` up to `width`, and always leaves one blank. */
static void pad(struct gt_out *out, size_t from, size_t width)
{
	do
		gt_out_char(out, ' ');
	while (out->len - from < width);
}

static void put_time(struct gt_people *people, int64_t time)
{
	char text[32];

	if (!people->started)
		people->start = time;
	people->started = true;
	snprintf(text, sizeof(text), "%*.6f", COLUMN_TIME - 1, (double)(time - people->start) / 1e6);
	gt_out_str(people->out, text);
	gt_out_str(people->out, "ms ");
}

static void put_go(struct gt_people *people, uint64_t g)
{
	struct person *p = person_of(people, g);

	gt_out_char(people->out, 'G');
	gt_out_u64(people->out, g);
	if (p->name[0]) {
		gt_out_char(people->out, ' ');
		gt_out_text(people->out, p->name, strlen(p->name));
	}
}

static void put_who(struct gt_people *people, const struct gt_trace_event *ev)
{
	struct gt_out *out = people->out;
	size_t from = out->len;

	if (ev->g >= 0)
		put_go(people, (uint64_t)ev->g);
	else
		gt_out_char(out, '-');
	if (ev->m >= 0) {
		gt_out_char(out, '/');
		gt_out_i64(out, ev->m);
	}
	pad(out, from, COLUMN_THREAD);
	from = out->len;
	if (ev->p >= 0) {
		gt_out_char(out, 'P');
		gt_out_i64(out, ev->p);
	} else {
		gt_out_char(out, '-');
	}
	pad(out, from, COLUMN_PROC);
}

static void put_string(struct gt_out *out, const struct gt_string *s)
{
	gt_out_text(out, s->bytes, s->len);
}

static void put_facts(struct gt_people *people, const struct gt_trace_event *ev)
{
	struct gt_out *out = people->out;
	const struct gt_fact_record *f;
	char text[GT_NAME_LEN];

	f = gt_event_fact(ev, GT_FACT_Wait);
	if (f && f->field[0].u < GT_PRIMITIVES) {
		gt_out_str(out, " on ");
		gt_out_str(out, gt_name_object(f->field[0].u, f->field[1].u, text));
	}
	f = gt_event_fact(ev, GT_FACT_SleepTime);
	if (f) {
		gt_out_str(out, " asked for ");
		gt_out_str(out, gt_name_duration(f->field[0].u, text));
	}
	f = gt_event_fact(ev, GT_FACT_Waker);
	if (f) {
		gt_out_str(out, " released by ");
		put_go(people, f->field[0].u);
	}
}

/*
 * The call that begins or ends, and what it returned. A call that waits is named where its wait begins; where a
 * thread starts again after one, only the result is news.
 */
static void put_call(struct gt_people *people, const struct gt_trace_event *ev, struct person *p)
{
	const struct gt_fact_record *call = gt_event_fact(ev, GT_FACT_Syscall);
	const struct gt_fact_record *result = gt_event_fact(ev, GT_FACT_SyscallResult);
	char text[GT_NAME_LEN];

	if (call || ev->to == GT_GO_SYSCALL || ev->to == GT_GO_WAITING)
		p->number = call ? call->field[0].u : GT_NONE;
	if (p->number == GT_NONE || !(call || result || ev->from == GT_GO_SYSCALL))
		return;
	gt_out_str(people->out, ev->to == GT_GO_WAITING ? " in " : " ");
	gt_out_str(people->out, gt_name_syscall(p->number, text));
	if (call && call->field[1].s >= 0 && ev->to == GT_GO_SYSCALL) {
		gt_out_str(people->out, ", descriptor ");
		gt_out_i64(people->out, call->field[1].s);
	}
	if (result) {
		gt_out_str(people->out, " = ");
		gt_out_str(people->out, gt_name_result(result->field[0].s, text));
	}
}

/* How long the thread was in the state that it leaves. */
static void put_stay(struct gt_people *people, const struct gt_trace_event *ev, struct person *p)
{
	char text[GT_NAME_LEN];

	if (ev->from == ev->to)
		return;
	if (ev->from >= GT_GO_RUNNABLE && p->since) {
		gt_out_str(people->out, "  after ");
		gt_out_str(people->out, gt_name_duration((uint64_t)(ev->time - p->since), text));
	}
	p->since = ev->time;
}

static void put_transition(struct gt_people *people, const struct gt_trace_event *ev)
{
	struct gt_out *out = people->out;
	struct person *p;

	gt_out_char(out, ' ');
	if (ev->resource == GT_RES_PROC) {
		gt_out_char(out, 'P');
		gt_out_i64(out, ev->id);
		gt_out_str(out, " -> ");
		gt_out_str(out, gt_proc_state_name(ev->to));
		return;
	}
	p = person_of(people, (uint64_t)ev->id);
	put_go(people, p->g);
	gt_out_str(out, " -> ");
	gt_out_str(out, gt_go_state_name(ev->to));
	if (ev->text[0]->len) {
		gt_out_str(out, ", ");
		put_string(out, ev->text[0]);
	}
	put_facts(people, ev);
	put_call(people, ev, p);
	put_stay(people, ev, p);
	if (ev->to == GT_GO_NOT_EXIST) {
		HASH_DEL(people->all, p);
		free(p);
	}
}

static void put_details(struct gt_people *people, const struct gt_trace_event *ev)
{
	struct gt_out *out = people->out;

	if (ev->kind == GT_KIND_TRANSITION) {
		put_transition(people, ev);
		return;
	}
	for (int i = 0; i < 2; i++) {
		if (ev->text[i]->len) {
			gt_out_char(out, ' ');
			put_string(out, ev->text[i]);
		}
	}
	if (ev->kind == GT_KIND_METRIC) {
		gt_out_char(out, ' ');
		gt_out_u64(out, ev->args[0]);
	}
}

static void put_stack(struct gt_out *out, const struct gt_stack *stack)
{
	for (size_t i = 0; stack && i < stack->nframes; i++) {
		gt_out_str(out, "                    ");
		put_string(out, stack->frames[i]->func);
		gt_out_str(out, "  ");
		put_string(out, stack->frames[i]->file);
		gt_out_char(out, '\n');
	}
}

void gt_people_event(struct gt_people *people, const struct gt_trace_event *ev)
{
	struct gt_out *out = people->out;
	size_t from;

	put_time(people, ev->time);
	put_who(people, ev);
	from = out->len;
	if (ev->kind == GT_KIND_SYNC)
		gt_out_str(out, "-- end of generation");
	else if (gt_event_is_timed(ev->type))
		gt_out_str(out, gt_event_spec[ev->type].name);
	else
		gt_out_str(out, gt_kind_name(ev->kind));
	if (ev->kind != GT_KIND_SYNC) {
		pad(out, from, 20);
		put_details(people, ev);
	}
	gt_out_char(out, '\n');
	if (people->stacks)
		put_stack(out, ev->transition_stack ? ev->transition_stack : ev->stack);
}
