/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * gtrace text: traces as text, streaming. For people, for programs, or byte for byte as Go's own tool prints them.
 */
#include "cmd.h"

#include "cli.h"
#include "reader.h"
#include "text.h"
#include "text_go.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
	"Usage: gtrace text [OPTION]... [FILE]...\n"
	"Print traces, one event a line; several are merged by time.\n"
	"\n"
	"      --format=people  for people: times from the first event on, names, durations (default)\n"
	"      --format=go      byte for byte what go tool trace -d=1 prints: parsed events\n"
	"      --format=wire    byte for byte what go tool trace -d=2 prints: raw records\n"
	"      --json, --csv    for programs: an object a line, or a header and fields (also --format=json, csv)\n"
	"      --time=relative  times since the first event (default)\n"
	"      --time=wall      date and time of day\n"
	"      --time=raw       the trace's own clock, in nanoseconds\n"
	"      --stacks         where each event happened\n"
	"      --sysroot=DIR    the files of the program, for full names, are below DIR\n"
	"      --no-symbols     with the names that stand in the trace\n"
	"      --color=WHEN     auto (default: on terminals), always, never\n"
	"  -o, --output=FILE    write there\n"
	"\n"
	"Filters, not with go and wire. All must agree; of the same one, given more than once, any:\n"
	"      --from=TIME      from then on: 20ms, 1.5s after the start, or 2026-01-31T12:34:56.5\n"
	"      --to=TIME        up to then\n"
	"      --thread=WHO     what a thread does and what is done to it: its number or a pattern for its name\n"
	"      --goroutine=N    the same for a goroutine\n"
	"      --proc=N         the same for a slot\n"
	"      --event=NAMES    patterns for names of events, separated by commas: 'GoBlock,Proc*'\n"
	"      --reason=NAME    waits and stops for that reason, a pattern\n"
	"      --object=WHAT    waits for an address, or calls and waits on 'descriptor N'\n"
	"      --generation=N   or N-M\n"
	"      --grep=ERE       the printed line matches\n"
	"\n"
	"  -h, --help           print this\n"
	"  -V, --version        print the version\n"
	"\n"
	"Without FILE, or when it is -, standard input is read.\n"
	"Exit status: 0 success, 1 a broken or unreadable trace (what was sound is printed), 2 wrong usage.\n";

enum {
	OPT_FORMAT = GT_CLI_FIRST_LONG,
	OPT_JSON,
	OPT_CSV,
	OPT_TIME,
	OPT_STACKS,
	OPT_SYSROOT,
	OPT_NO_SYMBOLS,
	OPT_COLOUR,
	OPT_FROM,
	OPT_TO,
	OPT_FILTER, /* + enum gt_filter_kind */
};

static const struct option longs[] = {
	{"format", required_argument, NULL, OPT_FORMAT},
	{"json", no_argument, NULL, OPT_JSON},
	{"csv", no_argument, NULL, OPT_CSV},
	{"time", required_argument, NULL, OPT_TIME},
	{"stacks", no_argument, NULL, OPT_STACKS},
	{"sysroot", required_argument, NULL, OPT_SYSROOT},
	{"no-symbols", no_argument, NULL, OPT_NO_SYMBOLS},
	{"color", required_argument, NULL, OPT_COLOUR},
	{"colour", required_argument, NULL, OPT_COLOUR},
	{"output", required_argument, NULL, 'o'},
	{"from", required_argument, NULL, OPT_FROM},
	{"to", required_argument, NULL, OPT_TO},
	{"thread", required_argument, NULL, OPT_FILTER + GT_FILTER_THREAD},
	{"goroutine", required_argument, NULL, OPT_FILTER + GT_FILTER_GOROUTINE},
	{"proc", required_argument, NULL, OPT_FILTER + GT_FILTER_PROC},
	{"event", required_argument, NULL, OPT_FILTER + GT_FILTER_EVENT},
	{"reason", required_argument, NULL, OPT_FILTER + GT_FILTER_REASON},
	{"object", required_argument, NULL, OPT_FILTER + GT_FILTER_OBJECT},
	{"generation", required_argument, NULL, OPT_FILTER + GT_FILTER_GENERATION},
	{"grep", required_argument, NULL, OPT_FILTER + GT_FILTER_GREP},
	GT_CLI_LONGS,
	{0},
};
static const struct gt_cli cli = {"text", usage, "o:hV", longs};

