/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Events as lines of CSV: as many fields as the header has, whatever is in them.
 */
#include "decoder/text_json.h"

#include "test/lib/decode.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>

static struct gt_out out;

static void print(struct gt_trace_event *ev, bool stacks)
{
	struct gt_line line = {.lives = gt_lives_new(), .stacks = stacks, .time = -3, .process = "a,b[1]", .pid = 1};
	struct gt_lives *lives = (struct gt_lives *)line.lives;

	gt_lives_event(lives, ev, &line.moment);
	gt_text_csv(&out, &line);
	gt_lives_free(lives);
}

static int commas(void)
{
	int n = 0;

	for (size_t i = 0; i < out.len; i++)
		n += out.buf[i] == ',';
	return n;
}

Test(text_csv, the_header_names_the_columns)
{
	int n;

	gt_out_open(&out, -1);
	gt_text_csv_head(&out);
	n = commas();
	gt_out_char(&out, '\0');
	gt_expect_part(out.buf, "process,pid,time_ns,wall,generation,event,kind,tid,");
	gt_expect_part(out.buf, ",value,swept,reclaimed,address,bytes,stack");
	gt_out_close(&out);
	gt_out_open(&out, -1);
	print(
		&(struct gt_trace_event){
			.kind = GT_KIND_SYNC, .m = -1, .p = -1, .g = -1, .text = {&gt_string_empty, &gt_string_empty}},
		false);
	cr_expect_eq(commas(), n + 1, "one is in the name of the process");
	gt_expect_text(&out, "\"a,b[1]\",1,-3,,0,Sync,Sync,,,,,,,,,,,,,,,,,,,,,,,,,,,,");
}

Test(text_csv, a_stack_is_one_field)
{
	static const struct gt_string func = GT_TEXT("work"), file = GT_TEXT("/x/app");
	static const struct gt_stack_frame frame = {16, 2, &func, &file};
	static const struct gt_stack_frame *frames[] = {&frame, &frame};
	static const struct gt_stack stack = {1, 2, frames};
	struct gt_trace_event ev = gt_decode_example(GT_KIND_METRIC, GT_EV_HeapAlloc);

	ev.stack = &stack;
	gt_out_open(&out, -1);
	print(&ev, true);
	gt_expect_text(&out, "\"a,b[1]\",1,-3,,0,HeapAlloc,Metric,1,2,3,,,,,,,,,,,,,,,,,,,,0,,,,,"
			     "\"work /x/app:2\nwork /x/app:2\"");
}
