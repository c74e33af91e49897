/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * gtrace symbolize: a trace with the full names of its functions, for those who have it, but not the program. The result is
 * read before it gets its name.
 */
#include "cmd.h"

#include "cli.h"
#include "symbolize.h"
#include "trace.h"

static const char usage[] =
	"Usage: gtrace symbolize [--sysroot=DIR] [-o FILE] [TRACE]\n"
	"Write the same trace with the names that the program's files have for its functions: inlined ones, source files\n"
	"and lines too.\n"
	"\n"
	"      --sysroot=DIR  the program's files are below DIR\n"
	"  -o, --output=FILE  write there; - or nothing is standard output\n"
	"  -h, --help         print this\n"
	"  -V, --version      print the version\n"
	"\n"
	"Without TRACE, or when it is -, standard input is read.\n"
	"Exit status: 0 success, 1 a broken or unreadable trace (what was sound is written), 2 wrong usage.\n";

enum { OPT_SYSROOT = GT_CLI_FIRST_LONG };

static const struct option longs[] = {
	{"sysroot", required_argument, NULL, OPT_SYSROOT}, {"output", required_argument, NULL, 'o'}, GT_CLI_LONGS, {0}};
static const struct gt_cli cli = {"symbolize", usage, "o:hV", longs};

/* Whether all of it went well. What is sound gets its name even when not. */
static bool symbolize(struct gt_input *in, const char *path, int minor, const char *sysroot, struct gt_save *save)
{
	struct gt_symbols *symbols = gt_symbols_new(sysroot);
	struct gt_splice splice;
	struct gt_error damage;
	bool good;

	gt_error_clear(&damage);
	gt_splice_start(&splice, save->fd, minor);
	good = gt_symbolize(in, symbols, &splice, &damage) == 0;
	if (good && splice.generations == 0)
		good = gt_error_set(&damage, GT_ERR_FORMAT, "the trace has no batches") == 0;
	if (!good)
		gt_cli_broken(path, &damage);
	if (splice.generations > 0)
		good = gt_splice_deliver(&splice, path, !good, save) && good;
	gt_splice_free(&splice);
	gt_symbols_free(symbols);
	return good;
}

int gt_cmd_symbolize(int argc, char **argv)
{
	const char *output = NULL, *sysroot = NULL, *path;
	struct gt_error err;
	struct gt_save save;
	struct gt_input in;
	bool good = false;
	int minor;

	for (int c; (c = gt_cli_next(&cli, argc, argv)) != -1;)
		*(c == 'o' ? &output : &sysroot) = optarg;
	path = gt_cli_input(&cli, argc, argv);
	gt_cli_output(&cli, output, (char *const *)&path, 1);
	gt_error_clear(&err);
	if (gt_trace_open(&in, path, &err) == 0) {
		minor = gt_input_header(&in, &err);
		if (minor >= 0) {
			gt_save_open(&save, output);
			gt_save_like(&save, in.fd);
			good = symbolize(&in, path, minor, sysroot, &save);
			gt_save_close(&save);
		}
		gt_input_close(&in);
	}
	if (err.code != GT_ERR_NONE)
		gt_cli_broken(path, &err);
	return good ? GT_EXIT_OK : GT_EXIT_BROKEN;
}
