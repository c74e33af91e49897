/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * gtrace text: a trace as text, streaming. For people, or byte for byte as Go's own tool prints it.
 */
#include "cmd.h"

#include "cli.h"
#include "reader.h"
#include "text_go.h"
#include "text_people.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
	"Usage: gtrace text [OPTION]... [FILE]\n"
	"Print a trace, one event a line.\n"
	"\n"
	"      --format=people  for people: times from the first event on, names, durations (default)\n"
	"      --format=go      byte for byte what go tool trace -d=1 prints: parsed events\n"
	"      --format=wire    byte for byte what go tool trace -d=2 prints: raw records\n"
	"      --stacks         with people: where each event happened\n"
	"  -o, --output=FILE    write there\n"
	"  -h, --help           print this\n"
	"  -V, --version        print the version\n"
	"\n"
	"Without FILE, or when it is -, standard input is read.\n"
	"Exit status: 0 success, 1 a broken or unreadable trace (what was sound is printed), 2 wrong usage.\n";

enum format { PEOPLE, GO, WIRE };
enum { OPT_FORMAT = GT_CLI_FIRST_LONG, OPT_STACKS };

static const struct option longs[] = {{"format", required_argument, NULL, OPT_FORMAT},
				      {"stacks", no_argument, NULL, OPT_STACKS},
				      {"output", required_argument, NULL, 'o'},
				      GT_CLI_LONGS,
				      {0}};
static const struct gt_cli cli = {"text", usage, "o:hV", longs};

static enum format parse_format(const char *word)
{
	static const char *const words[] = {"people", "go", "wire"};

	for (int i = 0; i < 3; i++) {
		if (strcmp(word, words[i]) == 0)
			return (enum format)i;
	}
	gt_cli_usage(&cli, "'%s' is no format: people, go or wire", word);
}

static int print_events(const char *path, enum format format, bool stacks, struct gt_out *out, struct gt_error *err)
{
	struct gt_reader *reader = gt_reader_open(path, err);
	struct gt_people *people = gt_people_new(out, stacks);
	struct gt_trace_event ev;
	int more = -1;

	if (reader && format == PEOPLE && people)
		gt_reader_on_fact(reader, gt_people_fact, people);
	while (reader && people && !out->failed && (more = gt_reader_next(reader, &ev)) > 0) {
		if (format == GO)
			gt_text_go(out, &ev);
		else
			gt_people_event(people, &ev);
		gt_out_relax(out);
	}
	gt_people_free(people);
	gt_reader_close(reader);
	return more;
}

int gt_cmd_text(int argc, char **argv)
{
	enum format format = PEOPLE;
	const char *output = NULL, *path;
	bool stacks = false, written;
	char line[GT_ERROR_WORDS + 160];
	struct gt_error err;
	struct gt_out out;
	FILE *file;
	int result;

	for (int c; (c = gt_cli_next(&cli, argc, argv)) != -1;) {
		if (c == OPT_FORMAT)
			format = parse_format(optarg);
		else if (c == 'o')
			output = optarg;
		else
			stacks = true;
	}
	path = gt_cli_input(&cli, argc, argv);
	file = gt_cli_open(output);
	gt_error_clear(&err);
	gt_out_open(&out, fileno(file));
	result = format == WIRE ? gt_text_wire(path, &out, &err) : print_events(path, format, stacks, &out, &err);
	written = gt_out_close(&out);
	if (!written && errno == EPIPE)
		return GT_EXIT_OK;
	if (!written)
		gt_cli_complain("%s: %s", output ? output : "standard output", strerror(errno));
	if (result < 0 && written)
		gt_cli_complain("%s: %s", path, gt_error_line(&err, line, sizeof(line)));
	return gt_cli_close(file, output) && written && result == 0 ? GT_EXIT_OK : GT_EXIT_BROKEN;
}
