/* SPDX-License-Identifier: BSD-3-Clause */
#include "survey.h"

#include "../shim/format/spec.h"
#include "call_site.h"

#include <stdlib.h>
#include <string.h>

void gt_survey_start(struct gt_survey *survey)
{
	memset(survey, 0, sizeof(*survey));
	survey->stats = gt_stats_new();
	survey->stretches = gt_stretches_new();
}

/* A flight recorder says it once more in each generation. */
static void take_option(struct gt_survey *survey, const struct gt_fact_record *f)
{
	struct gt_survey_option o = {.verdict = f->field[2].u};
	int i = 0;

	gt_string_copy(o.name, sizeof(o.name), &f->field[0].t);
	gt_string_copy(o.value, sizeof(o.value), &f->field[1].t);
	while (i < survey->options && strcmp(survey->option[i].name, o.name) != 0)
		i++;
	if (i == GT_SURVEY_OPTIONS)
		return;
	survey->option[i] = o;
	survey->options += i == survey->options;
}

static bool is_known_module(const struct gt_survey *survey, const struct gt_fact_record *f)
{
	const struct gt_string *path = &f->field[3].t;

	for (size_t i = 0; i < survey->modules; i++) {
		const struct gt_survey_module *m = &survey->module[i];

		if (m->base == f->field[0].u && m->end == f->field[1].u && strlen(m->path) == path->len &&
		    memcmp(m->path, path->bytes, path->len) == 0)
			return true;
	}
	return false;
}

static void take_module(struct gt_survey *survey, const struct gt_fact_record *f)
{
	struct gt_survey_module *all;

	if (is_known_module(survey, f))
		return;
	all = realloc(survey->module, (survey->modules + 1) * sizeof(*all));
	if (all == NULL)
		return;
	survey->module = all;
	all += survey->modules;
	all->base = f->field[0].u;
	all->end = f->field[1].u;
	gt_string_copy(all->build_id, sizeof(all->build_id), &f->field[2].t);
	all->path = strndup(f->field[3].t.bytes, f->field[3].t.len);
	survey->modules += all->path != NULL;
}

/* A thread that has a row already; later rows take the name from the life of their thread. */
static void take_name(struct gt_survey *survey, const struct gt_fact_record *f)
{
	struct gt_stats_thread *thread = gt_stats_find_thread(survey->stats, f->field[0].u);

	if (thread == NULL)
		return;
	thread->tid = f->field[1].u;
	gt_string_copy(thread->name, sizeof(thread->name), &f->field[2].t);
}

static void take_stop(struct gt_survey *survey, const struct gt_fact_record *f)
{
	if (f->field[1].u < f->field[0].u)
		return;
	survey->stops.count++;
	survey->stops.total_ns += f->field[1].u - f->field[0].u;
}

static void take_snapshot(struct gt_survey *survey, const struct gt_fact_record *f)
{
	struct gt_survey_snapshot *s = &survey->snapshot;

	*s = (struct gt_survey_snapshot){
		.is_known = true, .why = f->field[0].u, .g = f->field[1].u, .ns = f->field[2].u};
	gt_string_copy(s->name, sizeof(s->name), &f->field[3].t);
}

