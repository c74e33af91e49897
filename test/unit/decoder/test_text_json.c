/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Events as JSON objects.
 */
#include "decoder/text_json.h"

#include "test/lib/decode.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>

static struct gt_out out;

static void print(struct gt_trace_event *ev, bool stacks)
{
	struct gt_line line = {.lives = gt_lives_new(), .stacks = stacks, .time = -3};
	struct gt_lives *lives = (struct gt_lives *)line.lives;

	gt_out_open(&out, -1);
	gt_lives_event(lives, ev, &line.moment);
	gt_text_json(&out, &line);
	gt_lives_free(lives);
}

Test(text_json, only_what_there_is)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_METRIC, GT_EV_HeapAlloc);

	ev.gen = 1;
	print(&ev, true);
	gt_expect_text(&out, "{\"time_ns\":-3,\"generation\":1,\"event\":\"HeapAlloc\",\"kind\":\"Metric\",\"tid\":1,"
			     "\"proc\":2,\"goroutine\":3,\"value\":0}");
}

Test(text_json, texts_are_escaped)
{
	static const struct gt_string key = GT_TEXT("a\"\n"), value = GT_TEXT("\xff");
	struct gt_trace_event ev = gt_decode_example(GT_KIND_LOG, GT_EV_UserLog);

	ev.m = ev.p = ev.g = -1;
	ev.text[0] = &key;
	ev.text[1] = &value;
	print(&ev, false);
	gt_expect_text(&out, "{\"time_ns\":-3,\"generation\":0,\"event\":\"UserLog\",\"kind\":\"Log\","
			     "\"text\":\"a\\\"\\n\",\"message\":\"\xef\xbf\xbd\",\"task\":0}");
}

Test(text_json, stacks_are_lists_of_frames)
{
	static const struct gt_string func = GT_TEXT("work"), file = GT_TEXT("/x/app");
	static const struct gt_stack_frame frame = {16, 2, &func, &file};
	static const struct gt_stack_frame *frames[] = {&frame, &frame};
	static const struct gt_stack stack = {1, 2, frames};
	struct gt_trace_event ev = gt_decode_example(GT_KIND_SYNC, 0);

	ev.m = ev.p = ev.g = -1;
	ev.stack = &stack;
	print(&ev, true);
	gt_expect_text(&out, "{\"time_ns\":-3,\"generation\":0,\"event\":\"Sync\",\"kind\":\"Sync\",\"stack\":["
			     "{\"function\":\"work\",\"file\":\"/x/app\",\"line\":2,\"pc\":16},"
			     "{\"function\":\"work\",\"file\":\"/x/app\",\"line\":2,\"pc\":16}]}");
}
