/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Spellings of Go's texts, down to the byte. What was printed by Go itself is compared by test/oracle.
 */
#include "decoder/text_go.h"

#include "test/lib/builder.h"

#include <criterion/criterion.h>
#include <string.h>

static void quotes(const char *bytes, size_t len, const char *expected)
{
	struct gt_out out;

	gt_out_open(&out, -1);
	gt_out_quoted(&out, bytes, len);
	gt_out_char(&out, '\0');
	cr_expect_str_eq(out.buf, expected);
	gt_out_close(&out);
}

Test(text_go, string_literals)
{
	quotes("", 0, "\"\"");
	quotes("a\"\\\n\t\x01\x7f", 7, "\"a\\\"\\\\\\n\\t\\x01\\x7f\"");
	quotes("\xc3\xa9", 2, "\"\xc3\xa9\"");
	quotes("\xc3", 1, "\"\\xc3\"");
	quotes("\xc2\xad", 2, "\"\\u00ad\"");
	quotes("\xf0\x9f\x98\x80", 4, "\"\xf0\x9f\x98\x80\"");
	quotes("\xf3\xa0\x80\x81", 4, "\"\\U000e0001\"");
	quotes("\xed\xa0\x80", 3, "\"\\xed\\xa0\\x80\"");
}

Test(text_go, numbers)
{
	struct gt_out out;

	gt_out_open(&out, -1);
	gt_out_i64(&out, INT64_MIN);
	gt_out_char(&out, ' ');
	gt_out_u64(&out, UINT64_MAX);
	gt_out_char(&out, ' ');
	gt_out_hex(&out, 0xdeadbeef);
	gt_out_char(&out, '\0');
	cr_expect_str_eq(out.buf, "-9223372036854775808 18446744073709551615 deadbeef");
	gt_out_close(&out);
}

Test(text_go, a_transition)
{
	struct gt_trace_event ev = {.kind = GT_KIND_TRANSITION,
				    .type = GT_EV_GoStart,
				    .time = 5,
				    .m = 1,
				    .p = 2,
				    .g = -1};
	struct gt_out out;

	ev.resource = GT_RES_GO;
	ev.id = 7;
	ev.from = GT_GO_RUNNABLE;
	ev.to = GT_GO_RUNNING;
	ev.text[0] = ev.text[1] = &gt_string_empty;
	gt_out_open(&out, -1);
	gt_text_go(&out, &ev);
	gt_out_char(&out, '\0');
	cr_expect_str_eq(
		out.buf,
		"M=1 P=2 G=-1 StateTransition Time=5 Resource=Goroutine(7) Reason=\"\" GoID=7 "
		"Runnable->Running\n");
	gt_out_close(&out);
}

Test(text_go, raw_records_and_what_is_cut_off)
{
	struct gt_builder b = {0};
	struct gt_error err;
	struct gt_out out;

	gt_build_header(&b, 23);
	gt_build_frequency(&b, 1, 15);
	gt_build_byte(&b, GT_EV_GoStart);
	gt_build_byte(&b, 1);
	gt_out_open(&out, -1);
	cr_expect_eq(gt_text_wire(gt_build_path(&b), &out, &err), -1);
	cr_expect_eq(err.code, GT_ERR_TRUNCATED);
	gt_out_char(&out, '\0');
	cr_expect_str_eq(
		out.buf,
		"EventBatch gen=1 m=18446744073709551615 time=0 size=2\nFrequency freq=15\n");
	gt_out_close(&out);
	gt_build_free(&b);
}
