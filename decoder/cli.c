/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Options, complaints and output of the commands. Laws: one line per complaint; nothing written is lost in
 * silence; wrong usage is status 2 and names the help.
 */
#include "cli.h"

#include "error.h"
#include "when.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void say(const char *format, va_list args)
{
	fflush(stdout);
	fputs("gtrace: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

void gt_cli_complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
}

void gt_cli_broken(const char *path, const struct gt_error *err)
{
	char line[GT_ERROR_WORDS + 160];

	gt_cli_complain("%s: %s", path, gt_error_line(err, line, sizeof(line)));
}

void gt_cli_no_memory(void)
{
	gt_cli_complain("not enough memory");
	exit(GT_EXIT_BROKEN);
}

static void *require(void *p)
{
	if (p == NULL)
		gt_cli_no_memory();
	return p;
}

void *gt_cli_alloc(size_t n, size_t size)
{
	return require(calloc(n != 0 ? n : 1, size));
}

void *gt_cli_grow(void *p, size_t n, size_t size)
{
	return require(reallocarray(p, n != 0 ? n : 1, size));
}

static void __attribute__((noreturn)) point_to_help(const struct gt_cli *cli)
{
	fprintf(stderr, "Try 'gtrace%s%s --help'.\n", *cli->command ? " " : "", cli->command);
	exit(GT_EXIT_USAGE);
}

void gt_cli_usage(const struct gt_cli *cli, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
	point_to_help(cli);
}

void gt_cli_moment(const struct gt_cli *cli, const char *text, struct gt_when *when)
{
	if (!gt_when_parse(text, when))
		gt_cli_usage(cli, "'%s' is no time: 20ms, 1.5s or 2026-01-31T12:34:56", text);
}

static void print_and_leave(const char *text)
{
	fputs(text, stdout);
	exit(gt_cli_close(stdout, NULL) ? GT_EXIT_OK : GT_EXIT_BROKEN);
}

int gt_cli_next(const struct gt_cli *cli, int argc, char **argv)
{
	int c = getopt_long(argc, argv, cli->shorts, cli->longs, NULL);

	if (c == GT_CLI_HELP)
		print_and_leave(cli->usage);
	if (c == GT_CLI_VERSION)
		print_and_leave("gtrace " GT_VERSION "\n");
	if (c == '?')
		point_to_help(cli);
	return c;
}

const char *gt_cli_input(const struct gt_cli *cli, int argc, char **argv)
{
	const char *path = optind < argc ? argv[optind] : "-";

	if (argc - optind > 1)
		gt_cli_usage(cli, "one trace at a time, please: '%s' is too much", argv[optind + 1]);
	if (strcmp(path, "-") == 0 && isatty(STDIN_FILENO))
		gt_cli_usage(cli, "no trace given, and standard input is a terminal");
	return path;
}

char *const *gt_cli_inputs(const struct gt_cli *cli, int argc, char *const *argv, int *n)
{
	static char dash[] = "-";
	static char *const standard_input[] = {dash, NULL};
	char *const *paths = optind < argc ? argv + optind : standard_input;
	int dashes = 0;

	*n = optind < argc ? argc - optind : 1;
	for (int i = 0; i < *n; i++)
		dashes += strcmp(paths[i], "-") == 0;
	if (dashes > 1)
		gt_cli_usage(cli, "standard input can be read once only");
	if (dashes == 1 && isatty(STDIN_FILENO))
		gt_cli_usage(cli, "no trace given, and standard input is a terminal");
	return paths;
}

FILE *gt_cli_open(const char *path)
{
	FILE *file;

	if (path == NULL || strcmp(path, "-") == 0)
		return stdout;
	file = fopen(path, "we");
	if (file == NULL) {
		gt_cli_complain("%s: %s", path, strerror(errno));
		exit(GT_EXIT_BROKEN);
	}
	return file;
}

bool gt_cli_close(FILE *file, const char *path)
{
	bool failed = ferror(file) != 0;
	int error = errno;

	if (fflush(file) != 0 || fclose(file) != 0) {
		failed = true;
		error = errno;
	}
	if (failed && error != EPIPE)
		gt_cli_complain("%s: %s", path ? path : "standard output", strerror(error));
	return !failed || error == EPIPE;
}

bool gt_cli_same_file(const char *path, const char *input)
{
	struct stat a, b;

	if (strcmp(path, "-") == 0 || strcmp(input, "-") == 0 || stat(path, &a) != 0 || stat(input, &b) != 0)
		return false;
	return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

void gt_cli_spare(const struct gt_cli *cli, const char *output, char *const *inputs, int n)
{
	for (int i = 0; output != NULL && i < n; i++) {
		if (gt_cli_same_file(output, inputs[i]))
			gt_cli_usage(cli, "%s is a trace to be read, and would be overwritten", output);
	}
}

void gt_cli_output(const struct gt_cli *cli, const char *output, char *const *inputs, int n)
{
	if ((output == NULL || strcmp(output, "-") == 0) && isatty(STDOUT_FILENO))
		gt_cli_usage(cli, "no file given with -o, and standard output is a terminal");
	gt_cli_spare(cli, output, inputs, n);
}

bool gt_cli_colour(FILE *file)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (no_color != NULL && *no_color != '\0')
		return false;
	return isatty(fileno(file)) && term != NULL && strcmp(term, "dumb") != 0;
}
