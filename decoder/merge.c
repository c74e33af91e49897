/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A heap of traces by the time of their next event. What was taken last goes back into it with the next call, since
 * reading on would end the life of what the caller looks at.
 */
#include "merge.h"

#include "cli.h"

#include <stdlib.h>
#include <string.h>

/* Where a trace is on the common clock. */
struct gt_track {
	int64_t time; /* of its next event, never less than before */
	bool dropped;
};

static int64_t common_time(const struct gt_merge *m, int i)
{
	const struct gt_source *s = &m->source[i];

	return m->n == 1 ? s->ev.time : gt_anchor_monotonic(&s->anchor, s->ev.time);
}

static bool before(const struct gt_merge *m, int a, int b)
{
	int64_t x = m->track[a].time, y = m->track[b].time;

	return x < y || (x == y && a < b);
}

static void swap(struct gt_merge *m, int i, int k)
{
	int other = m->heap[i];

	m->heap[i] = m->heap[k];
	m->heap[k] = other;
}

/* Puts trace i back, if it has another event. */
static void push(struct gt_merge *m, int i)
{
	struct gt_track *track = &m->track[i];
	int at = m->live;

	if (m->source[i].state != 1 || track->dropped)
		return;
	if (common_time(m, i) > track->time)
		track->time = common_time(m, i);
	m->heap[m->live++] = i;
	for (; at > 0 && before(m, m->heap[at], m->heap[(at - 1) / 2]); at = (at - 1) / 2)
		swap(m, at, (at - 1) / 2);
}

static int pop(struct gt_merge *m)
{
	int first = m->heap[0];
	int at = 0;

	m->heap[0] = m->heap[--m->live];
	for (int child; (child = 2 * at + 1) < m->live; at = child) {
		if (child + 1 < m->live && before(m, m->heap[child + 1], m->heap[child]))
			child++;
		if (!before(m, m->heap[child], m->heap[at]))
			break;
		swap(m, at, child);
	}
	return first;
}

void gt_merge_open(struct gt_merge *merge, char *const *paths, int n, struct gt_symbols *symbols, gt_fact_fn *on_fact,
		   gt_merge_arg_fn *fact_arg, void *arg)
{
	memset(merge, 0, sizeof(*merge));
	merge->n = n;
	merge->taken = -1;
	merge->source = gt_cli_alloc((size_t)n, sizeof(*merge->source));
	merge->track = gt_cli_alloc((size_t)n, sizeof(*merge->track));
	merge->heap = gt_cli_alloc((size_t)n, sizeof(*merge->heap));
	for (int i = 0; i < n; i++) {
		merge->track[i].time = INT64_MIN;
		gt_source_open(&merge->source[i], paths[i], symbols, on_fact,
			       fact_arg != NULL ? fact_arg(arg, i) : arg);
		push(merge, i);
	}
	if (merge->live > 0)
		merge->start = merge->track[merge->heap[0]].time;
}

const char *gt_merge_unclocked(const struct gt_merge *merge)
{
	for (int i = 0; merge->n > 1 && i < merge->n; i++) {
		if (merge->source[i].state == 1 && !merge->source[i].anchor.known)
			return merge->source[i].path;
	}
	return NULL;
}

bool gt_merge_suits(const struct gt_merge *merge, bool wants_wall)
{
	const char *path = gt_merge_unclocked(merge);

	if (path != NULL) {
		gt_cli_complain("%s: cannot be merged with others: it has no Clock facts", path);
		return false;
	}
	for (int i = 0; wants_wall && i < merge->n; i++) {
		const struct gt_source *s = &merge->source[i];

		if (s->state == 1 && !s->anchor.known) {
			gt_cli_complain("%s: does not know the wall clock: it has no Clock facts", s->path);
			return false;
		}
	}
	return true;
}

int gt_merge_complain(const struct gt_merge *merge)
{
	int broken = 0;

	for (int i = 0; i < merge->n; i++) {
		const struct gt_source *s = &merge->source[i];

		if (s->state >= 0)
			continue;
		gt_cli_broken(s->path, &s->err);
		broken++;
	}
	return broken;
}

/* The next event of a trace that is alone, after its first. */
static int next_alone(struct gt_merge *merge)
{
	gt_source_next(merge->source);
	if (merge->source->state != 1 || merge->track->dropped)
		merge->taken = -1;
	else if (merge->source->ev.time > merge->track->time)
		merge->track->time = merge->source->ev.time;
	return merge->taken;
}

int gt_merge_next(struct gt_merge *merge)
{
	if (merge->n == 1 && merge->taken == 0)
		return next_alone(merge);
	if (merge->taken >= 0) {
		gt_source_next(&merge->source[merge->taken]);
		push(merge, merge->taken);
	}
	merge->taken = merge->live > 0 ? pop(merge) : -1;
	return merge->taken;
}

void gt_merge_drop(struct gt_merge *merge, int i)
{
	merge->track[i].dropped = true;
}

int64_t gt_merge_time(const struct gt_merge *merge, int i)
{
	return gt_time_sub(merge->track[i].time, merge->start);
}

/* About how many bytes of the files are done, and how many there are; 0 when that is unknown. */
static void count_bytes(const struct gt_merge *merge, uint64_t *done, uint64_t *all)
{
	bool known = true;

	*done = *all = 0;
	for (int i = 0; i < merge->n; i++) {
		uint64_t part = 0, whole = 0;

		known &= merge->source[i].reader != NULL && gt_reader_bytes(merge->source[i].reader, &part, &whole);
		*done += part;
		*all += whole;
	}
	*all = known ? *all : 0;
}

void gt_merge_progress(const struct gt_merge *merge, int i, struct gt_progress *progress)
{
	uint64_t done, all;

	if (!gt_progress_event(progress))
		return;
	count_bytes(merge, &done, &all);
	gt_progress_draw(progress, gt_merge_time(merge, i), done, all);
}

int64_t gt_merge_start_of(const struct gt_merge *merge, int i)
{
	return merge->n == 1 ? merge->start : gt_anchor_from_monotonic(&merge->source[i].anchor, merge->start);
}

struct gt_span gt_merge_span(const struct gt_merge *merge, int i, const struct gt_window *window)
{
	return gt_window_span(window, gt_merge_start_of(merge, i), &merge->source[i].anchor);
}

void gt_merge_close(struct gt_merge *merge)
{
	for (int i = 0; i < merge->n; i++)
		gt_source_close(&merge->source[i]);
	free(merge->source);
	free(merge->track);
	free(merge->heap);
	memset(merge, 0, sizeof(*merge));
}
