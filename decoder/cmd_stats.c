/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * gtrace stats: what a person asks first of a trace. Threads, where their time went, what was waited for, system
 * calls, what the recorder could not record, and the options that were in force.
 */
#include "cmd.h"

#include "cli.h"
#include "folded.h"
#include "report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
	"Usage: gtrace stats [OPTION]... [FILE]...\n"
	"Sum up traces: threads, waits, system calls, drops, options in force.\n"
	"\n"
	"      --by=TABLES      which tables: thread, reason, object, site, syscall, task, region, gc, sample,\n"
	"                       separated by commas\n"
	"      --top=N          so many rows of each table; 0: all (default: 15, and 100 threads)\n"
	"      --from=TIME      from then on: 20ms, 1.5s after the start, or 2026-01-31T12:34:56.5\n"
	"      --to=TIME        up to then\n"
	"      --thread=WHO     only threads of that number or name, a pattern; may be repeated\n"
	"      --goroutine=N    only that goroutine; may be repeated\n"
	"      --folded=WHAT    stacks with weights for flame graphs instead: wait, syscall, create or cpu\n"
	"      --sysroot=DIR    the files of the program, for full names, are below DIR\n"
	"      --no-symbols     call sites with the names that stand in the trace\n"
	"      --json           everything as one JSON object\n"
	"      --modules        list the loaded files and their build ids too\n"
	"  -h, --help           print this\n"
	"  -V, --version        print the version\n"
	"\n"
	"Without FILE, or when it is -, standard input is read.\n"
	"Exit status: 0 success, 1 a broken or unreadable trace (what was sound is summed up), 2 wrong usage.\n";

enum {
	OPT_JSON = GT_CLI_FIRST_LONG,
	OPT_MODULES,
	OPT_BY,
	OPT_TOP,
	OPT_FROM,
	OPT_TO,
	OPT_THREAD,
	OPT_GOROUTINE,
	OPT_FOLDED,
	OPT_SYSROOT,
	OPT_NO_SYMBOLS,
};

static const struct option longs[] = {{"json", no_argument, NULL, OPT_JSON},
				      {"modules", no_argument, NULL, OPT_MODULES},
				      {"by", required_argument, NULL, OPT_BY},
				      {"top", required_argument, NULL, OPT_TOP},
				      {"from", required_argument, NULL, OPT_FROM},
				      {"to", required_argument, NULL, OPT_TO},
				      {"thread", required_argument, NULL, OPT_THREAD},
				      {"folded", required_argument, NULL, OPT_FOLDED},
				      {"sysroot", required_argument, NULL, OPT_SYSROOT},
				      {"no-symbols", no_argument, NULL, OPT_NO_SYMBOLS},
				      {"goroutine", required_argument, NULL, OPT_GOROUTINE},
				      GT_CLI_LONGS,
				      {0}};
static const struct gt_cli cli = {"stats", usage, "hV", longs};

static void take_tables(struct gt_report_options *options, char *words)
{
	static const char *const tables[] = {
		[GT_STATS_REASON] = "reason",   [GT_STATS_OBJECT] = "object", [GT_STATS_SITE] = "site",
		[GT_STATS_SYSCALL] = "syscall", [GT_STATS_TASK] = "task",     [GT_STATS_REGION] = "region",
		[GT_STATS_GC] = "gc",           [GT_STATS_SAMPLE] = "sample", [GT_STATS_TABLES] = "thread"};

	for (char *word; (word = strsep(&words, ",")) != NULL;) {
		size_t i = 0;

		while (i < sizeof(tables) / sizeof(tables[0]) && strcmp(word, tables[i]) != 0)
			i++;
		if (i == sizeof(tables) / sizeof(tables[0]))
			gt_cli_usage(
				&cli,
				"'%s' is no table: thread, reason, object, site, syscall, task, region, gc or sample",
				word);
		options->by |= 1u << i;
	}
}

static void take_top(struct gt_report_options *options)
{
	char *end;

	errno = 0;
	options->top = strtoull(optarg, &end, 10);
	options->top_given = true;
	if (*optarg < '0' || *optarg > '9' || *end != '\0' || errno != 0)
		gt_cli_usage(&cli, "'%s' is no number of rows", optarg);
}

