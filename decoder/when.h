/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Moments as people write them, for --from and --to, and as they read them. Pure but for the time zone.
 */
#ifndef GT_WHEN_H
#define GT_WHEN_H

#include "anchor.h"

#include <stddef.h>

enum gt_when_kind { GT_WHEN_NONE, GT_WHEN_RELATIVE, GT_WHEN_WALL };

struct gt_when {
	enum gt_when_kind kind;
	int64_t ns; /* since the start of the trace, or since 1970 */
};

/* Between two moments; either may be missing. */
struct gt_window {
	struct gt_when from, to;
};

/* What a window is on the clock of one trace; both ends belong to it. */
struct gt_span {
	int64_t from, to;
};

enum { GT_WHEN_TEXT = 64 };

/*
 * Reads "1.5s", "20ms", "3us", "7ns", "2m", "1h", "0"; or "2026-01-31T12:34:56.789", with a blank instead of the T,
 * without seconds, and with Z or +01:00 behind it: local time when neither is there. False for anything else.
 */
bool gt_when_parse(const char *text, struct gt_when *when);

/* Whether it has any end. */
static inline bool gt_window_has_end(const struct gt_window *window)
{
	return window->from.kind != GT_WHEN_NONE || window->to.kind != GT_WHEN_NONE;
}

/* Whether either end is a time of the wall clock, so that an anchor is needed. */
bool gt_window_is_wall(const struct gt_window *window);

/* `start`: where relative times start, on the clock of the trace. */
struct gt_span gt_window_span(const struct gt_window *window, int64_t start, const struct gt_anchor *anchor);

/* How much of the time from `begin` to `end` lies in the span; false when they do not touch. */
bool gt_span_part(struct gt_span span, int64_t begin, int64_t end, uint64_t *ns);

/* "2026-01-31T12:34:56.789+01:00", in local time, as Go's RFC3339Nano has it: Z for UTC, no zeros at the end. Returns buf. */
const char *gt_when_go(int64_t sec, int64_t nsec, char buf[GT_WHEN_TEXT]);

/* "2026-01-31T12:34:56.789000000+01:00", in local time; gt_when_parse() reads it. Returns buf. */
const char *gt_when_wall(int64_t ns, char buf[GT_WHEN_TEXT]);

#endif
