/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Every event is told to the lives of its trace before anything is left out, so that what is shown does not depend
 * on what is hidden.
 */
#include "text.h"

#include "cli.h"
#include "merge.h"
#include "progress.h"
#include "text_json.h"
#include "text_people.h"

#include <errno.h>
#include <stdlib.h>

/* What is told at the end of a generation: how long the process was stopped from outside in it, and gaps beside it. */
struct stop {
	uint64_t gen, ns;
	struct gt_gaps gaps;
	uint64_t gap_gen[GT_GAPS_MAX]; /* which generations say so */
};

struct printer {
	const struct gt_text_options *options;
	struct gt_out *out;
	struct gt_merge merge;
	struct gt_paint paint;
	struct stop *stop; /* one a trace */
	struct gt_line line; /* the one in hand: filled in again, since clearing all of it takes longer */
	bool has_window;
};

static void take_fact(void *stop, uint64_t gen, const struct gt_fact_record *fact)
{
	struct stop *last = stop;
	int gaps = last->gaps.n;

	gt_gaps_fact(&last->gaps, fact);
	if (last->gaps.n > gaps)
		last->gap_gen[gaps] = gen;
	if (fact->number != GT_FACT_Stopped || fact->field[1].u < fact->field[0].u)
		return;
	if (last->gen != gen) {
		last->gen = gen;
		last->ns = 0;
	}
	last->ns += fact->field[1].u - fact->field[0].u;
}

static void *stop_of(void *printer, int i)
{
	return &((struct printer *)printer)->stop[i];
}

static int64_t time_of(const struct printer *p, int i, const struct gt_trace_event *ev)
{
	switch (p->options->time) {
	case GT_TIME_WALL:
		return gt_anchor_wall(&p->merge.source[i].anchor, ev->time);
	case GT_TIME_RAW:
		return ev->time;
	default:
		return gt_merge_time(&p->merge, i);
	}
}

static void print_line(struct printer *p)
{
	const struct gt_line *line = &p->line;
	struct gt_paint *paint = p->options->colour ? &p->paint : NULL;
	struct gt_out *out = p->out;
	size_t start = out->len;

	if (paint != NULL)
		gt_paint_start(paint, out);
	if (p->options->format == GT_TEXT_JSON)
		gt_text_json(out, line);
	else if (p->options->format == GT_TEXT_CSV)
		gt_text_csv(out, line);
	else
		gt_text_people(out, line, paint);
	if (out->failed)
		return;
	if (!gt_filter_line(p->options->filter, out->buf + start, out->len - start)) {
		out->len = start;
		return;
	}
	if (paint != NULL)
		gt_paint_apply(paint, out);
	gt_out_char(out, '\n');
	if (p->options->format == GT_TEXT_PEOPLE && line->stacks)
		gt_text_people_stack(out, line);
}

static void tell_of_generation(struct printer *p, int i)
{
	struct gt_line *line = &p->line;
	struct gt_source *s = &p->merge.source[i];
	const struct stop *stop = &p->stop[i];

	if (s->ev.gen == stop->gen)
		line->stopped = stop->ns;
	for (int k = 0; k < stop->gaps.n && line->gap == NULL; k++) {
		if (stop->gap_gen[k] == s->ev.gen)
			line->gap = &stop->gaps.gap[k];
	}
	if (line->gap != NULL)
		line->gap_is_behind = gt_gap_is_behind(line->gap, &s->anchor, s->ev.time);
}

static void print_event(struct printer *p, int i)
{
	struct gt_source *s = &p->merge.source[i];
	const struct gt_text_options *o = p->options;
	struct gt_span span =
		p->has_window ? gt_merge_span(&p->merge, i, &o->window) : (struct gt_span){INT64_MIN, INT64_MAX};
	struct gt_line *line = &p->line;

	gt_lives_event(s->lives, &s->ev, &line->moment);
	/* Nothing later can be in a window of relative times; the wall clock may be set back. */
	if (s->ev.time > span.to && o->window.to.kind == GT_WHEN_RELATIVE)
		gt_merge_drop(&p->merge, i);
	if (s->ev.time < span.from || s->ev.time > span.to || !gt_filter_event(o->filter, &line->moment))
		return;
	gt_source_name(s);
	line->time = time_of(p, i, &s->ev);
	line->lives = s->lives;
	line->gap = NULL;
	line->stopped = 0;
	if (s->ev.kind == GT_KIND_SYNC)
		tell_of_generation(p, i);
	if (p->merge.n > 1) {
		line->process = s->label;
		line->pid = s->identity.pid;
	}
	print_line(p);
}

static void print_all(struct printer *p)
{
	struct gt_progress progress;

	if (p->options->format == GT_TEXT_CSV) {
		gt_text_csv_head(p->out);
		gt_out_char(p->out, '\n');
	}
	gt_progress_start(&progress, p->out->fd);
	for (int i; !p->out->failed && (i = gt_merge_next(&p->merge)) >= 0;) {
		gt_merge_progress(&p->merge, i, &progress);
		print_event(p, i);
		gt_out_relax(p->out);
	}
	gt_progress_end(&progress);
}

int gt_text_print(char *const *paths, int n, const struct gt_text_options *options, struct gt_out *out)
{
	struct printer p = {.options = options, .out = out, .stop = gt_cli_alloc((size_t)n, sizeof(struct stop))};
	bool wall = options->time == GT_TIME_WALL || gt_window_is_wall(&options->window);
	int result = 0, error;

	p.line = (struct gt_line){.mode = options->time, .stacks = options->stacks};
	p.has_window = gt_window_has_end(&options->window);
	gt_merge_open(&p.merge, paths, n, options->stacks ? options->symbols : NULL, take_fact, stop_of, &p);
	if (gt_merge_suits(&p.merge, wall))
		print_all(&p);
	else
		result = -1;
	if (!gt_out_flush(out))
		result = -1;
	error = errno;
	if (!out->failed && gt_merge_complain(&p.merge) > 0)
		result = -1;
	gt_merge_close(&p.merge);
	free(p.stop);
	errno = error;
	return result;
}
