/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Two tables of lives: by goroutine, and by kernel thread for what a thread does between its goroutines.
 */
#include "life.h"

#include "../shim/format/spec.h"
#include "cli.h"

#include <stdlib.h>

enum { RECENT = 64 };

struct gt_lives {
	struct gt_life *all, *by_tid;
	struct gt_life *recent[RECENT], *recent_tid[RECENT]; /* found last, by the lowest bits of either number */
	struct gt_life *over; /* ended with the last event */
};

struct gt_lives *gt_lives_new(void)
{
	return gt_cli_alloc(1, sizeof(struct gt_lives));
}

/* A table that has no room leaves the node without a table. */
static void require(const UT_hash_table *table)
{
	if (table == NULL)
		gt_cli_no_memory();
}

static void forget(struct gt_lives *lives, struct gt_life *life)
{
	if (life->tid != 0)
		HASH_DELETE(hh_tid, lives->by_tid, life);
	HASH_DEL(lives->all, life);
	if (lives->recent[life->g % RECENT] == life)
		lives->recent[life->g % RECENT] = NULL;
	if (lives->recent_tid[life->tid % RECENT] == life)
		lives->recent_tid[life->tid % RECENT] = NULL;
	free(life);
}

void gt_lives_free(struct gt_lives *lives)
{
	struct gt_life *life, *next;

	if (lives == NULL)
		return;
	HASH_ITER (hh, lives->all, life, next)
		forget(lives, life);
	free(lives);
}

static struct gt_life *find(const struct gt_lives *lives, uint64_t g)
{
	struct gt_life *life = lives->recent[g % RECENT];

	if (life == NULL || life->g != g)
		HASH_FIND(hh, lives->all, &g, sizeof(g), life);
	return life;
}

static struct gt_life *find_tid(struct gt_lives *lives, uint64_t tid)
{
	struct gt_life *life = lives->recent_tid[tid % RECENT];

	if (life != NULL && life->tid == tid)
		return life;
	HASH_FIND(hh_tid, lives->by_tid, &tid, sizeof(tid), life);
	lives->recent_tid[tid % RECENT] = life;
	return life;
}

/* The kernel gives thread ids out again: the newest owner is the one that is found. */
static void set_tid(struct gt_lives *lives, struct gt_life *life, uint64_t tid)
{
	struct gt_life *old = tid != 0 ? find_tid(lives, tid) : NULL;

	/* Nobody is kept there under a number that is not its own any more. */
	lives->recent_tid[tid % RECENT] = lives->recent_tid[life->tid % RECENT] = NULL;

	if (old != NULL && old != life) {
		HASH_DELETE(hh_tid, lives->by_tid, old);
		old->tid = 0;
	}
	if (life->tid != 0 && lives->by_tid != NULL)
		HASH_DELETE(hh_tid, lives->by_tid, life);
	life->tid = tid;
	if (tid == 0)
		return;
	HASH_ADD(hh_tid, lives->by_tid, tid, sizeof(life->tid), life);
	require(life->hh_tid.tbl);
}

static void set_name(struct gt_life *life, const struct gt_string *name)
{
	gt_string_copy(life->name, sizeof(life->name), name);
	life->shown = life->column_len = 0;
}

struct gt_life *gt_lives_of(struct gt_lives *lives, uint64_t g)
{
	struct gt_life *life = find(lives, g);

	if (life != NULL) {
		lives->recent[g % RECENT] = life;
		return life;
	}
	life = gt_cli_alloc(1, sizeof(*life));
	life->g = g;
	life->pause.call = GT_NONE;
	life->pause.descriptor = -1;
	HASH_ADD(hh, lives->all, g, sizeof(life->g), life);
	require(life->hh.tbl);
	return life;
}

struct gt_life *gt_lives_first(struct gt_lives *lives)
{
	return lives->all;
}

const char *gt_lives_name(const struct gt_lives *lives, uint64_t g)
{
	const struct gt_life *life = find(lives, g);

	return life != NULL ? life->name : "";
}

/* It waited already when the trace began: the generation's facts come before its first status. */
static void await(struct gt_lives *lives, const struct gt_fact_record *fact)
{
	struct gt_pause *p = &gt_lives_of(lives, fact->field[0].u)->pause;

	p->primitive = fact->field[1].u < GT_PRIMITIVES ? fact->field[1].u : GT_PRIM_NONE;
	p->object = fact->field[2].u;
	if (gt_primitive_object[p->primitive] == GT_OBJECT_FD)
		p->descriptor = (int64_t)p->object;
}

