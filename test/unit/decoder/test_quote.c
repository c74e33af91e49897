/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * String literals as Go's strconv.Quote writes them.
 */
#include "decoder/out.h"

#include "test/lib/text.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void quotes_bytes(const char *bytes, size_t len, const char *expected)
{
	struct gt_out out;

	gt_out_open(&out, -1);
	gt_out_quoted(&out, bytes, len);
	gt_expect_text(&out, expected);
}

static void quotes(const char *text, const char *expected)
{
	quotes_bytes(text, strlen(text), expected);
}

/* Every single byte of the text is escaped. */
static void is_no_utf8(const char *text)
{
	char expected[64] = "\"";
	size_t len = 1;

	for (const char *p = text; *p != '\0'; p++)
		len += (size_t)snprintf(expected + len, sizeof(expected) - len, "\\x%02x", (unsigned)(unsigned char)*p);
	snprintf(expected + len, sizeof(expected) - len, "\"");
	quotes(text, expected);
}

Test(quote, plain_text)
{
	quotes("", "\"\"");
	quotes("sync.(*Cond).Wait 'x' $`~", "\"sync.(*Cond).Wait 'x' $`~\"");
}

Test(quote, what_would_end_the_literal)
{
	quotes("a\"b\\c", "\"a\\\"b\\\\c\"");
}

Test(quote, control_characters)
{
	quotes_bytes("\0\1\x1f\x7f", 4, "\"\\x00\\x01\\x1f\\x7f\"");
	quotes("\a\b\t\n\v\f\r", "\"\\a\\b\\t\\n\\v\\f\\r\"");
	quotes("\x0e\x1b", "\"\\x0e\\x1b\"");
}

Test(quote, characters_that_show)
{
	quotes("\xc3\xa9", "\"\xc3\xa9\"");
	quotes("\xe2\x82\xac", "\"\xe2\x82\xac\"");
	quotes("\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\"");
	quotes("\xef\xbf\xbd", "\"\xef\xbf\xbd\"");
}

Test(quote, characters_that_do_not_show)
{
	quotes("\xc2\x80", "\"\\u0080\"");
	quotes("\xc2\xa0", "\"\\u00a0\"");
	quotes("\xc2\xad", "\"\\u00ad\"");
	quotes("\xe2\x80\xa8", "\"\\u2028\"");
	quotes("\xe3\x80\x80", "\"\\u3000\"");
	quotes("\xee\x80\x80", "\"\\ue000\"");
	quotes("\xef\xbb\xbf", "\"\\ufeff\"");
	quotes("\xef\xbf\xbf", "\"\\uffff\"");
	quotes("\xf3\xa0\x80\x81", "\"\\U000e0001\"");
	quotes("\xf4\x8f\xbf\xbf", "\"\\U0010ffff\"");
}

Test(quote, the_edges_of_what_shows)
{
	quotes("\xc2\xa1\xc2\xac\xc2\xae", "\"\xc2\xa1\xc2\xac\xc2\xae\"");
	quotes("\xcd\xb7\xcd\xb8\xcd\xb9\xcd\xba", "\"\xcd\xb7\\u0378\\u0379\xcd\xba\"");
	quotes("\xce\x8b\xce\x8c\xce\x8d", "\"\\u038b\xce\x8c\\u038d\"");
}

Test(quote, bytes_that_begin_nothing)
{
	is_no_utf8("\x80");
	is_no_utf8("\xbf");
	is_no_utf8("\xf8\x88\x80\x80\x80");
	is_no_utf8("\xfe\xff");
}

Test(quote, characters_that_are_cut_off)
{
	is_no_utf8("\xc3");
	is_no_utf8("\xe2\x82");
	is_no_utf8("\xf0\x9f\x98");
	quotes("\xe2\x28\xa1", "\"\\xe2(\\xa1\"");
	quotes("\xc3\xc3\xa9", "\"\\xc3\xc3\xa9\"");
	quotes("\xf0\x9f\x98x", "\"\\xf0\\x9f\\x98x\"");
}

Test(quote, the_length_counts_and_not_what_follows)
{
	quotes_bytes("\xc3\xa9", 1, "\"\\xc3\"");
	quotes_bytes("ab", 1, "\"a\"");
}

Test(quote, characters_that_are_longer_than_needed)
{
	is_no_utf8("\xc0\x80");
	is_no_utf8("\xc1\xbf");
	is_no_utf8("\xe0\x9f\xbf");
	is_no_utf8("\xf0\x8f\xbf\xbf");
}

Test(quote, numbers_that_are_no_characters)
{
	is_no_utf8("\xed\xa0\x80");
	is_no_utf8("\xed\xbf\xbf");
	is_no_utf8("\xf4\x90\x80\x80");
	is_no_utf8("\xf7\xbf\xbf\xbf");
}

/* Eight bytes are looked at together: each one at each place among them is what it is alone. */
Test(quote, a_byte_is_the_same_wherever_it_stands)
{
	for (int c = 0; c < 0x80; c++) {
		char alone = (char)c;
		struct gt_out one;

		gt_out_open(&one, -1);
		gt_out_quoted(&one, &alone, 1);
		for (int at = 0; at < 17; at++) {
			char text[18], expected[64];
			int neighbour = c % 2 == 0 ? '!' : '~';

			memset(text, neighbour, sizeof(text));
			text[at] = alone;
			memset(expected, neighbour, sizeof(expected));
			expected[0] = '"';
			memcpy(expected + 1 + at, one.buf + 1, one.len - 2);
			memcpy(expected + sizeof(text) + one.len - 2, "\"", 2);
			quotes_bytes(text, sizeof(text), expected);
		}
		gt_out_close(&one);
	}
}
