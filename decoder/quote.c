/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Go string literals: UTF-8 that can be shown stays, everything else becomes an escape; broken UTF-8 is escaped byte
 * by byte.
 */
#include "out.h"

static const struct {
	uint32_t first, last;
} printable[] = {
#define PRINTABLE(first, last) {first, last},
#include "printable.def"
};

static bool shows(uint32_t c)
{
	size_t low = 0, high = sizeof(printable) / sizeof(printable[0]);

	if (c < 0x80)
		return c >= 0x20 && c < 0x7f;
	while (low < high) {
		size_t mid = (low + high) / 2;

		if (c > printable[mid].last)
			low = mid + 1;
		else if (c < printable[mid].first)
			high = mid;
		else
			return true;
	}
	return false;
}

/* Decodes one character of two bytes or more. Its length, or 0 when it is not valid UTF-8. */
static int decode(const uint8_t *p, size_t len, uint32_t *c)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	int n = p[0] >= 0xf0 && p[0] < 0xf8 ? 4 : p[0] >= 0xe0 ? 3 : p[0] >= 0xc0 ? 2 : 0;

	if (n == 0 || p[0] >= 0xf8 || (size_t)n > len)
		return 0;
	*c = p[0] & (0x7f >> n);
	for (int i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (p[i] & 0x3f);
	}
	if (*c < least[n] || *c > 0x10ffff || (*c >= 0xd800 && *c < 0xe000))
		return 0;
	return n;
}

/* The functions below write at `to`, where there is room, and return the byte behind. */

static char *hex(char *to, char kind, uint32_t v, int digits)
{
	*to++ = '\\';
	*to++ = kind;
	while (digits-- > 0)
		*to++ = "0123456789abcdef"[v >> (4 * digits) & 15];
	return to;
}

static char *letter(char *to, char c)
{
	*to++ = '\\';
	*to++ = c;
	return to;
}

/* One byte that does not simply stay. */
static char *low(char *to, uint8_t c)
{
	static const char letters[] = {
		['\a'] = 'a', ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\v'] = 'v', ['\f'] = 'f', ['\r'] = 'r'};

	if (c == '"' || c == '\\')
		return letter(to, (char)c);
	if (c < sizeof(letters) && letters[c] != 0)
		return letter(to, letters[c]);
	return hex(to, 'x', c, 2);
}

/* The character at *p, which does not simply stay; moves *p. */
static char *character(char *to, const uint8_t **p, const uint8_t *end)
{
	uint32_t c = 0;
	int n = **p < 0x80 ? 0 : decode(*p, (size_t)(end - *p), &c);

	if (n == 0)
		return low(to, *(*p)++);
	if (shows(c)) {
		memcpy(to, *p, (size_t)n);
		to += n;
	} else {
		to = hex(to, c < 0x10000 ? 'u' : 'U', c, c < 0x10000 ? 4 : 8);
	}
	*p += n;
	return to;
}

/* Whether all of eight bytes simply stay: none is below 0x20, above 0x7e, a backslash or `also`. */
static inline bool all_stay(uint64_t word, char also)
{
	const uint64_t each = UINT64_C(0x0101010101010101), tops = 0x80 * each;
	uint64_t backslash = word ^ '\\' * each, other = word ^ (uint8_t)also * each;

	/* A borrow or a carry only goes to a byte that others say of that something must be done. */
	return ((word | (word - 0x20 * each) | (word + each) | (backslash - each) | (other - each)) & tops) == 0;
}

/* `also`: a character that needs a backslash, too. */
static void escaped(struct gt_out *out, const void *bytes, size_t len, char also)
{
	/* A byte becomes at most four; a character that begins in one portion ends in it. */
	enum { PORTION = 1024, ROOM = 4 * PORTION + 16 };
	const uint8_t *p = bytes;
	const uint8_t *end = p + len;

	while (p < end) {
		const uint8_t *stop = end - p > PORTION ? p + PORTION : end;
		char *to = gt_out_reserve(out, ROOM);

		if (to == NULL)
			return;
		while (p < stop) {
			uint64_t word;

			if (stop - p >= (ptrdiff_t)sizeof(word)) {
				memcpy(&word, p, sizeof(word));
				memcpy(to, &word, sizeof(word));
				if (all_stay(word, also)) {
					p += sizeof(word);
					to += sizeof(word);
					continue;
				}
			}
			if (*p >= 0x20 && *p < 0x7f && *p != '\\' && *p != (uint8_t)also)
				*to++ = (char)*p++;
			else
				to = character(to, &p, end);
		}
		gt_out_commit(out, to);
	}
}

void gt_out_quoted(struct gt_out *out, const void *bytes, size_t len)
{
	gt_out_char(out, '"');
	escaped(out, bytes, len, '"');
	gt_out_char(out, '"');
}

void gt_out_text(struct gt_out *out, const void *bytes, size_t len)
{
	escaped(out, bytes, len, 0);
}
