/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The functions of <string.h> that our code and the compiler use, for this library alone: somebody may have put their
 * own in front of libc's (sanitizers, checkers), which count on being started before they are called. Nothing on
 * the hot path is here; small is what matters.
 *
 * Compiled so that no loop is recognised as what it implements.
 */
#include <stddef.h>
#include <string.h>
#include <strings.h>

#pragma GCC visibility push(hidden)

void *memcpy(void *to, const void *from, size_t len)
{
	void *t = to;

	__asm__ volatile("rep movsb" : "+D"(t), "+S"(from), "+c"(len) : : "memory");
	return to;
}

void *memmove(void *to, const void *from, size_t len)
{
	char *t = to;
	const char *f = from;

	if (t <= f)
		return memcpy(to, from, len);
	while (len--)
		t[len] = f[len];
	return to;
}

void *memset(void *to, int byte, size_t len)
{
	void *t = to;

	__asm__ volatile("rep stosb" : "+D"(t), "+c"(len) : "a"(byte) : "memory");
	return to;
}

int memcmp(const void *a_, const void *b_, size_t len)
{
	const unsigned char *a = a_;
	const unsigned char *b = b_;

	for (; len; len--, a++, b++) {
		if (*a != *b)
			return *a - *b;
	}
	return 0;
}

/* What clang makes of memcmp() when only equality matters. */
int bcmp(const void *a, const void *b, size_t len)
{
	return memcmp(a, b, len);
}

void *memchr(const void *in, int byte, size_t len)
{
	for (const unsigned char *p = in; len; len--, p++) {
		if (*p == (unsigned char)byte)
			return (void *)p;
	}
	return NULL;
}

size_t strlen(const char *text)
{
	const char *end = text;

	while (*end)
		end++;
	return (size_t)(end - text);
}

int strncmp(const char *a, const char *b, size_t len)
{
	for (; len; len--, a++, b++) {
		if (*a != *b || !*a)
			return (unsigned char)*a - (unsigned char)*b;
	}
	return 0;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, (size_t)-1);
}

char *strchr(const char *text, int c)
{
	for (;; text++) {
		if (*text == (char)c)
			return (char *)text;
		if (!*text)
			return NULL;
	}
}

char *strrchr(const char *text, int c)
{
	const char *last = NULL;

	for (;; text++) {
		if (*text == (char)c)
			last = text;
		if (!*text)
			return (char *)last;
	}
}

size_t strcspn(const char *text, const char *stops)
{
	size_t n = 0;

	while (text[n] && !strchr(stops, text[n]))
		n++;
	return n;
}

#pragma GCC visibility pop
