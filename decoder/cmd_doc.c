/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * gtrace doc: one generated page of the documentation, as Markdown. For scripts/gen-docs; not listed by --help.
 */
#include "cmd.h"

#include "cli.h"
#include "doc.h"

#include <string.h>

static const char usage[] = "Usage: gtrace doc events|reasons|facts|options|drops|json\n"
			    "Print a page of the documentation as Markdown.\n";

static const struct option longs[] = {GT_CLI_LONGS, {0}};
static const struct gt_cli cli = {"doc", usage, "hV", longs};

static const struct {
	const char *name;
	void (*print)(FILE *out);
} pages[] = {
	{"events", gt_doc_events}, {"reasons", gt_doc_reasons},
	{"facts", gt_doc_facts},   {"options", gt_doc_options_markdown},
	{"drops", gt_doc_drops},   {"json", gt_doc_json},
};

int gt_cmd_doc(int argc, char **argv)
{
	while (gt_cli_next(&cli, argc, argv) != -1)
		;
	if (argc - optind != 1)
		gt_cli_usage(&cli, "name one page");
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		if (strcmp(pages[i].name, argv[optind]) != 0)
			continue;
		pages[i].print(stdout);
		return gt_cli_close(stdout, NULL) ? GT_EXIT_OK : GT_EXIT_BROKEN;
	}
	gt_cli_usage(&cli, "there is no page '%s'", argv[optind]);
}
