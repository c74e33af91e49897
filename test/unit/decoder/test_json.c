/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * JSON: commas, escapes, and UTF-8 whatever the bytes were.
 */
#include "decoder/json.h"

#include "test/lib/text.h"

#include <criterion/criterion.h>
#include <string.h>

static struct gt_out out;
static struct gt_json json;

static void set_up(void)
{
	gt_out_open(&out, -1);
	gt_json_start(&json, &out);
}

TestSuite(json, .init = set_up);

Test(json, commas_stand_between_values_only)
{
	gt_json_open(&json, NULL, '{');
	gt_json_u64(&json, "a", UINT64_MAX);
	gt_json_open(&json, "b", '[');
	gt_json_close(&json, ']');
	gt_json_open(&json, "c", '[');
	gt_json_i64(&json, NULL, -1);
	gt_json_null(&json, NULL);
	gt_json_open(&json, NULL, '{');
	gt_json_str(&json, "d", "");
	gt_json_close(&json, '}');
	gt_json_close(&json, ']');
	gt_json_null(&json, "e");
	gt_json_close(&json, '}');
	gt_expect_text(&out, "{\"a\":18446744073709551615,\"b\":[],\"c\":[-1,null,{\"d\":\"\"}],\"e\":null}");
}

static void quoted(const char *bytes, size_t len, const char *expected)
{
	set_up();
	gt_json_text(&json, NULL, bytes, len);
	gt_expect_text(&out, expected);
}

#define QUOTED(bytes, expected) quoted(bytes, sizeof(bytes) - 1, expected)

Test(json, what_must_be_escaped_is)
{
	QUOTED("a\"b\\c/d", "\"a\\\"b\\\\c/d\"");
	QUOTED("\b\t\n\f\r", "\"\\b\\t\\n\\f\\r\"");
	QUOTED("\0\x01\x1f\x7f", "\"\\u0000\\u0001\\u001f\\u007f\"");
	QUOTED("\xc2\x9b"
	       "31m",
	       "\"\\u009b31m\"");
	QUOTED("\xe2\x80\xa8\xe2\x80\xa9", "\"\\u2028\\u2029\"");
}

Test(json, characters_stay_what_they_are)
{
	QUOTED("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\xef\xbf\xbd",
	       "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\xef\xbf\xbd\"");
	QUOTED("\xf4\x8f\xbf\xbf\xed\x9f\xbf\xee\x80\x80", "\"\xf4\x8f\xbf\xbf\xed\x9f\xbf\xee\x80\x80\"");
}

#define FFFD "\xef\xbf\xbd"

Test(json, what_is_no_utf8_is_replaced)
{
	QUOTED("\xff"
	       "a",
	       "\"" FFFD "a\"");
	QUOTED("\x80", "\"" FFFD "\"");
	QUOTED("\xc3", "\"" FFFD "\"");
	QUOTED("\xc3"
	       "a",
	       "\"" FFFD "a\"");
	QUOTED("\xc0\xaf", "\"" FFFD FFFD "\"");
	QUOTED("\xe0\x80\x80", "\"" FFFD FFFD FFFD "\"");
	QUOTED("\xed\xa0\x80", "\"" FFFD FFFD FFFD "\"");
	QUOTED("\xf4\x90\x80\x80", "\"" FFFD FFFD FFFD FFFD "\"");
	QUOTED("\xf0\x9f\x98", "\"" FFFD FFFD FFFD "\"");
}
