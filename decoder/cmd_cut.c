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

/* Whether all of it went well. What is sound gets its name even when not. */
static bool cut(struct gt_input *in, const char *path, int minor, const struct gt_window *window, struct gt_save *save)
{
	struct gt_error damage;
	struct gt_splice splice;
	bool good = true;

	gt_error_clear(&damage);
	gt_splice_start(&splice, save->fd, minor);
	if (gt_cut(in, window, &splice, &damage) < 0) {
		gt_cli_broken(path, &damage);
		good = false;
	}
	if (splice.generations > 0) {
		good = gt_splice_deliver(&splice, path, !good, save) && good;
	} else if (good) {
		gt_cli_complain("%s: nothing of it is in that time", path);
		good = false;
	}
	gt_splice_free(&splice);
	return good;
}

int gt_cmd_cut(int argc, char **argv)
{
	struct gt_window window = {{GT_WHEN_NONE, 0}, {GT_WHEN_NONE, 0}};
	const char *output = NULL, *path;
	struct gt_error err;
	struct gt_save save;
	struct gt_input in;
	bool good = false;
	int minor;

	for (int c; (c = gt_cli_next(&cli, argc, argv)) != -1;) {
		if (c == 'o')
			output = optarg;
		else
			gt_cli_moment(&cli, optarg, c == OPT_FROM ? &window.from : &window.to);
	}
	path = gt_cli_input(&cli, argc, argv);
	gt_cli_output(&cli, output, (char *const *)&path, 1);
	gt_error_clear(&err);
	if (gt_trace_open(&in, path, &err) == 0) {
		minor = gt_input_header(&in, &err);
		if (minor >= 0) {
			gt_save_open(&save, output);
			good = cut(&in, path, minor, &window, &save);
			gt_save_close(&save);
		}
		gt_input_close(&in);
	}
	if (err.code != GT_ERR_NONE)
		gt_cli_broken(path, &err);
	return good ? GT_EXIT_OK : GT_EXIT_BROKEN;
}
