/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * gtrace snapshot: what a running program has recorded so far, from its live file. The program does nothing for it, so it may
 * as well hang or be stopped.
 */
#include "cmd.h"

#include "cli.h"
#include "cut.h"
#include "mapped.h"
#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
	"Usage: gtrace snapshot [-o FILE] PID\n"
	"Write what a running program has recorded so far: all of it, or what its flight recorder (GTRACE_FLIGHT) keeps. The\n"
	"program is not disturbed, and need not be able to do anything.\n"
	"\n"
	"  -o, --output=FILE  write there; - is standard output\n"
	"  -h, --help         print this\n"
	"  -V, --version      print the version\n"
	"\n"
	"Without -o the file is gtrace.PROGRAM.PID.trace in this directory, with a number added if there is one.\n"
	"Exit status: 0 success, 1 nothing is recorded there or it is not for you, 2 wrong usage.\n";

enum { NUMBER_MAX = 10000 };

static const struct option longs[] = {{"output", required_argument, NULL, 'o'}, GT_CLI_LONGS, {0}};
static const struct gt_cli cli = {"snapshot", usage, "o:hV", longs};

/* A name that nothing has. */
static bool find_name(char *name, size_t size, const struct gt_mapped *mapped, int pid)
{
	char program[sizeof(mapped->program)];

	memcpy(program, mapped->program, sizeof(program));
	for (char *p = program; *p != 0; p++) {
		if (*p == '/' || (unsigned char)*p < ' ')
			*p = '_';
	}
	snprintf(name, size, "gtrace.%s.%d.trace", program, pid);
	for (int i = 1; i < NUMBER_MAX && faccessat(AT_FDCWD, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0; i++)
		snprintf(name, size, "gtrace.%s.%d.trace.%d", program, pid, i);
	return access(name, F_OK) != 0;
}

static bool write_to(struct gt_input *in, const char *path, const char *output, struct gt_error *err)
{
	struct gt_cut_wish wish = {.nothing = "nothing was recorded"};
	struct gt_save save;
	bool good = gt_input_header(in, err) >= 0;

	if (!good)
		return false;
	gt_save_open(&save, output);
	good = gt_cut_to(in, path, &wish, &save);
	gt_save_close(&save);
	return good;
}

static bool take(int pid, const char *output)
{
	struct gt_error err = {0};
	struct gt_mapped mapped;
	struct gt_input in;
	char name[128];
	bool good = false;
	int r = gt_mapped_find(pid, &mapped);

	if (r < 0)
		gt_cli_complain("%d: %s", pid, errno == ENOENT ? "there is no such process" : strerror(errno));
	else if (r == 0)
		gt_cli_complain("%d: it records nothing now", pid);
	if (r != 1)
		return false;
	if (output == NULL && !find_name(name, sizeof(name), &mapped, pid)) {
		gt_cli_complain("%s: there are too many files like this", name);
		return false;
	}
	if (gt_trace_open_live(&in, mapped.trace, mapped.live, &err) == 0) {
		good = write_to(&in, mapped.trace, output != NULL ? output : name, &err);
		gt_input_close(&in);
	}
	if (err.code != GT_ERR_NONE)
		gt_cli_broken(mapped.trace, &err);
	else if (good && output == NULL)
		gt_cli_complain("the trace is in %s", name);
	return good;
}

int gt_cmd_snapshot(int argc, char **argv)
{
	const char *output = NULL;
	char *end;
	long pid;

	while (gt_cli_next(&cli, argc, argv) != -1)
		output = optarg;
	if (argc - optind != 1)
		gt_cli_usage(&cli, "which process?");
	errno = 0;
	pid = strtol(argv[optind], &end, 10);
	if (errno != 0 || *end != 0 || end == argv[optind] || pid <= 0 || pid > INT_MAX)
		gt_cli_usage(&cli, "'%s' is no process id", argv[optind]);
	if (output != NULL)
		gt_cli_output(&cli, output, NULL, 0);
	return take((int)pid, output) ? GT_EXIT_OK : GT_EXIT_BROKEN;
}
