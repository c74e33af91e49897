/* SPDX-License-Identifier: BSD-3-Clause */
/* Eight digits at a time, as the bytes of one word. Little-endian. */
#include "digits.h"

#define EACH_BYTE UINT64_C(0x0101010101010101)

/*
 * The digits of a number below 10^8, the first one in the lowest byte. Halves of four digits, then of two, then of
 * one lie side by side; the factors are reciprocals that are exact for so few digits.
 */
static inline uint64_t eight(uint64_t v)
{
	uint64_t fours = v / 10000 | v % 10000 << 32;
	uint64_t tops = fours * 10486 >> 20 & 0x0000007f0000007fu;
	uint64_t twos = tops | (fours - tops * 100) << 16;
	uint64_t tens = twos * 103 >> 10 & 0x000f000f000f000fu;

	return tens | (twos - tens * 10) << 8;
}

/* How many digits a number has that is not 0: so many, even before they are known. */
static int count(uint64_t v)
{
	static const uint64_t power[] = {
#define TEN(zeros) UINT64_C(1##zeros)
		0,
		TEN(0),
		TEN(00),
		TEN(000),
		TEN(0000),
		TEN(00000),
		TEN(000000),
		TEN(0000000),
		TEN(00000000),
		TEN(000000000),
		TEN(0000000000),
		TEN(00000000000),
		TEN(000000000000),
		TEN(0000000000000),
		TEN(00000000000000),
		TEN(000000000000000),
		TEN(0000000000000000),
		TEN(00000000000000000),
		TEN(000000000000000000),
		TEN(0000000000000000000),
	};
	/* 1233 / 4096 is a little more than log10(2). */
	int n = (64 - __builtin_clzll(v)) * 1233 >> 12;

	return n + (v >= power[n]);
}

static void store(char *p, uint64_t digits, int skip)
{
	digits = (digits | '0' * EACH_BYTE) >> 8 * skip;
	memcpy(p, &digits, sizeof(digits));
}

char *gt_digits_eight(char *p, uint64_t v)
{
	store(p, eight(v % GT_DIGITS_EIGHT), 0);
	return p + 8;
}

/* All pairs of digits, in their order. */
static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
			    "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
			    "8081828384858687888990919293949596979899";

static char *few(char *p, uint32_t v)
{
	if (v >= 100) {
		*p++ = (char)('0' + v / 100);
		v %= 100;
	}
	memcpy(p, pairs + (size_t)v * 2, 2);
	return p + 2;
}

char *gt_digits_six(char *p, uint32_t v)
{
	uint64_t digits = eight(v) >> 16;
	int zeros = digits != 0 ? __builtin_ctzll(digits) / 8 : 5;

	/* A blank is a zero with another bit. */
	digits = (digits | '0' * EACH_BYTE) ^ ((' ' ^ '0') * EACH_BYTE & ((UINT64_C(1) << 8 * zeros) - 1));
	memcpy(p, &digits, sizeof(digits));
	return p + 6;
}

char *gt_digits_many(char *p, uint64_t v)
{
	int n;
	char *end;

	if (v >= 10 && v < 1000)
		return few(p, (uint32_t)v);
	n = count(v | 1);
	end = p + n;

	if (v < GT_DIGITS_EIGHT) {
		store(p, eight(v), 8 - n);
		return end;
	}
	/* What stands before the last eight digits may overwrite them, so it comes first. */
	if (n <= 16)
		store(p, eight(v / GT_DIGITS_EIGHT), 16 - n);
	else
		gt_digits_many(p, v / GT_DIGITS_EIGHT);
	return gt_digits_eight(end - 8, v);
}

/* The eight digits of half a number, the first one in the lowest byte. */
static inline uint64_t hex_eight(uint32_t half)
{
	uint64_t v = half;

	v = (v | v << 16) & 0x0000ffff0000ffffu;
	v = (v | v << 8) & 0x00ff00ff00ff00ffu;
	v = __builtin_bswap64((v | v << 4) & 0x0f * EACH_BYTE);
	/* Six more than a digit of ten and above has a fifth bit. */
	return v + '0' * EACH_BYTE + ((v + 6 * EACH_BYTE) >> 4 & EACH_BYTE) * ('a' - '0' - 10);
}

char *gt_digits_hex(char *p, uint64_t v)
{
	int zeros = __builtin_clzll(v | 1) / 4;
	uint64_t digits[2] = {hex_eight((uint32_t)(v >> 32)), hex_eight((uint32_t)v)};

	memcpy(p, (char *)digits + zeros, sizeof(digits) - (size_t)zeros);
	return p + sizeof(digits) - zeros;
}
