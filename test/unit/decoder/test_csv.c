/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fields of CSV: quotes where RFC 4180 wants them, and no byte that it does not allow.
 */
#include "decoder/csv.h"

#include "test/lib/text.h"

#include <criterion/criterion.h>

static void field(const char *bytes, size_t len, const char *expected)
{
	struct gt_out out;

	gt_out_open(&out, -1);
	gt_csv_text(&out, bytes, len);
	gt_expect_text(&out, expected);
}

#define FIELD(bytes, expected) field(bytes, sizeof(bytes) - 1, expected)

Test(csv, plain_texts_are_plain)
{
	FIELD("", "");
	FIELD("sync.(*Cond).Wait", "sync.(*Cond).Wait");
	FIELD("two words", "two words");
	FIELD("a\tb", "a\tb");
	FIELD("\xc3\xa4", "\xc3\xa4");
}

Test(csv, what_would_end_a_field_is_quoted)
{
	FIELD("a,b", "\"a,b\"");
	FIELD("a\nb", "\"a\nb\"");
	FIELD("a\rb", "\"a\rb\"");
	FIELD("say \"hi\"", "\"say \"\"hi\"\"\"");
	FIELD(" x", "\" x\"");
	FIELD("x ", "\"x \"");
}

Test(csv, what_is_no_text_is_replaced)
{
	FIELD("a\033[31m", "a\xef\xbf\xbd[31m");
	FIELD("\0", "\xef\xbf\xbd");
	FIELD("\xff", "\xef\xbf\xbd");
	FIELD("\xc2\x9b", "\xef\xbf\xbd");
}
