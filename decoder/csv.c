/* SPDX-License-Identifier: BSD-3-Clause */
#include "csv.h"

#include "json.h"

#include <string.h>

static bool needs_quotes(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] != '\0' && strchr(",\"\r\n", bytes[i]) != NULL)
			return true;
	}
	/* Blanks at the ends are kept by the RFC, but not by everybody who reads. */
	return len > 0 && (bytes[0] == ' ' || bytes[len - 1] == ' ');
}

static bool is_control(uint32_t c)
{
	return (c < 0x20 && c != '\t' && c != '\r' && c != '\n') || (c >= 0x7f && c < 0xa0);
}

void gt_csv_text(struct gt_out *out, const char *bytes, size_t len)
{
	bool quotes = needs_quotes(bytes, len);

	if (quotes)
		gt_out_char(out, '"');
	while (len > 0) {
		uint32_t c;
		size_t n = gt_utf8_next(bytes, len, &c);

		if (c == 0xfffd || is_control(c))
			gt_out_str(out, "\xef\xbf\xbd");
		else
			gt_out_bytes(out, bytes, n);
		if (c == '"')
			gt_out_char(out, '"');
		bytes += n;
		len -= n;
	}
	if (quotes)
		gt_out_char(out, '"');
}
