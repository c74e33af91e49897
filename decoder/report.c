/* SPDX-License-Identifier: BSD-3-Clause */
#include "report.h"

#include "cli.h"
#include "progress.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void take_fact(void *survey, uint64_t gen, const struct gt_fact_record *fact)
{
	(void)gen;
	gt_survey_fact(survey, fact);
}

static void *survey_of(void *report, int i)
{
	return &((struct gt_report *)report)->survey[i];
}

static void read_all(struct gt_report *r)
{
	const struct gt_window *window = &r->options->window;
	struct gt_span span = {INT64_MIN, INT64_MAX};
	bool has_window = gt_window_has_end(window);
	struct gt_progress progress;
	struct gt_moment moment;

	gt_progress_start(&progress, STDOUT_FILENO);
	for (int i; (i = gt_merge_next(&r->merge)) >= 0;) {
		struct gt_source *s = &r->merge.source[i];

		gt_merge_progress(&r->merge, i, &progress);
		/* Only waits have call sites, and samples functions. */
		if (s->ev.to == GT_GO_WAITING || s->ev.kind == GT_KIND_STACK_SAMPLE)
			gt_source_name(s);
		gt_lives_event(s->lives, &s->ev, &moment);
		if (has_window)
			span = gt_merge_span(&r->merge, i, window);
		gt_survey_event(&r->survey[i], &moment, r->options->filter, span);
	}
	gt_progress_end(&progress);
	for (int i = 0; i < r->merge.n; i++)
		gt_survey_finish(&r->survey[i], r->merge.source[i].lives, r->options->filter,
				 gt_merge_span(&r->merge, i, window));
}

int gt_report_read(struct gt_report *report, char *const *paths, int n, const struct gt_report_options *options)
{
	bool wants_sites = options->by == 0 || (options->by & (1u << GT_STATS_SITE | 1u << GT_STATS_SAMPLE)) != 0;

	memset(report, 0, sizeof(*report));
	report->options = options;
	report->survey = gt_cli_alloc((size_t)n, sizeof(*report->survey));
	report->kin = gt_cli_alloc((size_t)n, sizeof(*report->kin));
	report->order = gt_cli_alloc((size_t)n, sizeof(*report->order));
	report->begins = gt_cli_alloc((size_t)n, sizeof(*report->begins));
	for (int i = 0; i < n; i++)
		gt_survey_start(&report->survey[i]);
	gt_merge_open(&report->merge, paths, n, wants_sites ? options->symbols : NULL, take_fact, survey_of, report);
	for (int i = 0; i < n; i++)
		report->begins[i] = gt_merge_time(&report->merge, i);
	gt_family(report->merge.source, n, report->kin, report->order);
	if (!gt_merge_suits(&report->merge, gt_window_is_wall(&options->window)))
		return -1;
	read_all(report);
	return 0;
}

uint64_t gt_report_events(const struct gt_report *report)
{
	uint64_t events = 0;

	for (int i = 0; i < report->merge.n; i++)
		events += report->survey[i].events;
	return events;
}

static int by_total(const void *a, const void *b)
{
	const struct gt_entry *x = a, *y = b;
	int order = gt_stats_compare(x->row, y->row);

	return order != 0 ? order : x->process - y->process;
}

static int by_wait(const void *a, const void *b)
{
	const struct gt_entry *x = a, *y = b;
	uint64_t p = x->thread->waits.total, q = y->thread->waits.total;

	if ((x->thread->g == GT_NONE) != (y->thread->g == GT_NONE))
		return x->thread->g == GT_NONE ? 1 : -1;
	if (p != q)
		return p < q ? 1 : -1;
	if (x->process != y->process)
		return x->process - y->process;
	return x->thread->g < y->thread->g ? -1 : 1;
}

struct gt_entry *gt_report_rows(const struct gt_report *report, enum gt_stats_table table, size_t *n)
{
	struct gt_entry *entries = NULL;

	*n = 0;
	for (int i = 0; i < report->merge.n; i++) {
		size_t rows;
		const struct gt_stats_row **row = gt_stats_rows(report->survey[i].stats, table, &rows);

		entries = gt_cli_grow(entries, *n + rows, sizeof(*entries));
		for (size_t k = 0; k < rows; k++)
			entries[(*n)++] = (struct gt_entry){.process = i, .row = row[k]};
		free(row);
	}
	if (*n > 1)
		qsort(entries, *n, sizeof(*entries), by_total);
	return entries;
}

struct gt_entry *gt_report_threads(const struct gt_report *report, size_t *n)
{
	struct gt_entry *entries = NULL;

	*n = 0;
	for (int i = 0; i < report->merge.n; i++) {
		size_t threads;
		const struct gt_stats_thread **thread;
		int process = report->order[i];

		thread = gt_stats_threads(report->survey[process].stats, &threads);
		entries = gt_cli_grow(entries, *n + threads, sizeof(*entries));
		for (size_t k = 0; k < threads; k++)
			entries[(*n)++] = (struct gt_entry){.process = process, .thread = thread[k]};
		free(thread);
	}
	if (report->options->top_given && report->options->top != 0)
		gt_report_by_wait(entries, *n);
	return entries;
}

void gt_report_by_wait(struct gt_entry *threads, size_t n)
{
	if (n > 1)
		qsort(threads, n, sizeof(*threads), by_wait);
}

void gt_report_free(struct gt_report *report)
{
	for (int i = 0; i < report->merge.n; i++)
		gt_survey_free(&report->survey[i]);
	gt_merge_close(&report->merge);
	free(report->survey);
	free(report->kin);
	free(report->order);
	free(report->begins);
}
