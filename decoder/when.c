/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Times of options. Nanoseconds are counted in integers: what is printed can be given back and means the same.
 */
#include "when.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define SECOND INT64_C(1000000000)

static const struct {
	const char *name;
	int64_t ns;
} units[] = {{"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", SECOND}, {"m", 60 * SECOND}, {"h", 3600 * SECOND}};

/* The digits at *text; moves it behind them. False when there are none or too many. */
static bool digits(const char **text, int64_t *v)
{
	const char *p = *text;

	*v = 0;
	for (; isdigit((unsigned char)*p); p++) {
		if (__builtin_mul_overflow(*v, 10, v) || __builtin_add_overflow(*v, *p - '0', v))
			return false;
	}
	if (p == *text)
		return false;
	*text = p;
	return true;
}

/* ".25" of `unit`, if that is there; what is less than a nanosecond is cut off. */
static bool fraction(const char **text, int64_t unit, int64_t *ns)
{
	enum { ENOUGH = 18 };
	const char *p = *text + 1;
	__int128 value = 0, scale = 1;

	*ns = 0;
	if (**text != '.')
		return true;
	if (!isdigit((unsigned char)*p))
		return false;
	for (int i = 0; isdigit((unsigned char)*p); i++, p++) {
		if (i < ENOUGH) {
			value = value * 10 + (*p - '0');
			scale *= 10;
		}
	}
	*ns = (int64_t)(value * unit / scale);
	*text = p;
	return true;
}

static bool relative(const char *text, int64_t *ns)
{
	const char *unit = text + strspn(text, "0123456789.");
	int64_t whole, part;

	if (strcmp(text, "0") == 0)
		unit = "s";
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(unit, units[i].name) != 0)
			continue;
		return digits(&text, &whole) && fraction(&text, units[i].ns, &part) &&
		       (*text == '\0' || text == unit) && !__builtin_mul_overflow(whole, units[i].ns, ns) &&
		       !__builtin_add_overflow(*ns, part, ns);
	}
	return false;
}

/* Two digits, at most `most`. */
static bool two(const char **text, int most, int *v)
{
	const char *p = *text;

	if (!isdigit((unsigned char)p[0]) || !isdigit((unsigned char)p[1]))
		return false;
	*v = (p[0] - '0') * 10 + p[1] - '0';
	*text += 2;
	return *v <= most;
}

static bool skip(const char **text, const char *any)
{
	if (**text == '\0' || strchr(any, **text) == NULL)
		return false;
	(*text)++;
	return true;
}

/* "Z", "+01:00", "-0130", "+02" or nothing. `local`: nothing. */
static bool zone(const char *text, int64_t *seconds, bool *local)
{
	int hours = 0, minutes = 0, sign = *text == '-' ? -1 : 1;

	*seconds = 0;
	*local = *text == '\0';
	if (*local || strcmp(text, "Z") == 0)
		return true;
	if (!skip(&text, "+-") || !two(&text, 23, &hours))
		return false;
	skip(&text, ":");
	if (*text != '\0' && !two(&text, 59, &minutes))
		return false;
	*seconds = INT64_C(60) * sign * (hours * 60 + minutes);
	return *text == '\0';
}

static bool date(const char **text, struct tm *tm)
{
	int64_t year;

	if (strspn(*text, "0123456789") != 4 || !digits(text, &year))
		return false;
	tm->tm_year = (int)year - 1900;
	if (!skip(text, "-") || !two(text, 12, &tm->tm_mon) || tm->tm_mon-- == 0)
		return false;
	return skip(text, "-") && two(text, 31, &tm->tm_mday) && tm->tm_mday != 0;
}

