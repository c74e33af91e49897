/* SPDX-License-Identifier: BSD-3-Clause */
#include "folded.h"

#include "cli.h"
#include "merge.h"
#include "names.h"
#include "progress.h"
#include "weights.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct walk {
	enum gt_folded what;
	const struct gt_window *window;
	const struct gt_filter *filter;
	struct gt_merge merge;
	struct gt_weights *weights;
	struct gt_out line; /* the one that is put together */
};

/* A semicolon would be a frame more. */
static void put(struct gt_out *line, const char *bytes, size_t len)
{
	if (line->len > 0)
		gt_out_char(line, ';');
	for (const char *end = bytes + len; bytes < end;) {
		const char *semicolon = memchr(bytes, ';', (size_t)(end - bytes));
		size_t part = semicolon != NULL ? (size_t)(semicolon - bytes) : (size_t)(end - bytes);

		gt_out_text(line, bytes, part);
		if (semicolon != NULL)
			gt_out_char(line, ':');
		bytes += part + (semicolon != NULL);
	}
}

static void put_word(struct gt_out *line, const char *word)
{
	put(line, word, strlen(word));
}

static void put_frames(struct gt_out *line, const struct gt_stack *stack)
{
	char address[GT_NAME_LEN];

	for (size_t i = stack != NULL ? stack->nframes : 0; i-- > 0;) {
		const struct gt_stack_frame *f = stack->frames[i];

		snprintf(address, sizeof(address), "0x%" PRIx64, f->pc);
		if (f->func->len > 0)
			put(line, f->func->bytes, f->func->len);
		else
			put_word(line, address);
	}
}

static void put_end(struct gt_out *line, const char *what)
{
	char end[GT_MAX_STRING + 8];

	snprintf(end, sizeof(end), "[%s]", *what != '\0' ? what : "unknown");
	put_word(line, end);
}

/* The weight of this stack in this thread; `end` NULL: it came to no more than itself. */
static uint64_t *weight_of(struct walk *w, int process, const struct gt_life *life, const struct gt_stack *stack,
			   const char *end)
{
	struct gt_out *line = &w->line;

	line->len = 0;
	if (w->merge.n > 1)
		put_word(line, w->merge.source[process].label);
	if (life != NULL && life->name[0] != '\0')
		put_word(line, life->name);
	put_frames(line, stack);
	if (end != NULL || line->len == 0)
		put_end(line, end != NULL ? end : "");
	return gt_weights_of(w->weights, line->buf, line->len);
}

static bool is_counted(const struct walk *w, unsigned state)
{
	return state == (w->what == GT_FOLDED_WAIT ? GT_GO_WAITING : GT_GO_SYSCALL);
}

/* The pause of this life, which began where life->user[0] says. */
static void add(struct walk *w, int i, const struct gt_life *life, int64_t begin, int64_t end)
{
	uint64_t *weight = life->user[0];
	uint64_t ns;

	if (weight != NULL && gt_filter_life(w->filter, life) &&
	    gt_span_part(gt_merge_span(&w->merge, i, w->window), begin, end, &ns))
		*weight += ns;
}

/* The weight of the system call that the thread is in, or comes from. */
static uint64_t *weight_of_call(struct walk *w, int i, const struct gt_life *life, const struct gt_stack *stack)
{
	char call[GT_NAME_LEN];

	return weight_of(w, i, life, stack,
			 life->pause.call != GT_NONE ? gt_name_syscall(life->pause.call, call) : "syscall");
}

static void take_pause(struct walk *w, int i, const struct gt_moment *m)
{
	const struct gt_trace_event *ev = m->ev;
	struct gt_life *life = m->subject;

	if (ev->from == ev->to)
		return;
	if (m->stay >= 0 && is_counted(w, ev->from)) {
		if (gt_event_fact(ev, GT_FACT_SyscallStack) != NULL)
			life->user[0] = weight_of_call(w, i, life, ev->stack);
		add(w, i, life, ev->time - m->stay, ev->time);
	}
	if (!is_counted(w, ev->to))
		life->user[0] = NULL;
	else if (w->what == GT_FOLDED_WAIT)
		life->user[0] = weight_of(w, i, life, gt_event_stack(ev), life->pause.reason);
	else
		life->user[0] = weight_of_call(w, i, life, gt_event_stack(ev));
}

