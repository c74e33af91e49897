/* SPDX-License-Identifier: BSD-3-Clause */
/* Expectations of traces, as what the reader says about them. */
#include "verdict.h"

#include "text.h"

#include "decoder/reader.h"
#include "shim/format/spec.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

void gt_expect(struct gt_builder *b, int events, enum gt_error_code code, const char *part)
{
	struct gt_error err;
	int n = gt_build_verdict(b, &err);

	cr_expect_eq(n, events, "%d events, not %d: %s", n, events, err.words);
	cr_expect_eq(err.code, code, "code %d, not %d: %s", err.code, code, err.words);
	cr_expect(strstr(err.words, part) != NULL, "no '%s' in: %s", part, err.words);
}

void gt_expect_broken(struct gt_builder *b, int events, const char *part)
{
	gt_build_end(b);
	gt_expect(b, events, GT_ERR_ORDER, part);
}

void gt_expect_stuck(struct gt_builder *b, int events, const char *event)
{
	char words[GT_ERROR_WORDS];

	snprintf(words, sizeof(words), "can be next; %s of thread", event);
	gt_expect_broken(b, events, words);
}

void gt_expect_sound(struct gt_builder *b, int events)
{
	gt_build_end(b);
	gt_expect(b, events + 1, GT_ERR_NONE, "");
}

static void holder(struct gt_out *out, int64_t id, char behind)
{
	if (id < 0)
		gt_out_char(out, '-');
	else
		gt_out_i64(out, id);
	gt_out_char(out, behind);
}

static void line(struct gt_out *out, const struct gt_trace_event *ev)
{
	bool go = ev->resource == GT_RES_GO;

	holder(out, ev->m, '/');
	holder(out, ev->p, '/');
	holder(out, ev->g, ' ');
	gt_out_str(out, gt_event_is_timed(ev->type) ? gt_event_spec[ev->type].name : gt_kind_name(ev->kind));
	if (ev->kind == GT_KIND_TRANSITION) {
		gt_out_str(out, go ? " G" : " P");
		gt_out_i64(out, ev->id);
		gt_out_char(out, ' ');
		gt_out_str(out, go ? gt_go_state_name(ev->from) : gt_proc_state_name(ev->from));
		gt_out_char(out, '>');
		gt_out_str(out, go ? gt_go_state_name(ev->to) : gt_proc_state_name(ev->to));
	}
	gt_out_char(out, '\n');
}

void gt_expect_story(struct gt_builder *b, const char *story)
{
	struct gt_error err;
	struct gt_trace_event ev;
	struct gt_reader *reader;
	struct gt_out out;
	size_t sync = 0;

	gt_build_end(b);
	reader = gt_reader_open(gt_build_path(b), &err);
	cr_assert_not_null(reader, "%s", err.words);
	gt_out_open(&out, -1);
	for (int i = 0; gt_reader_next(reader, &ev) > 0; i++) {
		sync = out.len;
		if (i >= 2)
			line(&out, &ev);
	}
	if (err.code == GT_ERR_NONE) {
		out.len = sync;
	} else {
		gt_out_str(&out, "broken: ");
		gt_out_str(&out, err.words);
		gt_out_char(&out, '\n');
	}
	gt_expect_text(&out, story);
	gt_reader_close(reader);
	gt_build_free(b);
}
