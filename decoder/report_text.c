/* SPDX-License-Identifier: BSD-3-Clause */
/* Sums in columns. */
#include "report.h"

#include "../shim/format/spec.h"
#include "names.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* One line, or a part of one; texts of a trace go through gt_out_text(). */
static void __attribute__((format(printf, 2, 3))) put(struct gt_out *out, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	gt_out_str(out, text);
}

static void put_text(struct gt_out *out, const char *text)
{
	gt_out_text(out, text, strlen(text));
}

/* Fills what began at `from` with blanks up to `width`. */
static void pad(struct gt_out *out, size_t from, size_t width)
{
	while (!out->failed && out->len - from < width)
		gt_out_char(out, ' ');
}

static void put_duration(struct gt_out *out, uint64_t ns)
{
	char text[GT_NAME_LEN];

	put(out, " %9s", gt_name_duration(ns, text));
}

/* Of what is in a table of several processes, whose it is. */
static void put_process(const struct gt_report *r, struct gt_out *out, int process)
{
	size_t from = out->len;

	if (r->merge.n == 1)
		return;
	put_text(out, r->merge.source[process].label);
	pad(out, from, 19);
	gt_out_char(out, ' ');
}

static void put_drops(const struct gt_survey *s, struct gt_out *out)
{
	put(out, "dropped:     %" PRIu64 "\n", gt_survey_dropped(s));
	for (int i = 0; i < GT_DROPS; i++) {
		if (s->dropped[i])
			put(out, "             %" PRIu64 " %s\n", s->dropped[i], gt_drop_text[i]);
	}
}

static void put_stops(const struct gt_survey *s, struct gt_out *out)
{
	char text[GT_NAME_LEN];

	if (s->stops.count != 0)
		put(out, "stopped:     %" PRIu64 " times, for %s in all\n", s->stops.count,
		    gt_name_duration(s->stops.total_ns, text));
}

static void put_gaps(const struct gt_survey *s, const struct gt_anchor *anchor, struct gt_out *out)
{
	char words[GT_GAP_WORDS], when[GT_WHEN_TEXT];

	for (int i = 0; i < s->gaps.n; i++) {
		const struct gt_gap *gap = &s->gaps.gap[i];

		put(out, "gap:         %s this trace nothing was recorded for %s",
		    gt_gap_is_behind(gap, anchor, s->last) ? "behind" : "before", gt_gap_length(gap, words));
		if (anchor->known)
			put(out, ", since %s", gt_when_wall(gt_gap_wall(gap, anchor), when));
		put(out, "\n             %s\n", gt_gap_reason(gap, words));
	}
}

static void put_snapshot(const struct gt_survey_snapshot *s, struct gt_out *out)
{
	char text[GT_NAME_LEN];

	if (!s->is_known || s->why >= GT_TRIGGERS)
		return;
	put(out, "written:     %s", gt_trigger_text[s->why]);
	if (s->g != 0)
		put(out, ", %s of G %" PRIu64, gt_name_duration(s->ns, text), s->g);
	gt_out_str(out, s->name[0] != '\0' ? ": " : "");
	put_text(out, s->name);
	gt_out_char(out, '\n');
}

static void put_head(const struct gt_report *r, struct gt_out *out)
{
	const struct gt_identity *id = &r->merge.source[0].identity;
	const struct gt_survey *s = &r->survey[0];
	char text[GT_NAME_LEN];

	if (id->pid != 0) {
		gt_out_str(out, "program:     ");
		put_text(out, id->program);
		put(out, ", pid %" PRIu64 ", parent %" PRIu64 ", recorded by libgtrace ", id->pid, id->parent_pid);
		put_text(out, id->version);
		gt_out_char(out, '\n');
	}
	if (id->forked_from[0] != '\0') {
		gt_out_str(out, "forked by:   the process of ");
		put_text(out, id->forked_from);
		gt_out_char(out, '\n');
	}
	put(out, "span:        %s, %" PRIu64 " generations, %" PRIu64 " events\n",
	    gt_name_duration((uint64_t)(s->last - s->first), text), s->generations, s->events);
	put_snapshot(&s->snapshot, out);
	put_drops(s, out);
	put_stops(s, out);
	put_gaps(s, &r->merge.source[0].anchor, out);
}

static void put_row_of_processes(const struct gt_report *r, struct gt_out *out, int i)
{
	const struct gt_identity *id = &r->merge.source[i].identity;
	const struct gt_survey *s = &r->survey[i];
	size_t from = out->len;

	put(out, "  %*s", 2 * r->kin[i].depth, "");
	put_text(out, r->merge.source[i].label);
	pad(out, from, 29);
	put(out, " %8" PRIu64 " %-8s", id->parent_pid, id->forked_from[0] != '\0' ? "forked" : "started");
	put_duration(out, r->begins[i] > 0 ? (uint64_t)r->begins[i] : 0);
	put_duration(out, (uint64_t)(s->last - s->first));
	put(out, " %11" PRIu64 " %10" PRIu64 " %8" PRIu64 "\n", s->generations, s->events, gt_survey_dropped(s));
}

