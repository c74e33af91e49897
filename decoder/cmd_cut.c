/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * gtrace cut: part of a trace as a trace of its own. The result is read before it gets its name.
 */
#include "cmd.h"

#include "cli.h"
#include "cut.h"
#include "trace.h"

static const char usage[] =
	"Usage: gtrace cut [--from=TIME] [--to=TIME] [-o FILE] [TRACE]\n"
	"Write a smaller trace: the generations that overlap a stretch of time.\n"
	"\n"
	"      --from=TIME    from then on: 20ms, 1.5s after the start, or 2026-01-31T12:34:56.5\n"
	"      --to=TIME      up to then\n"
	"  -o, --output=FILE  write there; - or nothing is standard output\n"
	"  -h, --help         print this\n"
	"  -V, --version      print the version\n"
	"\n"
	"Without TRACE, or when it is -, standard input is read.\n"
	"Exit status: 0 success, 1 a broken or unreadable trace (what was sound is written) or nothing to write,\n"
	"2 wrong usage.\n";

enum { OPT_FROM = GT_CLI_FIRST_LONG, OPT_TO };

static const struct option longs[] = {{"from", required_argument, NULL, OPT_FROM},
				      {"to", required_argument, NULL, OPT_TO},
				      {"output", required_argument, NULL, 'o'},
				      GT_CLI_LONGS,
				      {0}};
static const struct gt_cli cli = {"cut", usage, "o:hV", longs};

int gt_cmd_cut(int argc, char **argv)
{
	struct gt_cut_wish wish = {.nothing = "nothing of it is in that time"};
	const char *output = NULL, *path;
	struct gt_error err;
	struct gt_save save;
	struct gt_input in;
	bool good = false;

	for (int c; (c = gt_cli_next(&cli, argc, argv)) != -1;) {
		if (c == 'o')
			output = optarg;
		else
			gt_cli_moment(&cli, optarg, c == OPT_FROM ? &wish.window.from : &wish.window.to);
	}
	path = gt_cli_input(&cli, argc, argv);
	gt_cli_output(&cli, output, (char *const *)&path, 1);
	gt_error_clear(&err);
	if (gt_trace_open(&in, path, &err) == 0) {
		if (gt_input_header(&in, &err) >= 0) {
			gt_save_open(&save, output);
			good = gt_cut_to(&in, path, &wish, &save);
			gt_save_close(&save);
		}
		gt_input_close(&in);
	}
	if (err.code != GT_ERR_NONE)
		gt_cli_broken(path, &err);
	return good ? GT_EXIT_OK : GT_EXIT_BROKEN;
}
