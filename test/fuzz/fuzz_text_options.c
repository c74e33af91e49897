/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * libFuzzer target: options of gtrace text, then a trace that is printed in every form as they say. Nothing may crash,
 * leak or hang, and what is printed for programs must be well-formed.
 *
 * Input: lines of a letter and a text up to an empty line (t thread, g goroutine, p proc, e event, r reason, o object,
 * n generation, x expression, f from, u to), then the trace; without an empty line, all of it is a trace.
 */
#include "../../decoder/filter.h"
#include "../../decoder/json.h"
#include "../../decoder/merge.h"
#include "../../decoder/text_json.h"
#include "../../decoder/text_people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take_option(char *line, struct gt_filter *filter, struct gt_window *window)
{
	static const char letters[] = "tgperonx";
	const char *letter = *line != '\0' ? strchr(letters, *line) : NULL;

	/* libc takes any time over expressions with counts and references. */
	if (*line == 'x' && (strlen(line) > 20 || strpbrk(line, "{\\*+") != NULL))
		return;
	if (letter != NULL)
		gt_filter_add(filter, (enum gt_filter_kind)(letter - letters), line + 1);
	else if (*line == 'f' && !gt_when_parse(line + 1, &window->from))
		window->from.kind = GT_WHEN_NONE;
	else if (*line == 'u' && !gt_when_parse(line + 1, &window->to))
		window->to.kind = GT_WHEN_NONE;
}

/* Takes the options at the start; where the trace begins. */
static size_t take_options(const uint8_t *data, size_t size, struct gt_filter *filter, struct gt_window *window)
{
	const uint8_t *end = memmem(data, size, "\n\n", 2);
	char *text, *rest, *line;

	if (end == NULL || end - data > 1000)
		return 0;
	rest = text = strndup((const char *)data, (size_t)(end - data));
	while ((line = strsep(&rest, "\n")) != NULL)
		take_option(line, filter, window);
	free(text);
	return (size_t)(end + 2 - data);
}

/* No byte that would not be UTF-8 or that a line must not hold. */
static void check_bytes(const struct gt_out *out)
{
	uint32_t c;

	for (size_t i = 0, n; i < out->len; i += n) {
		n = gt_utf8_next(out->buf + i, out->len - i, &c);
		if (c < 0x20 || (c == 0xfffd && n == 1))
			__builtin_trap();
	}
}

static void print(struct gt_out *out, const struct gt_line *line, const struct gt_filter *filter)
{
	struct gt_paint paint;

	out->len = 0;
	gt_text_json(out, line);
	check_bytes(out);
	out->len = 0;
	gt_text_csv(out, line);
	out->len = 0;
	gt_paint_start(&paint, out);
	gt_text_people(out, line, &paint);
	gt_filter_line(filter, out->buf, out->len);
	gt_paint_apply(&paint, out);
	gt_text_people_stack(out, line);
}

static void print_all(char *path, const struct gt_filter *filter, const struct gt_window *window)
{
	char *paths[] = {path, path};
	struct gt_merge merge;
	struct gt_out out;

	gt_out_open(&out, -1);
	gt_merge_open(&merge, paths, 2, NULL, NULL, NULL, NULL);
	if (gt_merge_unclocked(&merge) != NULL) {
		gt_merge_close(&merge);
		gt_merge_open(&merge, paths, 1, NULL, NULL, NULL, NULL);
	}
	for (int i; (i = gt_merge_next(&merge)) >= 0;) {
		struct gt_source *s = &merge.source[i];
		struct gt_span span = gt_window_span(window, gt_merge_start_of(&merge, i), &s->anchor);
		struct gt_line line = {.lives = s->lives, .stacks = true, .mode = GT_TIME_WALL, .process = s->label};

		gt_lives_event(s->lives, &s->ev, &line.moment);
		line.time = gt_anchor_wall(&s->anchor, s->ev.time);
		if (s->ev.time >= span.from && s->ev.time <= span.to && gt_filter_event(filter, &line.moment))
			print(&out, &line, filter);
	}
	gt_merge_close(&merge);
	gt_out_close(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gt_window window = {{GT_WHEN_NONE, 0}, {GT_WHEN_NONE, 0}};
	struct gt_filter *filter = gt_filter_new();
	size_t start = take_options(data, size, filter, &window);
	int fd = memfd_create("fuzz", 0);
	char path[32];

	if (fd >= 0 && write(fd, data + start, size - start) == (ssize_t)(size - start)) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		print_all(path, filter, &window);
	}
	close(fd);
	gt_filter_free(filter);
	return 0;
}
