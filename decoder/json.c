/* SPDX-License-Identifier: BSD-3-Clause */
#include "json.h"

#include <string.h>

static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

/* The length that a first byte announces; 0: it cannot be one. */
static size_t announced(uint8_t first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

size_t gt_utf8_next(const char *p, size_t len, uint32_t *c)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = announced((uint8_t)p[0]);

	*c = 0xfffd;
	if (n == 0 || n > len)
		return 1;
	if (n == 1) {
		*c = (uint8_t)p[0];
		return 1;
	}
	uint32_t v = (uint8_t)p[0] & (0x7fu >> n);

	for (size_t i = 1; i < n; i++) {
		if (((uint8_t)p[i] & 0xc0) != 0x80)
			return 1;
		v = v << 6 | ((uint8_t)p[i] & 0x3f);
	}
	if (v < least[n] || v > 0x10ffff || (v >= 0xd800 && v < 0xe000))
		return 1;
	*c = v;
	return n;
}

void gt_json_start(struct gt_json *json, struct gt_out *out)
{
	json->out = out;
	json->more = false;
}

static void escape(struct gt_out *out, uint32_t c)
{
	gt_out_str(out, "\\u");
	for (int shift = 12; shift >= 0; shift -= 4)
		gt_out_char(out, "0123456789abcdef"[c >> shift & 15]);
}

static void character(struct gt_out *out, uint32_t c, const char *p, size_t n)
{
	static const char letters[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};

	if (c == '"' || c == '\\') {
		gt_out_char(out, '\\');
		gt_out_char(out, (char)c);
	} else if (c < sizeof(letters) && letters[c] != 0) {
		gt_out_char(out, '\\');
		gt_out_char(out, letters[c]);
	} else if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029) {
		escape(out, c);
	} else if (c == 0xfffd) {
		gt_out_str(out, replacement);
	} else {
		gt_out_bytes(out, p, n);
	}
}

static void quoted(struct gt_out *out, const char *p, size_t len)
{
	gt_out_char(out, '"');
	while (len > 0) {
		uint32_t c;
		size_t n = gt_utf8_next(p, len, &c);

		character(out, c, p, n);
		p += n;
		len -= n;
	}
	gt_out_char(out, '"');
}

/* What stands before a value. Names are our own: nothing in them needs an escape. */
static void begin(struct gt_json *json, const char *name)
{
	if (json->more)
		gt_out_char(json->out, ',');
	json->more = true;
	if (name == NULL)
		return;
	gt_out_char(json->out, '"');
	gt_out_str(json->out, name);
	gt_out_str(json->out, "\":");
}

void gt_json_open(struct gt_json *json, const char *name, char bracket)
{
	begin(json, name);
	gt_out_char(json->out, bracket);
	json->more = false;
}

void gt_json_close(struct gt_json *json, char bracket)
{
	gt_out_char(json->out, bracket);
	json->more = true;
}

void gt_json_text(struct gt_json *json, const char *name, const char *bytes, size_t len)
{
	begin(json, name);
	quoted(json->out, bytes, len);
}

void gt_json_str(struct gt_json *json, const char *name, const char *text)
{
	gt_json_text(json, name, text, strlen(text));
}

void gt_json_u64(struct gt_json *json, const char *name, uint64_t v)
{
	begin(json, name);
	gt_out_u64(json->out, v);
}

void gt_json_i64(struct gt_json *json, const char *name, int64_t v)
{
	begin(json, name);
	gt_out_i64(json->out, v);
}

void gt_json_null(struct gt_json *json, const char *name)
{
	begin(json, name);
	gt_out_str(json->out, "null");
}
