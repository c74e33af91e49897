/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * gtrace check: reads traces to their end and says whether they are sound. The answer goes to standard output, what
 * is wrong to standard error, one line a file.
 */
#include "cmd.h"

#include "cli.h"
#include "progress.h"
#include "reader.h"

#include <inttypes.h>

static const char usage[] = "Usage: gtrace check [FILE]...\n"
			    "Say whether traces are sound: one line a file, or what is wrong and where.\n"
			    "\n"
			    "  -h, --help     print this\n"
			    "  -V, --version  print the version\n"
			    "\n"
			    "Without FILE, or when it is -, standard input is read.\n"
			    "Exit status: 0 all are sound, 1 one is broken or unreadable, 2 wrong usage.\n";

static const struct option longs[] = {GT_CLI_LONGS, {0}};
static const struct gt_cli cli = {"check", usage, "hV", longs};

/* What gt_reader_check() says at last. */
static int read_all(struct gt_reader *reader, uint64_t *events, uint64_t *generations)
{
	struct gt_progress progress;
	uint64_t done, all;
	int more;

	gt_progress_start(&progress, -1);
	while ((more = gt_reader_check(reader, GT_PROGRESS_SELDOM, events, generations)) > 0) {
		progress.events = *events;
		if (!progress.on || !gt_progress_is_due(&progress))
			continue;
		gt_reader_bytes(reader, &done, &all);
		gt_progress_draw(&progress, -1, done, all);
	}
	gt_progress_end(&progress);
	return more;
}

static bool check(const char *path)
{
	struct gt_error err;
	struct gt_reader *reader;
	uint64_t events = 0, generations = 0;
	char line[GT_ERROR_WORDS + 160];
	int more = -1;

	gt_error_clear(&err);
	reader = gt_reader_open(path, &err);
	if (reader) {
		gt_reader_no_facts(reader);
		more = read_all(reader, &events, &generations);
	}
	gt_reader_close(reader);
	if (more < 0) {
		gt_cli_complain("%s: %s; sound before that: %" PRIu64 " generations, %" PRIu64 " events", path,
				gt_error_line(&err, line, sizeof(line)), generations, events);
		return false;
	}
	printf("%s: sound, %" PRIu64 " generations, %" PRIu64 " events\n", path, generations, events);
	return true;
}

int gt_cmd_check(int argc, char **argv)
{
	bool sound = true;

	while (gt_cli_next(&cli, argc, argv) != -1)
		;
	if (optind == argc)
		sound = check(gt_cli_input(&cli, argc, argv));
	for (int i = optind; i < argc; i++)
		sound = check(argv[i]) && sound;
	return gt_cli_close(stdout, NULL) && sound ? GT_EXIT_OK : GT_EXIT_BROKEN;
}
