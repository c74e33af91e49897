/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * gtrace options: the environment variables that the recorder reads, from the rows of options.def.
 */
#include "cmd.h"

#include "cli.h"
#include "doc.h"

#include <stddef.h>

static const char usage[] = "Usage: gtrace options [--markdown]\n"
			    "List the environment variables that the recorder reads.\n"
			    "\n"
			    "      --markdown  print the list as a Markdown page\n"
			    "  -h, --help      print this\n"
			    "  -V, --version   print the version\n";

enum { OPT_MARKDOWN = GT_CLI_FIRST_LONG };

static const struct option longs[] = {{"markdown", no_argument, NULL, OPT_MARKDOWN}, GT_CLI_LONGS, {0}};
static const struct gt_cli cli = {"options", usage, "hV", longs};

int gt_cmd_options(int argc, char **argv)
{
	bool markdown = false;

	for (int c; (c = gt_cli_next(&cli, argc, argv)) != -1;)
		markdown |= c == OPT_MARKDOWN;
	if (optind < argc)
		gt_cli_usage(&cli, "'%s' is not wanted here", argv[optind]);
	if (markdown)
		gt_doc_options_markdown(stdout);
	else
		gt_doc_options_text(stdout);
	return gt_cli_close(stdout, NULL) ? GT_EXIT_OK : GT_EXIT_BROKEN;
}
