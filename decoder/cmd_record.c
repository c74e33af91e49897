/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * gtrace record: sets the environment of the recorder, runs a command, says where the trace is.
 *
 * Standard output belongs to the command: everything that we say goes to stderr.
 */
#include "cmd.h"

#include "cli.h"
#include "elf.h"
#include "launch.h"
#include "tail.h"

#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
	"Usage: gtrace record [OPTION]... [--] PROGRAM [ARGUMENT]...\n"
	"Run a program and record what its threads do.\n"
	"\n"
	"  -o, --output=FILE        where the trace goes; %p pid, %e program, %t time, %% percent\n"
	"                           (default gtrace.%e.%p.trace). Use %p when the program forks\n"
	"      --period=TIME        length of a generation, such as 100ms (default 1s)\n"
	"      --arena=SIZE         most memory for events, such as 16M (default 64M)\n"
	"      --follow=WHOM        children to record too: all (default), fork, off\n"
	"      --match=PATTERNS     record only programs of these names, such as 'redis*,python3*'\n"
	"      --start=off          record nothing until the program or the signal says so\n"
	"      --signal=NAME        this signal stops and starts recording, such as USR2\n"
	"      --flight=LIMITS      keep so much of the past in memory, such as 10s,64M, and write it when the\n"
	"                           signal comes, the program ends, or 'gtrace snapshot PID' asks\n"
	"      --trigger=RULES      or when something lasts: wait:mutex>500ms,region:checkout>1s\n"
	"      --cpu-hz=N           samples of where threads run, N a second (default 0: none)\n"
	"      --option=NAME=VALUE  any other option; see 'gtrace options'\n"
	"  -q, --quiet              do not say where the trace is\n"
	"  -h, --help               print this\n"
	"  -V, --version            print the version\n"
	"\n"
	"Exit status: that of the program; 128 + n when signal n ended it; 127 program not found,\n"
	"126 it could not be run; 1 no libgtrace.so, 2 wrong usage.\n";

enum {
	OPT_PERIOD = GT_CLI_FIRST_LONG,
	OPT_ARENA,
	OPT_FOLLOW,
	OPT_MATCH,
	OPT_START,
	OPT_SIGNAL,
	OPT_FLIGHT,
	OPT_TRIGGER,
	OPT_CPU_HZ,
	OPT_OPTION
};

static const struct option longs[] = {
	{"output", required_argument, NULL, 'o'},
	{"period", required_argument, NULL, OPT_PERIOD},
	{"arena", required_argument, NULL, OPT_ARENA},
	{"follow", required_argument, NULL, OPT_FOLLOW},
	{"match", required_argument, NULL, OPT_MATCH},
	{"start", required_argument, NULL, OPT_START},
	{"signal", required_argument, NULL, OPT_SIGNAL},
	{"flight", required_argument, NULL, OPT_FLIGHT},
	{"trigger", required_argument, NULL, OPT_TRIGGER},
	{"cpu-hz", required_argument, NULL, OPT_CPU_HZ},
	{"option", required_argument, NULL, OPT_OPTION},
	{"quiet", no_argument, NULL, 'q'},
	GT_CLI_LONGS,
	{0},
};
static const struct gt_cli cli = {"record", usage, "+o:qhV", longs};