enum colour { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

struct command_line {
	struct gt_text_options text;
	int colour;
	bool no_symbols;
	const char *sysroot, *output;
	const char *view; /* an option that go and wire do not have */
};

/* The place of `word` in a list of words that ends with NULL. */
static int choose(const char *what, const char *const *words, const char *word)
{
	for (int i = 0; words[i] != NULL; i++) {
		if (strcmp(word, words[i]) == 0)
			return i;
	}
	gt_cli_usage(&cli, "'%s' is no %s", word, what);
}

static void take_option(struct command_line *line, int c)
{
	static const char *const formats[] = {"people", "json", "csv", "go", "wire", NULL};
	static const char *const times[] = {"relative", "wall", "raw", NULL};
	static const char *const colours[] = {"auto", "always", "never", NULL};
	const char *complaint;

	switch (c) {
	case OPT_FORMAT:
		line->text.format = (enum gt_text_format)choose("format", formats, optarg);
		return;
	case OPT_JSON:
	case OPT_CSV:
		line->text.format = c == OPT_JSON ? GT_TEXT_JSON : GT_TEXT_CSV;
		return;
	case OPT_TIME:
		line->text.time = (enum gt_time_mode)choose("kind of time", times, optarg);
		break;
	case OPT_STACKS:
		line->text.stacks = true;
		return;
	case OPT_SYSROOT:
		line->sysroot = optarg;
		return;
	case OPT_NO_SYMBOLS:
		line->no_symbols = true;
		return;
	case OPT_COLOUR:
		line->colour = choose("choice of colour", colours, optarg);
		return;
	case OPT_FROM:
	case OPT_TO:
		gt_cli_moment(&cli, optarg, c == OPT_FROM ? &line->text.window.from : &line->text.window.to);
		break;
	case 'o':
		line->output = optarg;
		return;
	default:
		complaint = gt_filter_add(line->text.filter, (enum gt_filter_kind)(c - OPT_FILTER), optarg);
		if (complaint != NULL)
			gt_cli_usage(&cli, "'%s': %s", optarg, complaint);
	}
	line->view = "--time and filters";
}

static void check(const struct command_line *line, char *const *paths, int n)
{
	bool as_go = line->text.format == GT_TEXT_GO || line->text.format == GT_TEXT_WIRE;

	if (as_go && line->view != NULL)
		gt_cli_usage(&cli, "%s do not go with --format=go and wire, which print what Go prints", line->view);
	if (as_go && n > 1)
		gt_cli_usage(&cli, "one trace at a time, please, with --format=go and wire: '%s' is too much",
			     paths[1]);
	gt_cli_spare(&cli, line->output, paths, n);
}

/* Prints the next event. What gt_reader_next() says. */
static int print_next(struct gt_reader *reader, struct gt_text_memo *memo, struct gt_out *out)
{
	const struct gt_placed_event *placed;
	struct gt_trace_event ev;
	int more = gt_reader_find(reader, &placed);

	if (more > 0 && gt_text_go_knows(memo, placed)) {
		gt_text_go_again(out, gt_reader_pass(reader), memo);
		return more;
	}
	if (more > 0)
		more = gt_reader_tell(reader, &ev);
	if (more > 0)
		gt_text_go_next(out, &ev, memo);
	return more;
}

static int print_as_go(const char *path, struct gt_out *out)
{
	struct gt_text_memo memo = {0};
	struct gt_reader *reader;
	struct gt_error err;
	int more = -1;

	reader = gt_reader_open(path, &err);
	if (reader != NULL) {
		memo.version = gt_reader_version(reader);
		gt_reader_no_facts(reader);
	}
	while (reader != NULL && !out->failed && (more = print_next(reader, &memo, out)) > 0)
		gt_out_relax(out);
	gt_text_go_end(&memo);
	gt_reader_close(reader);
	if (gt_out_flush(out) && more < 0)
		gt_cli_broken(path, &err);
	return more;
}

static int print_wire(const char *path, struct gt_out *out)
{
	struct gt_error err;
	int result = gt_text_wire(path, out, &err);

	if (gt_out_flush(out) && result < 0)
		gt_cli_broken(path, &err);
	return result;
}

static int print(const struct command_line *line, char *const *paths, int n, struct gt_out *out)
{
	if (line->text.format == GT_TEXT_WIRE)
		return print_wire(paths[0], out);
	if (line->text.format == GT_TEXT_GO)
		return print_as_go(paths[0], out);
	return gt_text_print(paths, n, &line->text, out);
}

int gt_cmd_text(int argc, char **argv)
{
	struct command_line line = {.text.filter = gt_filter_new()};
	char *const *paths;
	struct gt_out out;
	bool written;
	FILE *file;
	int result, n;

	for (int c; (c = gt_cli_next(&cli, argc, argv)) != -1;)
		take_option(&line, c);
	paths = gt_cli_inputs(&cli, argc, argv, &n);
	check(&line, paths, n);
	file = gt_cli_open(line.output);
	line.text.colour = line.text.format == GT_TEXT_PEOPLE &&
			   (line.colour == COLOUR_ALWAYS || (line.colour == COLOUR_AUTO && gt_cli_colour(file)));
	line.text.symbols = line.no_symbols ? NULL : gt_symbols_new(line.sysroot);
	gt_out_open(&out, fileno(file));
	result = print(&line, paths, n, &out);
	gt_filter_free(line.text.filter);
	gt_symbols_free(line.text.symbols);
	written = gt_out_close(&out);
	if (!written && errno == EPIPE)
		return GT_EXIT_OK;
	if (!written)
		gt_cli_complain("%s: %s", line.output ? line.output : "standard output", strerror(errno));
	return gt_cli_close(file, line.output) && written && result == 0 ? GT_EXIT_OK : GT_EXIT_BROKEN;
}
