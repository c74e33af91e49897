/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * gtrace stats: what a person asks first of a trace. Threads, where their time went, what was waited for, system
 * calls, what the recorder could not record, and the options that were in force.
 */
#include "cmd.h"

#include "../shim/format/spec.h"
#include "cli.h"
#include "names.h"
#include "survey.h"

#include <inttypes.h>
#include <stdlib.h>

static const char usage[] = "Usage: gtrace stats [OPTION]... [FILE]\n"
			    "Sum up a trace: threads, waits, system calls, drops, options in force.\n"
			    "\n"
			    "      --json     as one JSON object\n"
			    "      --modules  list the loaded files and their build ids too\n"
			    "  -h, --help     print this\n"
			    "  -V, --version  print the version\n"
			    "\n"
			    "Without FILE, or when it is -, standard input is read.\n"
			    "Exit status: 0 success, 1 a broken or unreadable trace, 2 wrong usage.\n";

enum { OPT_JSON = GT_CLI_FIRST_LONG, OPT_MODULES, ROWS_MAX = 15 };

static const struct option longs[] = {
	{"json", no_argument, NULL, OPT_JSON}, {"modules", no_argument, NULL, OPT_MODULES}, GT_CLI_LONGS, {0}};
static const struct gt_cli cli = {"stats", usage, "hV", longs};

/* A duration in a column of ten; four may be alive at once. */
static const char *duration(uint64_t ns)
{
	static char text[4][GT_NAME_LEN];
	static int next;

	next = (next + 1) % 4;
	return gt_name_duration(ns, text[next]);
}

static void print_head(const struct gt_survey *s)
{
	if (s->pid)
		printf("program:     %s, pid %" PRIu64 ", parent %" PRIu64 ", recorded by libgtrace %s\n", s->program,
		       s->pid, s->parent_pid, s->version);
	if (s->forked_from[0])
		printf("forked by:   the process of %s\n", s->forked_from);
	printf("span:        %s, %" PRIu64 " generations, %" PRIu64 " events\n",
	       duration((uint64_t)(s->last - s->first)), s->generations, s->events);
	printf("dropped:     %" PRIu64 "\n", gt_survey_dropped(s));
	for (int i = 0; i < GT_DROPS; i++) {
		if (s->dropped[i])
			printf("             %" PRIu64 " %s\n", s->dropped[i], gt_drop_text[i]);
	}
}

static void print_threads(const struct gt_survey *s)
{
	size_t n;
	const struct gt_stats_thread **t = gt_stats_threads(s->stats, &n);

	printf("\nthreads: %zu\n", n);
	printf("  %-6s %-8s %-15s %10s %10s %10s %10s %8s\n", "G", "tid", "name", "running", "runnable", "waiting",
	       "syscall", "waits");
	for (size_t i = 0; i < n; i++) {
		printf("  %-6" PRIu64 " %-8" PRIu64 " %-15s %10s %10s", t[i]->g, t[i]->tid, t[i]->name,
		       duration(t[i]->in_state[GT_G_Running].total_ns),
		       duration(t[i]->in_state[GT_G_Runnable].total_ns));
		printf(" %10s %10s %8" PRIu64 "\n", duration(t[i]->in_state[GT_G_Waiting].total_ns),
		       duration(t[i]->in_state[GT_G_Syscall].total_ns), t[i]->in_state[GT_G_Waiting].count);
	}
	free(t);
}

static void print_tally(const struct gt_tally *t)
{
	printf("  %8" PRIu64 " %10s %10s %10s  ", t->count, duration(t->total_ns),
	       duration(t->count ? t->total_ns / t->count : 0), duration(t->max_ns));
}

static void print_waits(const struct gt_survey *s)
{
	size_t n;
	const struct gt_stats_wait **w = gt_stats_waits(s->stats, &n);
	char name[GT_NAME_LEN];

	if (n)
		printf("\nwaits by reason and object:\n  %8s %10s %10s %10s\n", "count", "total", "mean", "max");
	for (size_t i = 0; i < n && i < ROWS_MAX; i++) {
		print_tally(&w[i]->tally);
		printf("%s", w[i]->reason);
		if (w[i]->primitive != GT_PRIM_NONE)
			printf(", %s", gt_name_object(w[i]->primitive, w[i]->object, name));
		putchar('\n');
	}
	if (n > ROWS_MAX)
		printf("  and %zu more\n", n - ROWS_MAX);
	free(w);
}

static void print_syscalls(const struct gt_survey *s)
{
	size_t n;
	const struct gt_stats_syscall **c = gt_stats_syscalls(s->stats, &n);
	char name[GT_NAME_LEN];

	if (n)
		printf("\nsystem calls:\n  %8s %10s %10s %10s\n", "count", "total", "mean", "max");
	for (size_t i = 0; i < n && i < ROWS_MAX; i++) {
		print_tally(&c[i]->tally);
		printf("%s", c[i]->number == GT_NONE ? "unknown" : gt_name_syscall(c[i]->number, name));
		if (c[i]->errors)
			printf(", %" PRIu64 " failed", c[i]->errors);
		putchar('\n');
	}
	if (n > ROWS_MAX)
		printf("  and %zu more\n", n - ROWS_MAX);
	free(c);
}

