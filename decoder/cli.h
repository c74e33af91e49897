/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What every command of gtrace shares: exit statuses, options, complaints, output that is not lost.
 *
 * Used by the single thread of gtrace, before and after the work of a command. Complaints are one line each on
 * stderr and start with "gtrace: ".
 */
#ifndef GT_CLI_H
#define GT_CLI_H

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

struct gt_error;
struct gt_when;

#ifndef GT_VERSION
#define GT_VERSION "0.1.0"
#endif

enum gt_exit { GT_EXIT_OK = 0, GT_EXIT_BROKEN = 1, GT_EXIT_USAGE = 2 };

/* What a command accepts. `longs` ends with a zero row and includes GT_CLI_LONGS; `shorts` is for getopt. */
struct gt_cli {
	const char *command; /* for "Try 'gtrace text --help'"; "" before a command is known */
	const char *usage; /* what --help prints */
	const char *shorts;
	const struct option *longs;
};

/* Values that getopt_long returns for the options of every command. */
enum { GT_CLI_HELP = 'h', GT_CLI_VERSION = 'V', GT_CLI_FIRST_LONG = 256 };

/* clang-format off */
#define GT_CLI_LONGS                                                                               \
	{"help", no_argument, NULL, GT_CLI_HELP}, {"version", no_argument, NULL, GT_CLI_VERSION}
/* clang-format on */

/*
 * The next option as getopt_long gives it, or -1. Prints and exits on --help and --version (status 0) and on an
 * option that `cli` does not know (status 2).
 */
int gt_cli_next(const struct gt_cli *cli, int argc, char **argv);

/* Complains about how the command was called and exits with status 2. */
void gt_cli_usage(const struct gt_cli *cli, const char *format, ...) __attribute__((noreturn, format(printf, 2, 3)));

/* One line on stderr, after everything that went to stdout so far. */
void gt_cli_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Complains about a trace: what is wrong with it, and where. */
void gt_cli_broken(const char *path, const struct gt_error *err);

/* Complains that memory is short, and exits with status 1. */
void gt_cli_no_memory(void) __attribute__((noreturn));

/* Zeroed memory for n objects; exits with status 1 and a complaint when there is none. Free with free(). */
void *gt_cli_alloc(size_t n, size_t size);

/* Makes room for n objects at `p`, which may be NULL; what is new is not set. Otherwise like gt_cli_alloc(). */
void *gt_cli_grow(void *p, size_t n, size_t size);

/* The moment that an option's argument names, as gt_when_parse() reads it. Anything else is wrong usage. */
void gt_cli_moment(const struct gt_cli *cli, const char *text, struct gt_when *when);

/*
 * The file operand of a command: argv[optind], or "-" (standard input) when there is none. More than one is wrong
 * usage, and so is a terminal on standard input.
 */
const char *gt_cli_input(const struct gt_cli *cli, int argc, char **argv);

/*
 * The file operands of a command that takes several: argv[optind] and on, "-" when there are none. *n of them. Wrong
 * usage: standard input twice, or a terminal there.
 */
char *const *gt_cli_inputs(const struct gt_cli *cli, int argc, char *const *argv, int *n);

/*
 * Opens `path` for writing; NULL or "-" is standard output. Exits with status 1 and a complaint when that fails.
 * Everything goes through gt_cli_close().
 */
FILE *gt_cli_open(const char *path);

/*
 * Flushes and closes; false, after a complaint, when something did not arrive. A reader that went away (EPIPE) is
 * no reason to complain.
 */
bool gt_cli_close(FILE *file, const char *path);

/* Whether `path` is the file `input` by another name or the same. "-" is no file. */
bool gt_cli_same_file(const char *path, const char *input);

/* Looks at where something is to be written; NULL or "-" is standard output. Wrong usage: one of the n inputs. */
void gt_cli_spare(const struct gt_cli *cli, const char *output, char *const *inputs, int n);

/* The same for a trace: a terminal is wrong usage, too. */
void gt_cli_output(const struct gt_cli *cli, const char *output, char *const *inputs, int n);

/* Whether colour belongs into `file`: a terminal, NO_COLOR unset or empty, TERM not "dumb". */
bool gt_cli_colour(FILE *file);

#endif
