/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * gtrace recover: the trace of a program that was killed, finished from its live file. The result is read before it gets its
 * name, and takes the place of the two files only when all of it is sound.
 */
#include "cmd.h"

#include "cli.h"
#include "cut.h"
#include "live.h"
#include "tail.h"
#include "trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { YOUNG_S = 10 };

static const char usage[] =
	"Usage: gtrace recover [-o FILE] TRACE\n"
	"Finish the trace of a program that was killed, with what lies in TRACE.live. Every other command reads both files by\n"
	"itself; this one makes one of them, for other readers of such traces.\n"
	"\n"
	"  -o, --output=FILE  write there, and leave both files as they are; - is standard output\n"
	"  -h, --help         print this\n"
	"  -V, --version      print the version\n"
	"\n"
	"Without -o the result replaces TRACE, and TRACE.live goes, also where a program was killed while it began, and nothing is\n"
	"in it. A program that still runs is not disturbed, but needs -o.\n"
	"Exit status: 0 success, 1 a broken or unreadable trace (without -o nothing has changed then), 2 wrong usage.\n";

static const struct option longs[] = {{"output", required_argument, NULL, 'o'}, GT_CLI_LONGS, {0}};
static const struct gt_cli cli = {"recover", usage, "o:hV", longs};

static bool remove_live(const char *path)
{
	char *live = gt_tail_live(path);
	bool done = gt_live_unlink(live);

	if (!done)
		perror(live);
	free(live);
	return done;
}

/* What a program left that was killed while it began. One that begins just now is not yet old. */
static void remove_blank(const char *path)
{
	char *live = gt_tail_live(path);
	struct stat st;

	if (gt_live_is_blank(live) && stat(live, &st) == 0 && time(NULL) - st.st_mtime > YOUNG_S && remove_live(path))
		gt_cli_complain("%s is removed", live);
	free(live);
}

/* The header has been read. */
static bool run(struct gt_input *in, const char *path, const char *output)
{
	struct gt_cut_wish wish = {.nothing = "nothing was recorded", .whole = output == NULL};
	struct gt_save save;
	bool good;

	if (output == NULL && in->lacks_end)
		return false;
	if (output == NULL && in->tail < 0) {
		gt_cli_complain("%s: there is nothing to add", path);
		return true;
	}
	if (output == NULL && in->is_growing) {
		gt_cli_complain("%s: what is there now can be had with -o FILE", path);
		return false;
	}
	gt_save_open(&save, output != NULL ? output : path);
	good = gt_cut_to(in, path, &wish, &save);
	gt_save_close(&save);
	return output == NULL && good ? remove_live(path) : good;
}

int gt_cmd_recover(int argc, char **argv)
{
	const char *output = NULL, *path;
	struct gt_error err;
	struct gt_input in;
	bool good = false;

	while (gt_cli_next(&cli, argc, argv) != -1)
		output = optarg;
	if (optind == argc)
		gt_cli_usage(&cli, "which trace?");
	path = gt_cli_input(&cli, argc, argv);
	if (output != NULL)
		gt_cli_output(&cli, output, (char *const *)&path, 1);
	gt_error_clear(&err);
	if (gt_trace_open(&in, path, &err) == 0) {
		if (gt_input_header(&in, &err) >= 0)
			good = run(&in, path, output);
		gt_input_close(&in);
	}
	if (err.code != GT_ERR_NONE)
		gt_cli_broken(path, &err);
	if (err.code == GT_ERR_IO && output == NULL)
		remove_blank(path);
	return good ? GT_EXIT_OK : GT_EXIT_BROKEN;
}