static void print_options(const struct gt_survey *s)
{
	static const char *const verdicts[] = {"", "", "  bad value, the default is in force", "  no such option"};

	if (s->options)
		printf("\noptions in force:\n");
	for (int i = 0; i < s->options; i++) {
		const struct gt_survey_option *o = &s->option[i];

		printf("  GTRACE_%s=%s%s%s\n", o->name, o->value, o->verdict == 0 ? "  (default)" : "",
		       o->verdict < 4 ? verdicts[o->verdict] : "");
	}
}

static void print_modules(const struct gt_survey *s)
{
	printf("\nmodules:\n");
	for (size_t i = 0; i < s->modules; i++)
		printf("  0x%012" PRIx64 "-0x%012" PRIx64 " %-40s %s\n", s->module[i].base, s->module[i].end,
		       s->module[i].build_id, s->module[i].path);
}

/* Bytes from a trace as a JSON string: what is not plain ASCII is escaped byte by byte. */
static void json_text(const char *name, const char *text)
{
	printf("\"%s\":\"", name);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < 32 || c > 126)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

static void json_tally(const struct gt_tally *t)
{
	printf("\"count\":%" PRIu64 ",\"total_ns\":%" PRIu64 ",\"max_ns\":%" PRIu64 "}", t->count, t->total_ns,
	       t->max_ns);
}

static void json_threads(const struct gt_survey *s)
{
	size_t n;
	const struct gt_stats_thread **t = gt_stats_threads(s->stats, &n);

	printf(",\"threads\":[");
	for (size_t i = 0; i < n; i++) {
		printf("%s{\"g\":%" PRIu64 ",\"tid\":%" PRIu64 ",", i ? "," : "", t[i]->g, t[i]->tid);
		json_text("name", t[i]->name);
		for (int state = GT_G_Runnable; state <= GT_G_Waiting; state++)
			printf(",\"%s_ns\":%" PRIu64, gt_gstatus_name[state], t[i]->in_state[state].total_ns);
		putchar('}');
	}
	putchar(']');
	free(t);
}

static void json_waits(const struct gt_survey *s)
{
	size_t n, m;
	const struct gt_stats_wait **w = gt_stats_waits(s->stats, &n);
	const struct gt_stats_syscall **c = gt_stats_syscalls(s->stats, &m);

	printf(",\"waits\":[");
	for (size_t i = 0; i < n; i++) {
		printf("%s{", i ? "," : "");
		json_text("reason", w[i]->reason);
		printf(",\"primitive\":%" PRIu64 ",\"object\":%" PRIu64 ",", w[i]->primitive, w[i]->object);
		json_tally(&w[i]->tally);
	}
	printf("],\"syscalls\":[");
	for (size_t i = 0; i < m; i++) {
		printf("%s{\"number\":%" PRId64 ",\"errors\":%" PRIu64 ",", i ? "," : "", (int64_t)c[i]->number,
		       c[i]->errors);
		json_tally(&c[i]->tally);
	}
	putchar(']');
	free(w);
	free(c);
}

static void print_json(const struct gt_survey *s)
{
	putchar('{');
	json_text("program", s->program);
	printf(",\"started_ticks\":%" PRIu64 ",\"parent_started_ticks\":%" PRIu64 ",", s->started, s->parent_started);
	json_text("forked_from", s->forked_from);
	printf(",\"pid\":%" PRIu64 ",\"parent_pid\":%" PRIu64 ",\"first_ns\":%" PRId64 ",\"last_ns\":%" PRId64, s->pid,
	       s->parent_pid, s->first, s->last);
	printf(",\"generations\":%" PRIu64 ",\"events\":%" PRIu64 ",\"dropped\":%" PRIu64, s->generations, s->events,
	       gt_survey_dropped(s));
	json_threads(s);
	json_waits(s);
	printf(",\"options\":[");
	for (int i = 0; i < s->options; i++) {
		printf("%s{", i ? "," : "");
		json_text("name", s->option[i].name);
		putchar(',');
		json_text("value", s->option[i].value);
		printf(",\"verdict\":%" PRIu64 "}", s->option[i].verdict);
	}
	printf("]}\n");
}

static void print_text(const struct gt_survey *s, bool modules)
{
	print_head(s);
	print_threads(s);
	print_waits(s);
	print_syscalls(s);
	print_options(s);
	if (modules)
		print_modules(s);
}

int gt_cmd_stats(int argc, char **argv)
{
	bool json = false, modules = false, written;
	char line[GT_ERROR_WORDS + 160];
	struct gt_survey survey;
	struct gt_error err;
	const char *path;
	int result;

	for (int c; (c = gt_cli_next(&cli, argc, argv)) != -1;) {
		json |= c == OPT_JSON;
		modules |= c == OPT_MODULES;
	}
	path = gt_cli_input(&cli, argc, argv);
	gt_error_clear(&err);
	result = gt_survey_read(path, &survey, &err);
	if (survey.events && json)
		print_json(&survey);
	else if (survey.events)
		print_text(&survey, modules);
	gt_survey_free(&survey);
	written = gt_cli_close(stdout, NULL);
	if (result < 0)
		gt_cli_complain("%s: %s", path, gt_error_line(&err, line, sizeof(line)));
	return written && result == 0 ? GT_EXIT_OK : GT_EXIT_BROKEN;
}
