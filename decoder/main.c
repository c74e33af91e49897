/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * gtrace: finds the command on the command line and runs it.
 *
 * A reader of our output that goes away ends us quietly; a standard output that could not be written is status 1.
 */
#include "cli.h"
#include "cmd.h"

#include <string.h>

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
};

static const struct command commands[] = {
#define COMMAND(name) {#name, gt_cmd_##name},
#include "commands.def"
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static const char usage[] = "Usage: gtrace COMMAND [OPTION]... [ARGUMENT]...\n"
			    "Record what the threads of a program do, and read the recording.\n"
			    "\n"
			    "  gtrace record [OPTION]... [--] PROGRAM [ARGUMENT]...\n"
			    "                     run a program and record what its threads do\n"
			    "  gtrace text [OPTION]... [FILE]...\n"
			    "                     print traces, one event a line\n"
			    "  gtrace stats [OPTION]... [FILE]...\n"
			    "                     where the time of each thread went, what was waited for\n"
			    "  gtrace check [FILE]...\n"
			    "                     say whether traces are sound\n"
			    "  gtrace cut [OPTION]... [-o FILE] [TRACE]\n"
			    "                     write part of a trace as a trace\n"
			    "  gtrace cat [-o FILE] TRACE...\n"
			    "                     join what was cut\n"
			    "  gtrace recover [-o FILE] TRACE\n"
			    "                     finish the trace of a program that was killed\n"
			    "  gtrace snapshot [-o FILE] PID\n"
			    "                     write what a running program has recorded so far\n"
			    "  gtrace symbolize [OPTION]... [-o FILE] [TRACE]\n"
			    "                     write a trace with full names of functions\n"
			    "  gtrace options     list the variables that the recorder reads\n"
			    "\n"
			    "  -h, --help     print this; after a command, its own help\n"
			    "  -V, --version  print the version\n"
			    "\n"
			    "Exit status: 0 success, 1 a broken trace or another failure, 2 wrong usage.\n";

static const struct option longs[] = {GT_CLI_LONGS, {0}};
static const struct gt_cli cli = {"", usage, "+hV", longs};

static const struct command *find(const char *name)
{
	for (int i = 0; i < COMMANDS; i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	}
	return NULL;
}

int main(int argc, char **argv)
{
	static char name[] = "gtrace";
	const struct command *command;

	argv[0] = name;
	while (gt_cli_next(&cli, argc, argv) != -1)
		;
	if (optind >= argc)
		gt_cli_usage(&cli, "no command given");
	command = find(argv[optind]);
	if (command == NULL)
		gt_cli_usage(&cli, "'%s' is no command", argv[optind]);
	argc -= optind;
	argv += optind;
	argv[0] = name;
	optind = 0;
	return command->run(argc, argv);
}