static bool is_option(const char *name)
{
#define OPTION(id, type, dflt, field, help)                                                                            \
	if (strcmp(name, "GTRACE_" #id) == 0)                                                                          \
		return true;
#include "../shim/format/options.def"
	return false;
}

static const char *variable_of(int option)
{
	switch (option) {
	case OPT_PERIOD:
		return "GTRACE_PERIOD";
	case OPT_ARENA:
		return "GTRACE_ARENA";
	case OPT_FOLLOW:
		return "GTRACE_FOLLOW";
	case OPT_MATCH:
		return "GTRACE_MATCH";
	case OPT_START:
		return "GTRACE_START";
	case OPT_SIGNAL:
		return "GTRACE_SIGNAL";
	case OPT_FLIGHT:
		return "GTRACE_FLIGHT";
	case OPT_TRIGGER:
		return "GTRACE_TRIGGER";
	case OPT_CPU_HZ:
		return "GTRACE_CPU_HZ";
	default:
		return "GTRACE_OUTPUT";
	}
}

/* NAME=VALUE, with or without GTRACE_, in any case. */
static void set_option(const char *assignment)
{
	const char *equals = strchr(assignment, '=');
	char name[64] = "GTRACE_";
	size_t n;

	if (equals == NULL || equals == assignment)
		gt_cli_usage(&cli, "--option wants NAME=VALUE, not '%s'", assignment);
	if (strncasecmp(assignment, name, 7) == 0)
		assignment += 7;
	n = (size_t)(equals - assignment);
	for (size_t i = 0; i < n && i + 8 < sizeof(name); i++)
		name[7 + i] = (char)toupper((unsigned char)assignment[i]);
	if (!is_option(name))
		gt_cli_usage(&cli, "there is no option '%.*s'; see 'gtrace options'", (int)n, assignment);
	setenv(name, equals + 1, 1);
}

static bool ends_in(const char *text, const char *end)
{
	size_t n = strlen(text), e = strlen(end);

	return n >= e && strcmp(text + n - e, end) == 0;
}

/*
 * Finds the file of the directory whose name tells that process `pid` wrote it, or would have: a flight recorder that was
 * killed leaves its live file alone. False when there is none.
 */
static bool find_trace(pid_t pid, char *name, size_t size)
{
	DIR *dir = opendir(".");
	char tail[32], live[64];
	bool found = false;

	if (dir == NULL)
		return false;
	snprintf(tail, sizeof(tail), ".%d.trace", (int)pid);
	snprintf(live, sizeof(live), "%s.live", tail);
	for (struct dirent *e; !found && (e = readdir(dir)) != NULL;) {
		int n = (int)strlen(e->d_name) - (ends_in(e->d_name, live) ? (int)strlen(".live") : 0);

		if (strncmp(e->d_name, "gtrace.", 7) == 0 && (ends_in(e->d_name, tail) || ends_in(e->d_name, live)))
			found = snprintf(name, size, "%.*s", n, e->d_name) < (int)size;
	}
	closedir(dir);
	return found;
}

/* The trace or its live file. */
static bool is_there(const char *trace)
{
	char *live = gt_tail_live(trace);
	bool is = access(trace, F_OK) == 0 || access(live, F_OK) == 0;

	free(live);
	return is;
}

/*
 * What can be known from outside: a pattern with %e or %t names a file that only the recorder knows, and a suffix
 * is added when the file was there before.
 */
static void say_where(pid_t pid, bool fresh)
{
	const char *output = getenv("GTRACE_OUTPUT");
	char name[NAME_MAX + 1];

	if (output != NULL && *output != '\0') {
		if (strchr(output, '%') != NULL)
			gt_cli_complain("the trace is in a file named %s", output);
		else if (!is_there(output))
			gt_cli_complain("no trace was written to %s", output);
		else if (fresh)
			gt_cli_complain("the trace is in %s", output);
		else
			gt_cli_complain("%s was there before; the trace is beside it, with a number added", output);
	} else if (find_trace(pid, name, sizeof(name))) {
		gt_cli_complain("the trace is in %s", name);
	} else {
		gt_cli_complain("no trace was written");
	}
}

static void find_library(char *library, size_t size)
{
	const char *wish = getenv("GTRACE_LIB");

	if (gt_launch_library(library, size))
		return;
	gt_cli_complain("%s: cannot read it; nothing was run",
			wish && *wish ? wish : "libgtrace.so (beside gtrace, in ../lib, in the prefix)");
	exit(GT_EXIT_BROKEN);
}

static void prepare(const char *program)
{
	char library[PATH_MAX];
	char path[PATH_MAX];
	bool known = gt_launch_program(program, path, sizeof(path));
	const char *why = known ? gt_elf_unrecordable(path) : NULL;

	find_library(library, sizeof(library));
	if (!gt_launch_preload(library, known ? path : NULL)) {
		gt_cli_complain("%s: LD_PRELOAD cannot name a path with a blank or a colon", library);
		exit(GT_EXIT_BROKEN);
	}
	if (why != NULL)
		gt_cli_complain("warning: nothing will be recorded of %s: %s", path, why);
}

int gt_cmd_record(int argc, char **argv)
{
	const char *output;
	bool quiet = false;
	bool fresh;
	pid_t pid;
	int status;

	for (int c; (c = gt_cli_next(&cli, argc, argv)) != -1;) {
		if (c == OPT_OPTION)
			set_option(optarg);
		else if (c == 'q')
			quiet = true;
		else
			setenv(variable_of(c), optarg, 1);
	}
	if (optind >= argc)
		gt_cli_usage(&cli, "no program given");
	prepare(argv[optind]);
	output = getenv("GTRACE_OUTPUT");
	fresh = output == NULL || !is_there(output);
	status = gt_launch_run(argv + optind, &pid);
	if (!quiet && pid > 0 && status != 127 && status != 126)
		say_where(pid, fresh);
	return status;
}
