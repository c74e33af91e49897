/* SPDX-License-Identifier: BSD-3-Clause */
/* What lines for people say of events that change no state, and of times that are less than nothing. */
#include "decoder/text_details.h"
#include "decoder/text_people.h"

#include "test/lib/decode.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>

static struct gt_out out;
static struct gt_line line;

static void set_up(void)
{
	gt_out_open(&out, -1);
	line.lives = gt_lives_new();
}

static void tear_down(void)
{
	gt_lives_free((struct gt_lives *)line.lives);
	gt_out_close(&out);
}

TestSuite(text_details, .init = set_up, .fini = tear_down);

static void says(const struct gt_trace_event *ev, void (*put)(struct gt_out *, const struct gt_line *),
		 const char *want)
{
	line.moment.ev = ev;
	out.len = 0;
	put(&out, &line);
	line.moment.ev = NULL; /* it ends with its caller */
	gt_out_char(&out, '\0');
	cr_expect_str_eq(out.buf, want);
}

Test(text_details, a_goroutine_has_its_number_and_its_name)
{
	struct gt_fact_record name = {.number = GT_FACT_ThreadName, .field = {{.u = 7}, {.u = 1}, {.t = {"a\tb", 3}}}};

	gt_lives_fact((struct gt_lives *)line.lives, &name);
	gt_text_goroutine(&out, line.lives, 7);
	gt_out_char(&out, ' ');
	gt_text_goroutine(&out, line.lives, 8);
	gt_out_char(&out, '\0');
	cr_expect_str_eq(out.buf, "G7 a\\tb G8");
}

Test(text_details, a_log_has_its_category_and_its_task)
{
	static const struct gt_string key = GT_TEXT("key"), value = GT_TEXT("some value");
	struct gt_trace_event ev = gt_decode_example(GT_KIND_LOG, GT_EV_UserLog);

	ev.text[0] = &key;
	ev.text[1] = &value;
	ev.task = 9;
	says(&ev, gt_text_details, " key: some value  (task 9)");
	ev.task = 0;
	says(&ev, gt_text_details, " key: some value");
}

Test(text_details, a_metric_has_its_value)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_METRIC, GT_EV_HeapAlloc);

	ev.args[0] = 4711;
	says(&ev, gt_text_details, " 4711");
}

Test(text_details, a_generation_ends_and_may_have_been_stopped)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_SYNC, 0);

	ev.args[0] = ev.args[1] = 2;
	says(&ev, gt_text_sync, "-- end of generation");
	line.stopped = 1500000;
	says(&ev, gt_text_sync, "-- end of generation, in which the process was stopped for 1.50ms");
}

/* The clocks of merged traces may disagree about who was first. */
Test(text_details, a_time_before_the_start_has_its_sign)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_METRIC, GT_EV_HeapAlloc);

	gt_lives_event((struct gt_lives *)line.lives, &ev, &line.moment);
	line.time = -5;
	gt_text_people(&out, &line, NULL);
	cr_expect_eq(memcmp(out.buf, "    -0.000005ms G3/1 ", 21), 0, "%.21s", out.buf);
	line.time = -1234567000000;
	out.len = 0;
	gt_text_people(&out, &line, NULL);
	cr_expect_eq(memcmp(out.buf, "-1234567.000000ms G3/1 ", 23), 0, "%.23s", out.buf);
}
