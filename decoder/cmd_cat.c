/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * gtrace cat: what was cut, put together again. The result is read before it gets its name.
 */
#include "cmd.h"

#include "cli.h"
#include "join.h"
#include "save.h"
#include "trace.h"

#include <string.h>

static const char usage[] =
	"Usage: gtrace cat [-o FILE] TRACE...\n"
	"Join traces that follow one another: parts of one recording, in their order.\n"
	"\n"
	"  -o, --output=FILE  write there; - or nothing is standard output\n"
	"  -h, --help         print this\n"
	"  -V, --version      print the version\n"
	"\n"
	"A TRACE of - is standard input.\n"
	"Exit status: 0 success, 1 traces that do not belong together (nothing is written) or a broken\n"
	"one (what was sound is written), 2 wrong usage.\n";

static const struct option longs[] = {{"output", required_argument, NULL, 'o'}, GT_CLI_LONGS, {0}};
static const struct gt_cli cli = {"cat", usage, "o:hV", longs};

/* Adds the file; -1 with *err when not all of it went in. */
static int add(struct gt_join *join, const char *path, struct gt_save *save, struct gt_error *err)
{
	struct gt_input in;
	int result = -1, minor;

	gt_error_clear(err);
	if (gt_trace_open(&in, path, err) < 0)
		return -1;
	minor = gt_input_header(&in, err);
	if (minor >= 0) {
		gt_save_like(save, in.fd);
		if (join->minor == 0)
			gt_splice_start(join->splice, save->fd, minor);
		result = gt_join_add(join, &in, minor, err);
	}
	gt_input_close(&in);
	return result;
}

/* Whether all of it went well. Nothing is written of what does not belong together. */
static bool finish(struct gt_join *join, const char *last, bool good, struct gt_save *save)
{
	struct gt_error err;
	long sound;

	if (join->minor == 0 || join->splice->generations == 0) {
		if (good)
			gt_cli_complain("%s: there are no generations in it", last);
		return false;
	}
	sound = gt_splice_finish(join->splice, &err);
	if (sound < 0) {
		gt_cli_complain("%s: %s", gt_save_name(save), strerror(join->splice->error));
		return false;
	}
	if (sound != (long)join->splice->generations) {
		gt_cli_broken(last, &err);
		return false;
	}
	return gt_save_commit(save) && good;
}

int gt_cmd_cat(int argc, char **argv)
{
	const char *output = NULL;
	struct gt_splice splice = {.out.fd = -1};
	struct gt_join join = {.splice = &splice};
	struct gt_error err;
	struct gt_save save;
	char *const *paths;
	bool good = true;
	int n;

	while (gt_cli_next(&cli, argc, argv) != -1)
		output = optarg;
	if (optind == argc)
		gt_cli_usage(&cli, "no traces given");
	paths = gt_cli_inputs(&cli, argc, argv, &n);
	gt_cli_output(&cli, output, paths, n);
	gt_save_open(&save, output);
	gt_error_clear(&err);
	for (int i = 0; i < n && good; i++) {
		good = add(&join, paths[i], &save, &err) == 0;
		if (!good)
			gt_cli_broken(paths[i], &err);
	}
	if (err.code != GT_ERR_ORDER)
		good = finish(&join, paths[n - 1], good, &save);
	gt_join_free(&join);
	gt_splice_free(&splice);
	gt_save_close(&save);
	return good ? GT_EXIT_OK : GT_EXIT_BROKEN;
}