static bool wall(const char *text, int64_t *ns)
{
	struct tm tm = {.tm_isdst = -1};
	int64_t part = 0, seconds;
	bool local;

	if (!date(&text, &tm) || !skip(&text, "T ") || !two(&text, 23, &tm.tm_hour) || !skip(&text, ":") ||
	    !two(&text, 59, &tm.tm_min))
		return false;
	if (skip(&text, ":") && (!two(&text, 60, &tm.tm_sec) || !fraction(&text, SECOND, &part)))
		return false;
	if (!zone(text, &seconds, &local))
		return false;
	seconds = (local ? mktime(&tm) : timegm(&tm)) - seconds;
	return !__builtin_mul_overflow(seconds, SECOND, ns) && !__builtin_add_overflow(*ns, part, ns);
}

bool gt_when_parse(const char *text, struct gt_when *when)
{
	when->kind = GT_WHEN_RELATIVE;
	if (relative(text, &when->ns))
		return true;
	when->kind = GT_WHEN_WALL;
	return wall(text, &when->ns);
}

bool gt_window_is_wall(const struct gt_window *window)
{
	return window->from.kind == GT_WHEN_WALL || window->to.kind == GT_WHEN_WALL;
}

static int64_t on_trace(const struct gt_when *when, int64_t start, const struct gt_anchor *anchor)
{
	return when->kind == GT_WHEN_WALL ? gt_anchor_from_wall(anchor, when->ns) : gt_time_add(start, when->ns);
}

struct gt_span gt_window_span(const struct gt_window *window, int64_t start, const struct gt_anchor *anchor)
{
	struct gt_span span = {INT64_MIN, INT64_MAX};

	if (window->from.kind != GT_WHEN_NONE)
		span.from = on_trace(&window->from, start, anchor);
	if (window->to.kind != GT_WHEN_NONE)
		span.to = on_trace(&window->to, start, anchor);
	return span;
}

bool gt_span_part(struct gt_span span, int64_t begin, int64_t end, uint64_t *ns)
{
	if (begin > span.to || end < span.from)
		return false;
	begin = begin > span.from ? begin : span.from;
	end = end < span.to ? end : span.to;
	*ns = (uint64_t)end - (uint64_t)begin;
	return true;
}

/* "2026-01-31T12:34:56" in local time; the bytes of it, the nanoseconds behind it, and how many seconds UTC is behind. */
static size_t put_seconds(int64_t sec, int64_t nsec, char buf[GT_WHEN_TEXT], int64_t *part, long *ahead)
{
	time_t seconds = gt_time_add(sec, nsec / SECOND - (nsec % SECOND < 0));
	struct tm tm = {0};

	*part = nsec % SECOND + (nsec % SECOND < 0 ? SECOND : 0);
	localtime_r(&seconds, &tm);
	*ahead = tm.tm_gmtoff;
	return strftime(buf, GT_WHEN_TEXT, "%Y-%m-%dT%H:%M:%S", &tm);
}

static void put_zone(char *to, size_t size, long ahead)
{
	long minutes = (ahead < 0 ? -ahead : ahead) / 60;

	snprintf(to, size, "%c%02ld:%02ld", ahead < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

const char *gt_when_wall(int64_t ns, char buf[GT_WHEN_TEXT])
{
	int64_t part;
	long ahead;
	size_t n = put_seconds(0, ns, buf, &part, &ahead);

	n += (size_t)snprintf(buf + n, GT_WHEN_TEXT - n, ".%09" PRId64, part);
	put_zone(buf + n, GT_WHEN_TEXT - n, ahead);
	return buf;
}

const char *gt_when_go(int64_t sec, int64_t nsec, char buf[GT_WHEN_TEXT])
{
	int64_t part;
	long ahead;
	size_t n = put_seconds(sec, nsec, buf, &part, &ahead);

	if (part != 0) {
		n += (size_t)snprintf(buf + n, GT_WHEN_TEXT - n, ".%09" PRId64, part);
		while (buf[n - 1] == '0')
			n--;
	}
	if (ahead == 0)
		memcpy(buf + n, "Z", 2);
	else
		put_zone(buf + n, GT_WHEN_TEXT - n, ahead);
	return buf;
}
