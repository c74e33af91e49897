/* SPDX-License-Identifier: BSD-3-Clause */
#include "gap.h"

#include "../shim/format/spec.h"
#include "names.h"

#include <stdio.h>
#include <string.h>

enum { ERRNO_MAX = 4095 };

void gt_gaps_fact(struct gt_gaps *gaps, const struct gt_fact_record *fact)
{
	if (fact->number != GT_FACT_Gap || gaps->n == GT_GAPS_MAX ||
	    (gaps->n > 0 && gaps->gap[0].from == fact->field[0].u))
		return;
	gaps->gap[gaps->n++] = (struct gt_gap){fact->field[0].u, fact->field[1].u, fact->field[2].u, fact->field[3].u};
}

/* The middle of it: clocks that were read one after the other differ a little. */
bool gt_gap_is_behind(const struct gt_gap *gap, const struct gt_anchor *anchor, int64_t time)
{
	int64_t end = gt_anchor_monotonic(anchor, time);

	return gap->to <= gap->from || end < 0 || gap->from + (gap->to - gap->from) / 2 > (uint64_t)end;
}

int64_t gt_gap_wall(const struct gt_gap *gap, const struct gt_anchor *anchor)
{
	return gt_anchor_wall(anchor, gt_anchor_from_monotonic(anchor, (int64_t)gap->from));
}

const char *gt_gap_length(const struct gt_gap *gap, char buf[GT_GAP_WORDS])
{
	char text[GT_NAME_LEN];

	snprintf(buf, GT_GAP_WORDS, "%s",
		 gap->to > gap->from ? gt_name_duration(gap->to - gap->from, text) : "an unknown time");
	return buf;
}

const char *gt_gap_reason(const struct gt_gap *gap, char buf[GT_GAP_WORDS])
{
	const char *cause = gap->cause < GT_DROPS ? gt_drop_text[gap->cause] : "unknown";
	bool has_error = gap->error > 0 && gap->error <= ERRNO_MAX;

	snprintf(buf, GT_GAP_WORDS, "%s%s%s", cause, has_error ? ": " : "", has_error ? strerror((int)gap->error) : "");
	return buf;
}