void gt_survey_fact(struct gt_survey *survey, const struct gt_fact_record *fact)
{
	if (fact->number == GT_FACT_Module)
		take_module(survey, fact);
	else if (fact->number == GT_FACT_Option)
		take_option(survey, fact);
	else if (fact->number == GT_FACT_ThreadName)
		take_name(survey, fact);
	else if (fact->number == GT_FACT_Dropped && fact->field[0].u < GT_DROPS &&
		 gt_drop_text[fact->field[0].u] != NULL)
		survey->dropped[fact->field[0].u] = fact->field[1].u;
	else if (fact->number == GT_FACT_Stopped)
		take_stop(survey, fact);
	else if (fact->number == GT_FACT_Snapshot)
		take_snapshot(survey, fact);
	else
		gt_gaps_fact(&survey->gaps, fact);
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

/* What of a wait is known from its beginning on: life->user. */
enum { SITE, REASON };

static struct gt_stats_row *reason_of(struct gt_survey *survey, const struct gt_life *life)
{
	return gt_stats_row(survey->stats, GT_STATS_REASON, 0, 0, life->pause.reason, "");
}

static void add_wait(struct gt_survey *survey, struct gt_stats_thread *thread, const struct gt_life *life, uint64_t ns)
{
	struct gt_stats_row *site = life->user[SITE], *reason = life->user[REASON];
	const struct gt_pause *p = &life->pause;

	gt_histogram_add(&thread->waits, ns);
	gt_histogram_add(&(reason != NULL ? reason : reason_of(survey, life))->times, ns);
	gt_histogram_add(&gt_stats_number(survey->stats, GT_STATS_OBJECT, p->primitive, p->object)->times, ns);
	if (site != NULL)
		gt_histogram_add(&site->times, ns);
}

static void add_call(struct gt_survey *survey, const struct gt_life *life, const struct gt_fact_record *result,
		     uint64_t ns)
{
	struct gt_stats_row *row = gt_stats_number(survey->stats, GT_STATS_SYSCALL, life->pause.call, 0);

	row->errors += result != NULL && result->field[0].s < 0;
	gt_histogram_add(&row->times, ns);
}

/* A stay in `state`, which may be none. */
static void add_stay(struct gt_survey *survey, const struct gt_life *life, unsigned state, int64_t begin, int64_t end,
		     struct gt_span span, const struct gt_fact_record *result)
{
	struct gt_stats_thread *thread;
	uint64_t ns;

	if (!gt_span_part(span, begin, end, &ns))
		return;
	thread = gt_stats_thread(survey->stats, life->g);
	thread->tid = life->tid;
	memcpy(thread->name, life->name, sizeof(thread->name));
	if (status_of(state) == GT_G_Bad)
		return;
	gt_stats_stay(thread, status_of(state), ns);
	if (state == GT_GO_WAITING)
		add_wait(survey, thread, life, ns);
	else if (state == GT_GO_SYSCALL)
		add_call(survey, life, result, ns);
}

/* The row of a place; `frame` is NULL when there is none. */
static struct gt_stats_row *place_of(struct gt_survey *survey, enum gt_stats_table table,
				     const struct gt_stack_frame *frame)
{
	char function[GT_MAX_STRING + 1] = "", file[GT_MAX_STRING + 1] = "";

	if (frame == NULL)
		return gt_stats_row(survey->stats, table, 0, 0, function, file);
	gt_string_copy(function, sizeof(function), frame->func);
	gt_string_copy(file, sizeof(file), frame->file);
	return gt_stats_row(survey->stats, table, frame->line, 0, function, file);
}

/* The row of the program's own function where a wait begins. */
static struct gt_stats_row *site_of(struct gt_survey *survey, const struct gt_stack *stack)
{
	return place_of(survey, GT_STATS_SITE, stack != NULL && stack->nframes > 0 ? gt_call_site(stack) : NULL);
}

/* Where the row of what lies there is kept. */
static struct gt_stats_row **recent(struct gt_survey_recent *recent, const void *what)
{
	size_t i = ((uintptr_t)what >> 4) % GT_SURVEY_RECENT;

	if (recent->what[i] != what)
		recent->row[i] = NULL;
	recent->what[i] = what;
	return &recent->row[i];
}

static void begin_wait(struct gt_survey *survey, struct gt_life *life, const struct gt_trace_event *ev)
{
	const struct gt_stack *stack = gt_event_stack(ev);
	struct gt_stats_row **site, **reason;

	if (survey->gen != ev->gen) {
		survey->gen = ev->gen;
		memset(&survey->sites, 0, sizeof(survey->sites));
		memset(&survey->reasons, 0, sizeof(survey->reasons));
	}
	site = recent(&survey->sites, stack);
	if (*site == NULL)
		*site = site_of(survey, stack);
	life->user[SITE] = *site;
	life->user[REASON] = NULL;
	/* Of a wait that began before the trace the event does not say why. */
	if (ev->from == GT_GO_UNDETERMINED)
		return;
	reason = recent(&survey->reasons, ev->text[0]);
	if (*reason == NULL)
		*reason = reason_of(survey, life);
	life->user[REASON] = *reason;
}

/* A function counts as a whole, wherever in it the sample was taken. */
static void add_sample(struct gt_survey *survey, const struct gt_moment *moment, const struct gt_filter *filter)
{
	static const struct gt_life nobody = {.g = GT_NONE};
	const struct gt_stack *stack = moment->ev->stack;
	struct gt_stack_frame function = {0};

	if (!gt_filter_life(filter, moment->author != NULL ? moment->author : &nobody))
		return;
	if (stack != NULL && stack->nframes > 0) {
		function = *stack->frames[0];
		function.line = 0;
	}
	gt_histogram_add(&place_of(survey, GT_STATS_SAMPLE, function.func != NULL ? &function : NULL)->times, 1);
}

static void add_level(struct gt_level *level, uint64_t bytes)
{
	if (level->count++ == 0)
		level->first = bytes;
	level->last = bytes;
	if (bytes > level->peak)
		level->peak = bytes;
}

/* What is no stay in a state and no stretch of time. */
static void add_point(struct gt_survey *survey, const struct gt_moment *moment, const struct gt_filter *filter)
{
	const struct gt_trace_event *ev = moment->ev;

	if (ev->kind == GT_KIND_STACK_SAMPLE) {
		add_sample(survey, moment, filter);
	} else if (ev->type == GT_EV_HeapAlloc) {
		add_level(&survey->heap, ev->args[0]);
	} else if (ev->type == GT_EV_HeapGoal) {
		add_level(&survey->goal, ev->args[0]);
	} else if (ev->type == GT_EV_GCSweepEnd) {
		survey->swept += ev->args[0];
		survey->reclaimed += ev->args[1];
	}
}

void gt_survey_event(struct gt_survey *survey, const struct gt_moment *moment, const struct gt_filter *filter,
		     struct gt_span span)
{
	const struct gt_trace_event *ev = moment->ev;
	struct gt_life *life = moment->subject;

	if (ev->kind == GT_KIND_SYNC) {
		survey->generations = ev->args[1];
		return;
	}
	if (survey->events++ == 0)
		survey->first = ev->time;
	survey->last = ev->time;
	if (ev->time >= span.from && ev->time <= span.to)
		add_point(survey, moment, filter);
	gt_stretches_event(survey->stretches, survey->stats, moment, filter, span);
	/* A state that is said again at the start of a generation: the same stay goes on. */
	if (life == NULL || ev->from == ev->to)
		return;
	if (moment->stay >= 0 && gt_filter_life(filter, life))
		add_stay(survey, life, ev->from, ev->time - moment->stay, ev->time, span,
			 gt_event_fact(ev, GT_FACT_SyscallResult));
	if (ev->to == GT_GO_WAITING)
		begin_wait(survey, life, ev);
	else if (ev->to == GT_GO_NOT_EXIST)
		gt_stats_over(survey->stats, life->g);
}

void gt_survey_finish(struct gt_survey *survey, struct gt_lives *lives, const struct gt_filter *filter,
		      struct gt_span span)
{
	for (struct gt_life *life = gt_lives_first(lives); life != NULL; life = life->hh.next) {
		if (life->placed && life->state != GT_GO_NOT_EXIST && gt_filter_life(filter, life))
			add_stay(survey, life, life->state, life->since, survey->last, span, NULL);
	}
	gt_stretches_finish(survey->stretches, survey->stats, survey->last, span);
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
	for (size_t i = 0; i < survey->modules; i++)
		free(survey->module[i].path);
	free(survey->module);
	gt_stretches_free(survey->stretches);
	gt_stats_free(survey->stats);
}
