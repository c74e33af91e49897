/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What commands share about the files that they read and write, and about memory.
 */
#include "decoder/cli.h"

#include "test/lib/capture.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct option longs[] = {GT_CLI_LONGS, {0}};
static const struct gt_cli cli = {"text", "Usage: gtrace text\n", "hV", longs};

static struct gt_captured said;

/* The words of a command line, up to NULL. */
static int count(char *const *argv)
{
	int n = 0;

	while (argv[n] != NULL)
		n++;
	return n;
}

/* A terminal, or -1 where there are none. */
static int terminal(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);

	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
		return -1;
	return open(ptsname(master), O_RDWR | O_NOCTTY);
}

static int inputs(void *argv)
{
	char *const *paths;
	int n;

	optind = 1;
	paths = gt_cli_inputs(&cli, count(argv), argv, &n);
	for (int i = 0; i < n; i++)
		printf("%s ", paths[i]);
	return 0;
}

static void inputs_of(const char *first, const char *second)
{
	const char *argv[] = {"gtrace", first, second, NULL};

	gt_capture(inputs, argv, &said);
}

Test(cli_files, several_files_and_standard_input_once)
{
	cr_assert_eq(dup2(open("/dev/null", O_RDONLY), STDIN_FILENO), STDIN_FILENO);
	inputs_of("a", "b");
	cr_expect_str_eq(said.out, "a b ");
	inputs_of("a", "-");
	cr_expect_str_eq(said.out, "a - ");
	inputs_of(NULL, NULL);
	cr_expect_str_eq(said.out, "- ");
	inputs_of("-", "-");
	cr_expect_eq(said.status, GT_EXIT_USAGE);
	cr_expect_str_eq(said.err, "gtrace: standard input can be read once only\n"
				   "Try 'gtrace text --help'.\n");
}

Test(cli_files, several_files_and_a_terminal)
{
	int tty = terminal();

	if (tty < 0)
		cr_skip_test("no terminals here");
	cr_assert_eq(dup2(tty, STDIN_FILENO), STDIN_FILENO);
	inputs_of(NULL, NULL);
	cr_expect_eq(said.status, GT_EXIT_USAGE);
	inputs_of("a", "-");
	cr_expect_eq(said.status, GT_EXIT_USAGE);
	inputs_of("a", "b");
	cr_expect_str_eq(said.out, "a b ");
}

Test(cli_files, the_same_file_by_any_name)
{
	char path[] = "/tmp/gtrace-test-XXXXXX", other[64];
	int fd = mkstemp(path);

	cr_assert(fd >= 0);
	snprintf(other, sizeof(other), "/tmp/../%s", path);
	cr_expect(gt_cli_same_file(path, other));
	cr_expect_not(gt_cli_same_file(path, "/dev/null"));
	cr_expect_not(gt_cli_same_file(path, "-"));
	cr_expect_not(gt_cli_same_file("/nonexistent/a", "/nonexistent/a"));
	unlink(path);
	close(fd);
}

static int allocate(void *much)
{
	char *p = gt_cli_alloc(much != NULL ? PTRDIFF_MAX : 1, 1);

	return p[0];
}

Test(cli_files, memory_is_there_or_that_is_the_end)
{
	gt_capture(allocate, NULL, &said);
	cr_expect_eq(said.status, 0);
#ifndef __SANITIZE_ADDRESS__
	gt_capture(allocate, "much", &said);
	cr_expect_eq(said.status, GT_EXIT_BROKEN);
	cr_expect_str_eq(said.err, "gtrace: not enough memory\n");
#endif
}

Test(cli_files, memory_grows_with_what_is_in_it)
{
	char *p = gt_cli_grow(NULL, 0, 1);

	p = gt_cli_grow(p, 4, 1);
	memcpy(p, "abc", 4);
	p = gt_cli_grow(p, 100000, 1);
	cr_expect_str_eq(p, "abc");
	free(p);
}

static char *some_input;

static int output(void *path)
{
	gt_cli_output(&cli, path, &some_input, 1);
	return 0;
}

Test(cli_files, an_input_is_not_written_to)
{
	char path[] = "/tmp/gtrace-test-XXXXXX", words[128];
	int fd = mkstemp(path);

	cr_assert(fd >= 0);
	some_input = path;
	gt_capture(output, path, &said);
	cr_expect_eq(said.status, GT_EXIT_USAGE);
	snprintf(words, sizeof(words), "gtrace: %s is a trace to be read, and would be overwritten\n", path);
	cr_expect_eq(strncmp(said.err, words, strlen(words)), 0, "%s", said.err);
	gt_capture(output, "/tmp/gtrace-another", &said);
	cr_expect_eq(said.status, 0);
	gt_capture(output, NULL, &said);
	cr_expect_eq(said.status, 0);
	unlink(path);
	close(fd);
}

static int output_to_terminal(void *path)
{
	dup2(terminal(), STDOUT_FILENO);
	gt_cli_output(&cli, path, NULL, 0);
	return 0;
}

Test(cli_files, a_trace_is_nothing_for_a_terminal)
{
	if (terminal() < 0)
		cr_skip_test("no terminals here");
	gt_capture(output_to_terminal, NULL, &said);
	cr_expect_eq(said.status, GT_EXIT_USAGE);
	gt_capture(output_to_terminal, "-", &said);
	cr_expect_eq(said.status, GT_EXIT_USAGE);
	gt_capture(output_to_terminal, "file", &said);
	cr_expect_eq(said.status, 0);
}
