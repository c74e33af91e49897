/* SPDX-License-Identifier: BSD-3-Clause */
#include "survey.h"

#include "reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

/* What a goroutine waits for, or which system call it is in. */
struct gt_survey_wait {
	uint64_t g;
	char reason[64];
	uint64_t primitive, object, number;
	int64_t since;
	UT_hash_handle hh;
};

static void copy(char *to, size_t size, const struct gt_string *s)
{
	snprintf(to, size, "%.*s", (int)(s->len < size ? s->len : size - 1), s->bytes);
}

static void take_option(struct gt_survey *survey, const struct gt_fact_record *f)
{
	struct gt_survey_option *o = &survey->option[survey->options];

	if (survey->options == GT_SURVEY_OPTIONS)
		return;
	copy(o->name, sizeof(o->name), &f->field[0].t);
	copy(o->value, sizeof(o->value), &f->field[1].t);
	o->verdict = f->field[2].u;
	survey->options++;
}

static void take_module(struct gt_survey *survey, const struct gt_fact_record *f)
{
	struct gt_survey_module *all = realloc(survey->module, (survey->modules + 1) * sizeof(*all));

	if (!all)
		return;
	survey->module = all;
	all += survey->modules;
	all->base = f->field[0].u;
	all->end = f->field[1].u;
	copy(all->build_id, sizeof(all->build_id), &f->field[2].t);
	all->path = strndup(f->field[3].t.bytes, f->field[3].t.len);
	survey->modules += all->path != NULL;
}

static void take_name(struct gt_survey *survey, const struct gt_fact_record *f)
{
	char name[16];

	copy(name, sizeof(name), &f->field[2].t);
	gt_stats_thread_name(survey->stats, f->field[0].u, f->field[1].u, name);
}

static void take_fact(void *arg, uint64_t gen, const struct gt_fact_record *f)
{
	struct gt_survey *survey = arg;

	(void)gen;
	switch (f->number) {
	case GT_FACT_ThreadName:
		take_name(survey, f);
		break;
	case GT_FACT_Module:
		take_module(survey, f);
		break;
	case GT_FACT_Option:
		take_option(survey, f);
		break;
	case GT_FACT_Dropped:
		if (f->field[0].u < GT_DROPS)
			survey->dropped[f->field[0].u] = f->field[1].u;
		break;
	case GT_FACT_Process:
		survey->pid = f->field[0].u;
		survey->parent_pid = f->field[1].u;
		copy(survey->program, sizeof(survey->program), &f->field[2].t);
		copy(survey->version, sizeof(survey->version), &f->field[3].t);
		break;
	case GT_FACT_Origin:
		survey->started = f->field[0].u;
		survey->parent_started = f->field[1].u;
		copy(survey->forked_from, sizeof(survey->forked_from), &f->field[2].t);
		break;
	default:
		break;
	}
}

static struct gt_survey_wait *wait_of(struct gt_survey *survey, uint64_t g)
{
	struct gt_survey_wait *w;

	HASH_FIND(hh, survey->waits, &g, sizeof(g), w);
	if (w)
		return w;
	w = calloc(1, sizeof(*w));
	if (!w)
		abort();
	w->g = g;
	HASH_ADD(hh, survey->waits, g, sizeof(w->g), w);
	return w;
}

static void open_wait(struct gt_survey_wait *w, const struct gt_trace_event *ev)
{
	const struct gt_fact_record *f = gt_event_fact(ev, GT_FACT_Wait);
	const struct gt_fact_record *n = gt_event_fact(ev, GT_FACT_Syscall);

	copy(w->reason, sizeof(w->reason), ev->text[0]);
	w->primitive = f ? f->field[0].u : GT_PRIM_NONE;
	w->object = f ? f->field[1].u : 0;
	w->number = n ? n->field[0].u : GT_NONE;
	w->since = ev->time;
}

static void close_wait(struct gt_survey *survey, struct gt_survey_wait *w, const struct gt_trace_event *ev)
{
	const struct gt_fact_record *r = gt_event_fact(ev, GT_FACT_SyscallResult);
	uint64_t ns = (uint64_t)(ev->time - w->since);

	if (!w->since)
		return;
	if (ev->from == GT_GO_WAITING)
		gt_stats_wait(survey->stats, w->reason, w->primitive, w->object, ns);
	else
		gt_stats_syscall(survey->stats, w->number, r ? r->field[0].s : INT64_MIN, ns);
	w->since = 0;
}

static enum gt_gstatus status_of(unsigned state)
{
	switch (state) {
	case GT_GO_RUNNABLE:
		return GT_G_Runnable;
	case GT_GO_RUNNING:
		return GT_G_Running;
	case GT_GO_WAITING:
		return GT_G_Waiting;
	case GT_GO_SYSCALL:
		return GT_G_Syscall;
	default:
		return GT_G_Bad;
	}
}

static void take_transition(struct gt_survey *survey, const struct gt_trace_event *ev)
{
	struct gt_survey_wait *w = wait_of(survey, (uint64_t)ev->id);

	if (ev->from == ev->to) /* said again at the start of a generation: the same stay goes on */
		return;
	if (ev->from == GT_GO_WAITING || ev->from == GT_GO_SYSCALL)
		close_wait(survey, w, ev);
	if (ev->to == GT_GO_WAITING || ev->to == GT_GO_SYSCALL)
		open_wait(w, ev);
	gt_stats_state(survey->stats, (uint64_t)ev->id, status_of(ev->to), (uint64_t)ev->time);
	if (ev->to == GT_GO_NOT_EXIST) {
		HASH_DEL(survey->waits, w);
		free(w);
	}
}

static void take_event(struct gt_survey *survey, const struct gt_trace_event *ev)
{
	if (ev->kind == GT_KIND_SYNC) {
		survey->generations++;
		return;
	}
	if (survey->events++ == 0)
		survey->first = ev->time;
	survey->last = ev->time;
	if (ev->kind == GT_KIND_TRANSITION && ev->resource == GT_RES_GO)
		take_transition(survey, ev);
}

int gt_survey_read(const char *path, struct gt_survey *survey, struct gt_error *err)
{
	struct gt_reader *reader = gt_reader_open(path, err);
	struct gt_trace_event ev;
	int more = -1;

	memset(survey, 0, sizeof(*survey));
	survey->stats = gt_stats_new();
	if (reader)
		gt_reader_on_fact(reader, take_fact, survey);
	while (reader && survey->stats && (more = gt_reader_next(reader, &ev)) > 0)
		take_event(survey, &ev);
	if (survey->stats)
		gt_stats_finish(survey->stats, (uint64_t)survey->last);
	gt_reader_close(reader);
	return more;
}

uint64_t gt_survey_dropped(const struct gt_survey *survey)
{
	uint64_t sum = 0;

	for (int i = 0; i < GT_DROPS; i++)
		sum += i == GT_DROP_NESTED ? 0 : survey->dropped[i];
	return sum;
}

void gt_survey_free(struct gt_survey *survey)
{
	struct gt_survey_wait *w, *next;

	HASH_ITER (hh, survey->waits, w, next) {
		HASH_DEL(survey->waits, w);
		free(w);
	}
	for (size_t i = 0; i < survey->modules; i++)
		free(survey->module[i].path);
	free(survey->module);
	gt_stats_free(survey->stats);
}
