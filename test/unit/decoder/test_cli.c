/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What commands share: exit statuses, complaints of one line, and output that is not lost in silence.
 */
#include "decoder/cli.h"
#include "decoder/error.h"
#include "decoder/when.h"

#include "test/lib/capture.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct option longs[] = {
	{"number", required_argument, NULL, GT_CLI_FIRST_LONG},
	GT_CLI_LONGS,
	{0},
};
static const struct gt_cli cli = {"text", "Usage: gtrace text\n", "n:hV", longs};
static const struct gt_cli nameless = {"", "Usage: gtrace\n", "+hV", longs};

static struct gt_captured said;

/* The words of a command line, up to NULL. */
static int count(char *const *argv)
{
	int n = 0;

	while (argv[n] != NULL)
		n++;
	return n;
}

/* Takes all options and prints them. */
static int options(void *argv)
{
	int c;

	optind = 1;
	while ((c = gt_cli_next(&cli, count(argv), argv)) != -1)
		printf("%d=%s ", c, optarg != NULL ? optarg : "");
	printf("rest=%d", count(argv) - optind);
	return gt_cli_close(stdout, NULL) ? 0 : 50;
}

static void options_of(const char *first, const char *second)
{
	const char *argv[] = {"gtrace", first, second, NULL};

	gt_capture(options, argv, &said);
}

Test(cli, options_come_one_by_one)
{
	options_of("-n7", "file");
	cr_expect_str_eq(said.out, "110=7 rest=1");
	cr_expect_eq(said.status, 0);
	options_of("--number=8", NULL);
	cr_expect_str_eq(said.out, "256=8 rest=0");
	cr_expect_str_eq(said.err, "");
}

Test(cli, help_and_version_are_all_that_is_printed)
{
	options_of("--help", "--nonsense");
	cr_expect_str_eq(said.out, "Usage: gtrace text\n");
	cr_expect(said.status == 0 && said.err[0] == '\0');
	options_of("-h", NULL);
	cr_expect_str_eq(said.out, "Usage: gtrace text\n");
	options_of("-V", NULL);
	cr_expect_str_eq(said.out, "gtrace " GT_VERSION "\n");
	cr_expect(said.status == 0 && said.err[0] == '\0');
	options_of("--version", NULL);
	cr_expect_str_eq(said.out, "gtrace " GT_VERSION "\n");
}

Test(cli, an_unknown_option_is_wrong_usage)
{
	options_of("--nonsense", NULL);
	cr_expect_eq(said.status, GT_EXIT_USAGE);
	cr_expect_str_eq(said.out, "");
	cr_expect_str_eq(said.err, "gtrace: unrecognized option '--nonsense'\n"
				   "Try 'gtrace text --help'.\n");
	options_of("-n", NULL);
	cr_expect_eq(said.status, GT_EXIT_USAGE);
	cr_expect_str_eq(said.err, "gtrace: option requires an argument -- 'n'\n"
				   "Try 'gtrace text --help'.\n");
}

static int wrong_usage(void *with)
{
	gt_cli_usage(with, "%d is %s", 5, "wrong");
}

Test(cli, wrong_usage_points_to_the_help)
{
	gt_capture(wrong_usage, (void *)&cli, &said);
	cr_expect_eq(said.status, GT_EXIT_USAGE);
	cr_expect_str_eq(said.err, "gtrace: 5 is wrong\nTry 'gtrace text --help'.\n");
	gt_capture(wrong_usage, (void *)&nameless, &said);
	cr_expect_str_eq(said.err, "gtrace: 5 is wrong\nTry 'gtrace --help'.\n");
}

static int print_and_complain(void *unused)
{
	(void)unused;
	dup2(STDOUT_FILENO, STDERR_FILENO);
	printf("first, ");
	gt_cli_complain("then %s", "this");
	return 0;
}

Test(cli, a_complaint_comes_after_what_was_printed)
{
	gt_capture(print_and_complain, NULL, &said);
	cr_expect_str_eq(said.out, "first, gtrace: then this\n");
}

static int broken(void *unused)
{
	struct gt_error err;

	(void)unused;
	gt_error_clear(&err);
	gt_error_set(&err, GT_ERR_FORMAT, "it broke");
	err.gen = 3;
	gt_cli_broken("some.trace", &err);
	return 0;
}

Test(cli, of_a_broken_trace_the_place_is_named)
{
	gt_capture(broken, NULL, &said);
	cr_expect_str_eq(said.err, "gtrace: some.trace: it broke (generation 3)\n");
}

static int moment(void *text)
{
	struct gt_when when;

	gt_cli_moment(&cli, text, &when);
	return when.kind == GT_WHEN_RELATIVE && when.ns == 20000000 ? 0 : 50;
}

Test(cli, a_moment_or_wrong_usage)
{
	gt_capture(moment, "20ms", &said);
	cr_expect_eq(said.status, 0);
	gt_capture(moment, "soon", &said);
	cr_expect_eq(said.status, GT_EXIT_USAGE);
	cr_expect_str_eq(said.err, "gtrace: 'soon' is no time: 20ms, 1.5s or 2026-01-31T12:34:56\n"
				   "Try 'gtrace text --help'.\n");
}