static void put_processes(const struct gt_report *r, struct gt_out *out)
{
	put(out, "processes: %d\n", r->merge.n);
	put(out, "  %-27s %8s %-8s %9s %9s %11s %10s %8s\n", "process", "parent", "how", "begins", "span",
	    "generations", "events", "dropped");
	for (int i = 0; i < r->merge.n; i++)
		put_row_of_processes(r, out, r->order[i]);
}

static void put_times(struct gt_out *out, const struct gt_histogram *h)
{
	put_duration(out, gt_histogram_mean(h));
	put_duration(out, gt_histogram_quantile(h, 50));
	put_duration(out, gt_histogram_quantile(h, 99));
	put_duration(out, h->max);
}

static void put_thread(const struct gt_report *r, struct gt_out *out, const struct gt_entry *e)
{
	static const enum gt_gstatus states[] = {GT_G_Running, GT_G_Runnable, GT_G_Syscall, GT_G_Waiting};
	const struct gt_stats_thread *t = e->thread;
	size_t from;

	gt_out_str(out, "  ");
	put_process(r, out, e->process);
	if (t->g != GT_NONE)
		put(out, "%-6" PRIu64 " %-8" PRIu64 " ", t->g, t->tid);
	else
		put(out, "%-6s %-8s ", "others", "");
	from = out->len;
	if (t->g != GT_NONE)
		put_text(out, t->name);
	else
		put(out, "%" PRIu64 " ended", t->threads);
	pad(out, from, 15);
	for (int i = 0; i < 4; i++)
		put_duration(out, t->in_state[states[i]].total_ns);
	put(out, " %8" PRIu64, t->waits.count);
	put_times(out, &t->waits);
	gt_out_char(out, '\n');
}

/* How many of n rows are shown. */
static size_t shown(const struct gt_report *r, size_t n, uint64_t top)
{
	if (r->options->top_given)
		top = r->options->top;
	return top != 0 && top < n ? (size_t)top : n;
}

static void put_rest(struct gt_out *out, size_t n, size_t shown)
{
	if (shown < n)
		put(out, "  and %zu more\n", n - shown);
}

/* Whose rows these are. */
static size_t threads_in(const struct gt_entry *e, size_t rows)
{
	size_t n = 0;

	for (size_t i = 0; i < rows; i++)
		n += e[i].thread->threads;
	return n;
}

static void put_threads(const struct gt_report *r, struct gt_out *out)
{
	size_t n, rows;
	struct gt_entry *e = gt_report_threads(r, &n);
	put(out, "\nthreads: %zu\n  ", threads_in(e, n));
	if (r->merge.n > 1)
		put(out, "%-19s ", "process");
	put(out, "%-6s %-8s %-15s %9s %9s %9s %9s %8s %9s %9s %9s %9s\n", "G", "tid", "name", "running", "runnable",
	    "syscall", "waiting", "waits", "mean", "p50", "p99", "max");
	rows = shown(r, n, GT_REPORT_DEFAULT_THREADS);
	if (rows < n)
		gt_report_by_wait(e, n);
	for (size_t i = 0; i < rows; i++)
		put_thread(r, out, &e[i]);
	put_rest(out, threads_in(e, n), threads_in(e, rows));
	free(e);
}

static void put_label(struct gt_out *out, enum gt_stats_table table, const struct gt_stats_row *row)
{
	char name[GT_NAME_LEN];

	switch (table) {
	case GT_STATS_OBJECT:
		gt_out_str(out, gt_name_object(row->number[0], row->number[1], name));
		break;
	case GT_STATS_SYSCALL:
		gt_out_str(out, row->number[0] == GT_NONE ? "unknown" : gt_name_syscall(row->number[0], name));
		if (row->errors != 0)
			put(out, ", %" PRIu64 " failed", row->errors);
		break;
	default:
		put_text(out, *row->text != '\0' ? row->text : "unknown");
	}
	if ((table == GT_STATS_SITE || table == GT_STATS_SAMPLE) && *row->file != '\0') {
		gt_out_str(out, "  ");
		put_text(out, row->file);
		if (row->number[0] != 0)
			put(out, ":%" PRIu64, row->number[0]);
	}
}

/* The columns of a table, and its rows. */
static void put_row_head(struct gt_out *out, enum gt_stats_table table)
{
	if (table == GT_STATS_SAMPLE)
		put(out, "  %8s %9s\n", "count", "share");
	else
		put(out, "  %8s %9s %9s %9s %9s %9s\n", "count", "total", "mean", "p50", "p99", "max");
}

