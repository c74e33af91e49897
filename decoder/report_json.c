/* SPDX-License-Identifier: BSD-3-Clause */
/* Sums as one JSON object. The names are a promise: docs/json.md explains each. */
#include "report.h"

#include "../shim/format/spec.h"
#include "json.h"
#include "names.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void put_histogram(struct gt_json *json, const struct gt_histogram *h)
{
	gt_json_u64(json, "count", h->count);
	gt_json_u64(json, "total_ns", h->total);
	gt_json_u64(json, "mean_ns", gt_histogram_mean(h));
	gt_json_u64(json, "p50_ns", gt_histogram_quantile(h, 50));
	gt_json_u64(json, "p99_ns", gt_histogram_quantile(h, 99));
	gt_json_u64(json, "max_ns", h->max);
}

static void put_drops(struct gt_json *json, const struct gt_survey *s)
{
	gt_json_u64(json, "dropped", gt_survey_dropped(s));
	gt_json_open(json, "drops", '[');
	for (int i = 0; i < GT_DROPS; i++) {
		if (s->dropped[i] == 0)
			continue;
		gt_json_open(json, NULL, '{');
		gt_json_str(json, "cause", gt_drop_text[i]);
		gt_json_u64(json, "count", s->dropped[i]);
		gt_json_close(json, '}');
	}
	gt_json_close(json, ']');
}

static void put_gaps(struct gt_json *json, const struct gt_survey *s, const struct gt_anchor *anchor)
{
	char words[GT_GAP_WORDS];

	gt_json_open(json, "gaps", '[');
	for (int i = 0; i < s->gaps.n; i++) {
		const struct gt_gap *gap = &s->gaps.gap[i];

		gt_json_open(json, NULL, '{');
		gt_json_str(json, "place", gt_gap_is_behind(gap, anchor, s->last) ? "behind" : "before");
		gt_json_u64(json, "from_ns", gap->from);
		gt_json_u64(json, "to_ns", gap->to);
		gt_json_str(json, "cause", gt_gap_reason(gap, words));
		gt_json_u64(json, "error", gap->error);
		gt_json_close(json, '}');
	}
	gt_json_close(json, ']');
}

/* Of a trace that is none, nothing is said. */
static void put_snapshot(struct gt_json *json, const struct gt_survey_snapshot *s)
{
	gt_json_str(json, "snapshot", s->is_known && s->why < GT_TRIGGERS ? gt_trigger_text[s->why] : "");
	gt_json_u64(json, "snapshot_goroutine", s->g);
	gt_json_u64(json, "snapshot_ns", s->ns);
	gt_json_str(json, "snapshot_name", s->name);
}

static void put_options(struct gt_json *json, const struct gt_survey *s)
{
	static const char *const verdicts[] = {"default", "set", "bad", "unknown"};

	gt_json_open(json, "options", '[');
	for (int i = 0; i < s->options; i++) {
		gt_json_open(json, NULL, '{');
		gt_json_str(json, "name", s->option[i].name);
		gt_json_str(json, "value", s->option[i].value);
		gt_json_str(json, "verdict", s->option[i].verdict < 4 ? verdicts[s->option[i].verdict] : "unknown");
		gt_json_close(json, '}');
	}
	gt_json_close(json, ']');
}

static void put_modules(struct gt_json *json, const struct gt_survey *s)
{
	gt_json_open(json, "modules", '[');
	for (size_t i = 0; i < s->modules; i++) {
		gt_json_open(json, NULL, '{');
		gt_json_u64(json, "base", s->module[i].base);
		gt_json_u64(json, "end", s->module[i].end);
		gt_json_str(json, "build_id", s->module[i].build_id);
		gt_json_str(json, "path", s->module[i].path);
		gt_json_close(json, '}');
	}
	gt_json_close(json, ']');
}

static void put_process(const struct gt_report *r, struct gt_json *json, int i)
{
	const struct gt_source *source = &r->merge.source[i];
	const struct gt_identity *id = &source->identity;
	const struct gt_survey *s = &r->survey[i];

	gt_json_open(json, NULL, '{');
	gt_json_str(json, "file", source->path);
	gt_json_str(json, "program", id->program);
	gt_json_u64(json, "pid", id->pid);
	gt_json_u64(json, "parent_pid", id->parent_pid);
	if (r->kin[i].parent >= 0)
		gt_json_i64(json, "parent", r->kin[i].parent);
	else
		gt_json_null(json, "parent");
	gt_json_str(json, "forked_from", id->forked_from);
	gt_json_u64(json, "started_ticks", id->started);
	gt_json_u64(json, "parent_started_ticks", id->parent_started);
	gt_json_str(json, "version", id->version);
	gt_json_i64(json, "begins_ns", r->begins[i]);
	gt_json_u64(json, "span_ns", (uint64_t)(s->last - s->first));
	gt_json_u64(json, "generations", s->generations);
	gt_json_u64(json, "events", s->events);
	put_drops(json, s);
	gt_json_u64(json, "heap_first_bytes", s->heap.first);
	gt_json_u64(json, "heap_peak_bytes", s->heap.peak);
	gt_json_u64(json, "heap_last_bytes", s->heap.last);
	gt_json_u64(json, "heap_goal_bytes", s->goal.last);
	gt_json_u64(json, "swept_bytes", s->swept);
	gt_json_u64(json, "reclaimed_bytes", s->reclaimed);
	gt_json_u64(json, "stops", s->stops.count);
	gt_json_u64(json, "stopped_ns", s->stops.total_ns);
	put_gaps(json, s, &source->anchor);
	put_snapshot(json, &s->snapshot);
	put_options(json, s);
	put_modules(json, s);
	gt_json_close(json, '}');
}

