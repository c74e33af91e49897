/* SPDX-License-Identifier: BSD-3-Clause */
/* Comparisons of texts that say what was there instead. */
#include "text.h"

#include <criterion/criterion.h>
#include <string.h>

void gt_expect_text(struct gt_out *out, const char *expected)
{
	gt_out_char(out, '\0');
	cr_assert_not(out->failed);
	cr_expect_str_eq(out->buf, expected, "the text is:\n%s\nand not:\n%s", out->buf, expected);
	gt_out_close(out);
}

void gt_expect_part(const char *text, const char *part)
{
	cr_expect(strstr(text, part) != NULL, "no '%s' in: %s", part, text);
}

void gt_expect_string(const struct gt_string *string, const char *expected)
{
	cr_assert_not_null(string, "no string where '%s' should be", expected);
	cr_expect(string->len == strlen(expected) && memcmp(string->bytes, expected, string->len) == 0,
		  "'%.*s', not '%s'", (int)string->len, string->bytes, expected);
}