/* A thread comes into being where its creator is. */
static void take_birth(struct walk *w, int i, const struct gt_moment *m)
{
	const struct gt_stack *start = m->ev->transition_stack;
	char first[GT_MAX_STRING + 1] = "";
	uint64_t ns;

	if (m->ev->from != GT_GO_NOT_EXIST || (m->author != NULL && !gt_filter_life(w->filter, m->author)) ||
	    !gt_span_part(gt_merge_span(&w->merge, i, w->window), m->ev->time, m->ev->time, &ns))
		return;
	if (start != NULL && start->nframes > 0)
		gt_string_copy(first, sizeof(first), start->frames[0]->func);
	(*weight_of(w, i, m->author, m->ev->stack, first))++;
}

static void take_sample(struct walk *w, int i, const struct gt_moment *m)
{
	uint64_t ns;

	if ((m->author == NULL || gt_filter_life(w->filter, m->author)) &&
	    gt_span_part(gt_merge_span(&w->merge, i, w->window), m->ev->time, m->ev->time, &ns))
		(*weight_of(w, i, m->author, m->ev->stack, NULL))++;
}

static bool is_paused(const struct walk *w)
{
	return w->what == GT_FOLDED_WAIT || w->what == GT_FOLDED_SYSCALL;
}

static void take(struct walk *w, int i, const struct gt_moment *m)
{
	if (w->what == GT_FOLDED_CPU && m->ev->kind == GT_KIND_STACK_SAMPLE)
		take_sample(w, i, m);
	else if (w->what == GT_FOLDED_CREATE && m->subject != NULL)
		take_birth(w, i, m);
	else if (is_paused(w) && m->subject != NULL)
		take_pause(w, i, m);
}

/* What is still going on ends with the trace. */
static void finish(struct walk *w, const int64_t *last)
{
	for (int i = 0; i < w->merge.n; i++) {
		struct gt_lives *lives = w->merge.source[i].lives;

		for (struct gt_life *life = gt_lives_first(lives); life != NULL; life = life->hh.next)
			add(w, i, life, life->since, last[i]);
	}
}

static void read_all(struct walk *w)
{
	int64_t *last = gt_cli_alloc((size_t)w->merge.n, sizeof(*last));
	struct gt_progress progress;
	struct gt_moment moment;

	gt_progress_start(&progress, w->line.fd);
	for (int i; (i = gt_merge_next(&w->merge)) >= 0;) {
		struct gt_source *s = &w->merge.source[i];

		gt_merge_progress(&w->merge, i, &progress);
		gt_source_name(s);
		gt_lives_event(s->lives, &s->ev, &moment);
		if (s->ev.kind != GT_KIND_SYNC)
			last[i] = s->ev.time;
		take(w, i, &moment);
	}
	gt_progress_end(&progress);
	finish(w, last);
	free(last);
}

bool gt_folded_print(char *const *paths, int n, enum gt_folded what, const struct gt_window *window,
		     const struct gt_filter *filter, struct gt_symbols *symbols, struct gt_out *out)
{
	struct walk w = {.what = what, .window = window, .filter = filter, .weights = gt_weights_new()};
	bool sound = false;

	gt_out_open(&w.line, -1);
	gt_merge_open(&w.merge, paths, n, symbols, NULL, NULL, NULL);
	if (gt_merge_suits(&w.merge, gt_window_is_wall(window))) {
		read_all(&w);
		gt_weights_print(w.weights, out);
		gt_out_flush(out);
		sound = gt_merge_complain(&w.merge) == 0;
	}
	gt_merge_close(&w.merge);
	gt_out_close(&w.line);
	gt_weights_free(w.weights);
	return sound;
}