static int input(void *argv)
{
	optind = 1;
	fputs(gt_cli_input(&cli, count(argv), argv), stdout);
	return 0;
}

static void input_of(const char *first, const char *second)
{
	const char *argv[] = {"gtrace", first, second, NULL};

	gt_capture(input, argv, &said);
}

Test(cli, one_file_or_standard_input)
{
	cr_assert_eq(dup2(open("/dev/null", O_RDONLY), STDIN_FILENO), STDIN_FILENO);
	input_of("file", NULL);
	cr_expect_str_eq(said.out, "file");
	input_of("-", NULL);
	cr_expect_str_eq(said.out, "-");
	input_of(NULL, NULL);
	cr_expect_str_eq(said.out, "-");
	input_of("file", "more");
	cr_expect_eq(said.status, GT_EXIT_USAGE);
	cr_expect_str_eq(said.err, "gtrace: one trace at a time, please: 'more' is too much\n"
				   "Try 'gtrace text --help'.\n");
}

/* A terminal, or -1 where there are none. */
static int terminal(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);

	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
		return -1;
	return open(ptsname(master), O_RDWR | O_NOCTTY);
}

Test(cli, a_terminal_is_no_trace)
{
	int tty = terminal();

	if (tty < 0)
		cr_skip_test("no terminals here");
	cr_assert_eq(dup2(tty, STDIN_FILENO), STDIN_FILENO);
	input_of(NULL, NULL);
	cr_expect_eq(said.status, GT_EXIT_USAGE);
	cr_expect_str_eq(said.err, "gtrace: no trace given, and standard input is a terminal\n"
				   "Try 'gtrace text --help'.\n");
	input_of("file", NULL);
	cr_expect_str_eq(said.out, "file");
}

Test(cli, colour_is_for_terminals_that_want_it)
{
	FILE *file = tmpfile();
	FILE *tty = fdopen(terminal(), "w");

	if (tty == NULL)
		cr_skip_test("no terminals here");
	unsetenv("NO_COLOR");
	setenv("TERM", "xterm", 1);
	cr_expect(gt_cli_colour(tty));
	cr_expect_not(gt_cli_colour(file));
	setenv("NO_COLOR", "", 1);
	cr_expect(gt_cli_colour(tty), "empty means unset");
	setenv("NO_COLOR", "1", 1);
	cr_expect_not(gt_cli_colour(tty));
	unsetenv("NO_COLOR");
	setenv("TERM", "dumb", 1);
	cr_expect_not(gt_cli_colour(tty));
	unsetenv("TERM");
	cr_expect_not(gt_cli_colour(tty));
	fclose(tty);
	fclose(file);
}

Test(cli, standard_output_is_the_default)
{
	cr_expect_eq(gt_cli_open(NULL), stdout);
	cr_expect_eq(gt_cli_open("-"), stdout);
}

static int open_only(void *path)
{
	gt_cli_open(path);
	return 0;
}

Test(cli, a_file_that_cannot_be_written)
{
	char words[128];

	gt_capture(open_only, "/nonexistent/out", &said);
	cr_expect_eq(said.status, GT_EXIT_BROKEN);
	snprintf(words, sizeof(words), "gtrace: /nonexistent/out: %s\n", strerror(ENOENT));
	cr_expect_str_eq(said.err, words);
}

static int write_and_close(void *path)
{
	FILE *file = gt_cli_open(path);

	fputs("text", file);
	return gt_cli_close(file, path) ? 0 : 50;
}

Test(cli, what_was_written_arrives)
{
	char path[] = "/tmp/gtrace-test-XXXXXX";
	char text[8] = "";
	int fd = mkstemp(path);

	cr_assert(fd >= 0);
	gt_capture(write_and_close, path, &said);
	unlink(path);
	cr_expect(said.status == 0 && said.err[0] == '\0');
	cr_expect_eq(read(fd, text, sizeof(text)), 4);
	cr_expect_str_eq(text, "text");
	close(fd);
}

Test(cli, what_does_not_arrive_is_complained_about)
{
	char words[128];

	gt_capture(write_and_close, "/dev/full", &said);
	cr_expect_eq(said.status, 50);
	snprintf(words, sizeof(words), "gtrace: /dev/full: %s\n", strerror(ENOSPC));
	cr_expect_str_eq(said.err, words);
}

/* Writes to a standard output that is full, or to a pipe that nobody reads. */
static int write_in_vain(void *full)
{
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	if (pipe(ends) != 0)
		return 51;
	close(ends[0]);
	dup2(full != NULL ? open("/dev/full", O_WRONLY) : ends[1], STDOUT_FILENO);
	return write_and_close(NULL);
}

Test(cli, a_reader_that_went_away_is_no_reason_to_complain)
{
	char words[128];

	gt_capture(write_in_vain, NULL, &said);
	cr_expect(said.status == 0 && said.err[0] == '\0', "%d %s", said.status, said.err);
	gt_capture(write_in_vain, "full", &said);
	cr_expect_eq(said.status, 50);
	snprintf(words, sizeof(words), "gtrace: standard output: %s\n", strerror(ENOSPC));
	cr_expect_str_eq(said.err, words);
}