static size_t shown(const struct gt_report *r, size_t n)
{
	uint64_t top = r->options->top_given ? r->options->top : 0;

	return top != 0 && top < n ? (size_t)top : n;
}

static void put_threads(const struct gt_report *r, struct gt_json *json)
{
	size_t n;
	struct gt_entry *e = gt_report_threads(r, &n);

	gt_json_open(json, "threads", '[');
	for (size_t i = 0; i < shown(r, n); i++) {
		const struct gt_stats_thread *t = e[i].thread;

		gt_json_open(json, NULL, '{');
		gt_json_i64(json, "process", e[i].process);
		if (t->g != GT_NONE)
			gt_json_u64(json, "goroutine", t->g);
		else
			gt_json_null(json, "goroutine");
		gt_json_u64(json, "threads", t->threads);
		gt_json_u64(json, "tid", t->tid);
		gt_json_str(json, "name", t->name);
		gt_json_u64(json, "running_ns", t->in_state[GT_G_Running].total_ns);
		gt_json_u64(json, "runnable_ns", t->in_state[GT_G_Runnable].total_ns);
		gt_json_u64(json, "syscall_ns", t->in_state[GT_G_Syscall].total_ns);
		gt_json_u64(json, "waiting_ns", t->in_state[GT_G_Waiting].total_ns);
		put_histogram(json, &t->waits);
		gt_json_close(json, '}');
	}
	gt_json_close(json, ']');
	free(e);
}

static void put_object(struct gt_json *json, const struct gt_stats_row *row)
{
	uint8_t kind = gt_primitive_object[row->number[0]];
	char text[GT_NAME_LEN];

	gt_json_str(json, "primitive", gt_primitive_name[row->number[0]]);
	if (kind == GT_OBJECT_FD) {
		gt_json_i64(json, "descriptor", (int64_t)row->number[1]);
	} else if (kind != GT_OBJECT_NONE) {
		snprintf(text, sizeof(text), kind == GT_OBJECT_ID ? "%" PRIu64 : "0x%" PRIx64, row->number[1]);
		gt_json_str(json, "object", text);
	}
}

static void put_key(struct gt_json *json, enum gt_stats_table table, const struct gt_stats_row *row)
{
	char name[GT_NAME_LEN];

	switch (table) {
	case GT_STATS_REASON:
		gt_json_str(json, "reason", row->text);
		break;
	case GT_STATS_OBJECT:
		put_object(json, row);
		break;
	case GT_STATS_SITE:
		gt_json_str(json, "function", row->text);
		gt_json_str(json, "file", row->file);
		gt_json_u64(json, "line", row->number[0]);
		break;
	case GT_STATS_SAMPLE:
		gt_json_str(json, "function", row->text);
		gt_json_str(json, "file", row->file);
		break;
	case GT_STATS_TASK:
	case GT_STATS_REGION:
	case GT_STATS_GC:
		gt_json_str(json, "name", row->text);
		break;
	default:
		if (row->number[0] == GT_NONE)
			gt_json_null(json, "syscall");
		else
			gt_json_str(json, "syscall", gt_name_syscall(row->number[0], name));
		gt_json_u64(json, "errors", row->errors);
	}
}

static void put_table(const struct gt_report *r, struct gt_json *json, enum gt_stats_table table, const char *name)
{
	size_t n;
	struct gt_entry *e = gt_report_rows(r, table, &n);

	gt_json_open(json, name, '[');
	for (size_t i = 0; i < shown(r, n); i++) {
		gt_json_open(json, NULL, '{');
		gt_json_i64(json, "process", e[i].process);
		put_key(json, table, e[i].row);
		if (table == GT_STATS_SAMPLE)
			gt_json_u64(json, "count", e[i].row->times.count);
		else
			put_histogram(json, &e[i].row->times);
		gt_json_close(json, '}');
	}
	gt_json_close(json, ']');
	free(e);
}

void gt_report_json(const struct gt_report *report, struct gt_out *out)
{
	static const char *const names[GT_STATS_TABLES] = {"reasons", "objects", "sites",       "syscalls",
							   "tasks",   "regions", "collections", "samples"};
	unsigned by = report->options->by != 0 ? report->options->by : GT_REPORT_ALL;
	struct gt_json json;

	gt_json_start(&json, out);
	gt_json_open(&json, NULL, '{');
	gt_json_open(&json, "processes", '[');
	for (int i = 0; i < report->merge.n; i++)
		put_process(report, &json, i);
	gt_json_close(&json, ']');
	if (by & GT_REPORT_THREADS)
		put_threads(report, &json);
	for (int i = 0; i < GT_STATS_TABLES; i++) {
		if (by & (1u << i))
			put_table(report, &json, (enum gt_stats_table)i, names[i]);
	}
	gt_json_close(&json, '}');
	gt_out_char(out, '\n');
}