static void take_filter(struct gt_report_options *options, enum gt_filter_kind kind)
{
	const char *complaint = gt_filter_add(options->filter, kind, optarg);

	if (complaint != NULL)
		gt_cli_usage(&cli, "'%s': %s", optarg, complaint);
}

/* What --folded= says. */
static int folded_of(const char *word)
{
	static const char *const words[] = {
		[GT_FOLDED_WAIT] = "wait",
		[GT_FOLDED_SYSCALL] = "syscall",
		[GT_FOLDED_CREATE] = "create",
		[GT_FOLDED_CPU] = "cpu",
	};

	for (int i = 0; i < (int)(sizeof(words) / sizeof(words[0])); i++) {
		if (strcmp(word, words[i]) == 0)
			return i;
	}
	gt_cli_usage(&cli, "'%s' cannot be folded: wait, syscall, create or cpu", word);
}

static void take_option(struct gt_report_options *options, int c)
{
	switch (c) {
	case OPT_MODULES:
		options->modules = true;
		break;
	case OPT_BY:
		take_tables(options, optarg);
		break;
	case OPT_TOP:
		take_top(options);
		break;
	case OPT_FROM:
		gt_cli_moment(&cli, optarg, &options->window.from);
		break;
	case OPT_TO:
		gt_cli_moment(&cli, optarg, &options->window.to);
		break;
	case OPT_THREAD:
		take_filter(options, GT_FILTER_THREAD);
		break;
	case OPT_GOROUTINE:
		take_filter(options, GT_FILTER_GOROUTINE);
		break;
	default:
		break;
	}
}

/* 1 when all of it was written; 0 when its reader has left; -1 after a complaint. */
static int close_output(struct gt_out *out)
{
	if (gt_out_close(out))
		return 1;
	if (errno == EPIPE)
		return 0;
	gt_cli_complain("standard output: %s", strerror(errno));
	return -1;
}

/* Prints what there is, and only then complains. */
static bool print(const struct gt_report *report, bool json)
{
	struct gt_out out;
	int written;
	bool sound;

	gt_out_open(&out, STDOUT_FILENO);
	if (gt_report_events(report) != 0 && json)
		gt_report_json(report, &out);
	else if (gt_report_events(report) != 0)
		gt_report_text(report, &out);
	written = close_output(&out);
	if (written == 0)
		return true;
	sound = gt_merge_complain(&report->merge) == 0;
	return gt_cli_close(stdout, NULL) && written > 0 && sound;
}

static bool print_folded(char *const *paths, int n, int what, const struct gt_report_options *options)
{
	struct gt_out out;
	int written;
	bool sound;

	gt_out_open(&out, STDOUT_FILENO);
	sound = gt_folded_print(paths, n, (enum gt_folded)what, &options->window, options->filter, options->symbols,
				&out);
	written = close_output(&out);
	return written == 0 || (gt_cli_close(stdout, NULL) && written > 0 && sound);
}

int gt_cmd_stats(int argc, char **argv)
{
	struct gt_report_options options = {.filter = gt_filter_new()};
	struct gt_report report;
	char *const *paths;
	bool json = false, no_symbols = false, good;
	const char *sysroot = NULL;
	int n, folded = -1;

	for (int c; (c = gt_cli_next(&cli, argc, argv)) != -1;) {
		json |= c == OPT_JSON;
		no_symbols |= c == OPT_NO_SYMBOLS;
		sysroot = c == OPT_SYSROOT ? optarg : sysroot;
		folded = c == OPT_FOLDED ? folded_of(optarg) : folded;
		take_option(&options, c);
	}
	if (folded >= 0 && (json || options.by != 0 || options.top_given || options.modules))
		gt_cli_usage(&cli, "--json, --by, --top and --modules are for tables, --folded prints none");
	paths = gt_cli_inputs(&cli, argc, argv, &n);
	options.symbols = no_symbols ? NULL : gt_symbols_new(sysroot);
	if (folded >= 0) {
		good = print_folded(paths, n, folded, &options);
	} else {
		good = gt_report_read(&report, paths, n, &options) == 0 && print(&report, json);
		gt_report_free(&report);
	}
	gt_filter_free(options.filter);
	gt_symbols_free(options.symbols);
	return good ? GT_EXIT_OK : GT_EXIT_BROKEN;
}