void gt_lives_fact(struct gt_lives *lives, const struct gt_fact_record *fact)
{
	struct gt_life *life;

	if (fact->number == GT_FACT_Waiting)
		await(lives, fact);
	if (fact->number != GT_FACT_ThreadName)
		return;
	life = gt_lives_of(lives, fact->field[0].u);
	set_tid(lives, life, fact->field[1].u);
	set_name(life, &fact->field[2].t);
}

/* What begins here, if anything does. */
static void begin(struct gt_life *life, const struct gt_trace_event *ev)
{
	const struct gt_fact_record *wait = gt_event_fact(ev, GT_FACT_Wait);
	const struct gt_fact_record *call = gt_event_fact(ev, GT_FACT_Syscall);
	struct gt_pause *p = &life->pause;

	if (ev->from == GT_GO_UNDETERMINED && wait == NULL)
		return; /* await() may have known more */
	if (ev->from != GT_GO_UNDETERMINED)
		gt_string_copy(p->reason, sizeof(p->reason), ev->text[0]);
	p->primitive = wait != NULL && wait->field[0].u < GT_PRIMITIVES ? wait->field[0].u : GT_PRIM_NONE;
	p->object = wait != NULL ? wait->field[1].u : 0;
	p->call = call != NULL ? call->field[0].u : GT_NONE;
	p->descriptor = call != NULL ? call->field[1].s : -1;
	if (gt_primitive_object[p->primitive] == GT_OBJECT_FD)
		p->descriptor = (int64_t)p->object;
}

static bool pauses(unsigned state)
{
	return state == GT_GO_WAITING || state == GT_GO_SYSCALL;
}

static void change(struct gt_life *life, const struct gt_trace_event *ev, struct gt_moment *moment)
{
	bool same = ev->from == ev->to; /* said again at the start of a generation: the same stay goes on */

	if (pauses(ev->to) && !same)
		begin(life, ev);
	if (pauses(ev->to) || pauses(ev->from))
		moment->pause = &life->pause;
	/* A call that waits has its result where its thread starts again. */
	if (pauses(ev->to) || ev->from == GT_GO_SYSCALL || gt_event_fact(ev, GT_FACT_SyscallResult) != NULL)
		moment->call = life->pause.call;
	if (same && life->placed)
		return;
	if (!same && life->placed && ev->from >= GT_GO_RUNNABLE)
		moment->stay = ev->time - life->since;
	life->placed = true;
	life->state = ev->to;
	life->since = ev->time;
}

/* Nobody names a coroutine otherwise. */
static void name_coroutine(struct gt_lives *lives, const struct gt_trace_event *ev)
{
	struct gt_life *life = gt_lives_of(lives, (uint64_t)ev->id);
	const struct gt_stack *start = ev->transition_stack;

	if (ev->kind == GT_KIND_LABEL) {
		if (life->is_coroutine)
			set_name(life, ev->text[0]);
		return;
	}
	life->is_coroutine = true;
	if (start != NULL && start->nframes > 0)
		set_name(life, start->frames[0]->func);
}

void gt_lives_event(struct gt_lives *lives, const struct gt_trace_event *ev, struct gt_moment *moment)
{
	if (lives->over != NULL)
		forget(lives, lives->over);
	lives->over = NULL;
	*moment = (struct gt_moment){.ev = ev, .call = GT_NONE, .stay = -1};
	if (ev->g >= 0)
		moment->author = gt_lives_of(lives, (uint64_t)ev->g);
	else if (ev->m >= 0)
		moment->author = find_tid(lives, (uint64_t)ev->m);
	if (ev->kind == GT_KIND_LABEL || ev->type == GT_EV_GoCreateBlocked)
		name_coroutine(lives, ev);
	if (ev->kind != GT_KIND_TRANSITION || ev->resource != GT_RES_GO)
		return;
	moment->subject = ev->g >= 0 && ev->id == ev->g ? moment->author : gt_lives_of(lives, (uint64_t)ev->id);
	change(moment->subject, ev, moment);
	if (ev->to == GT_GO_NOT_EXIST)
		lives->over = moment->subject;
}