static void put_row(const struct gt_report *r, struct gt_out *out, enum gt_stats_table table, const struct gt_entry *e,
		    uint64_t all)
{
	const struct gt_histogram *times = &e->row->times;

	put(out, "  %8" PRIu64, times->count);
	if (table == GT_STATS_SAMPLE) {
		put(out, " %8.1f%%", 100.0 * (double)times->count / (double)all);
	} else {
		put_duration(out, times->total);
		put_times(out, times);
	}
	gt_out_str(out, "  ");
	put_process(r, out, e->process);
	put_label(out, table, e->row);
	gt_out_char(out, '\n');
}

static void put_table(const struct gt_report *r, struct gt_out *out, enum gt_stats_table table, const char *title)
{
	size_t n, rows;
	struct gt_entry *e = gt_report_rows(r, table, &n);
	uint64_t all = 0;

	rows = shown(r, n, GT_REPORT_DEFAULT_TOP);
	if (n > 0) {
		put(out, "\n%s:\n", title);
		put_row_head(out, table);
	}
	for (size_t i = 0; i < n; i++)
		all += e[i].row->times.count;
	for (size_t i = 0; i < rows; i++)
		put_row(r, out, table, &e[i], all);
	put_rest(out, n, rows);
	free(e);
}

static void put_bytes(struct gt_out *out, uint64_t bytes)
{
	char text[GT_NAME_LEN];

	put(out, " %9s", gt_name_bytes(bytes, text));
}

static void put_heaps(const struct gt_report *r, struct gt_out *out)
{
	bool is_first = true;

	for (int i = 0; i < r->merge.n; i++) {
		const struct gt_survey *s = &r->survey[r->order[i]];

		if (s->heap.count == 0 && s->goal.count == 0 && s->swept == 0)
			continue;
		if (is_first)
			put(out, "\nheap:\n  %9s %9s %9s %9s %9s %9s\n", "first", "peak", "last", "goal", "swept",
			    "reclaimed");
		is_first = false;
		gt_out_char(out, ' ');
		put_bytes(out, s->heap.first);
		put_bytes(out, s->heap.peak);
		put_bytes(out, s->heap.last);
		put_bytes(out, s->goal.last);
		put_bytes(out, s->swept);
		put_bytes(out, s->reclaimed);
		if (r->merge.n > 1) {
			gt_out_str(out, "  ");
			put_text(out, r->merge.source[r->order[i]].label);
		}
		gt_out_char(out, '\n');
	}
}

static void put_options(const struct gt_report *r, struct gt_out *out, int process)
{
	static const char *const verdicts[] = {"  (default)", "", "  bad value, the default is in force",
					       "  no such option"};
	const struct gt_survey *s = &r->survey[process];

	if (s->options == 0)
		return;
	gt_out_str(out, "\noptions in force");
	if (r->merge.n > 1) {
		gt_out_str(out, ", ");
		put_text(out, r->merge.source[process].label);
	}
	gt_out_str(out, ":\n");
	for (int i = 0; i < s->options; i++) {
		const struct gt_survey_option *o = &s->option[i];

		gt_out_str(out, "  GTRACE_");
		put_text(out, o->name);
		gt_out_char(out, '=');
		put_text(out, o->value);
		gt_out_str(out, o->verdict < 4 ? verdicts[o->verdict] : "");
		gt_out_char(out, '\n');
	}
}

static void put_modules(const struct gt_report *r, struct gt_out *out, int process)
{
	const struct gt_survey *s = &r->survey[process];

	gt_out_str(out, "\nmodules");
	if (r->merge.n > 1) {
		gt_out_str(out, ", ");
		put_text(out, r->merge.source[process].label);
	}
	gt_out_str(out, ":\n");
	for (size_t i = 0; i < s->modules; i++) {
		put(out, "  0x%012" PRIx64 "-0x%012" PRIx64 " ", s->module[i].base, s->module[i].end);
		put(out, "%-40s ", s->module[i].build_id);
		put_text(out, s->module[i].path);
		gt_out_char(out, '\n');
	}
}

void gt_report_text(const struct gt_report *report, struct gt_out *out)
{
	static const char *const titles[GT_STATS_TABLES] = {
		"waits by reason", "waits by object", "waits by call site", "system calls",
		"tasks",           "regions",         "collections",        "CPU samples by function"};
	unsigned by = report->options->by != 0 ? report->options->by : GT_REPORT_ALL;

	if (report->merge.n == 1)
		put_head(report, out);
	else
		put_processes(report, out);
	if (by & GT_REPORT_THREADS)
		put_threads(report, out);
	for (int i = 0; i < GT_STATS_TABLES; i++) {
		if (by & (1u << i))
			put_table(report, out, (enum gt_stats_table)i, titles[i]);
	}
	if (by & 1u << GT_STATS_GC)
		put_heaps(report, out);
	for (int i = 0; report->options->by == 0 && i < report->merge.n; i++)
		put_options(report, out, report->order[i]);
	for (int i = 0; report->options->modules && i < report->merge.n; i++)
		put_modules(report, out, report->order[i]);
}
