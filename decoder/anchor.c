/* SPDX-License-Identifier: BSD-3-Clause */
#include "anchor.h"

int64_t gt_time_add(int64_t a, int64_t b)
{
	int64_t sum;

	if (!__builtin_add_overflow(a, b, &sum))
		return sum;
	return b < 0 ? INT64_MIN : INT64_MAX;
}

int64_t gt_time_sub(int64_t a, int64_t b)
{
	int64_t difference;

	if (!__builtin_sub_overflow(a, b, &difference))
		return difference;
	return b > 0 ? INT64_MIN : INT64_MAX;
}

static void set(struct gt_anchor *anchor, int64_t trace, uint64_t monotonic, uint64_t sec, uint64_t nsec)
{
	int64_t seconds;

	anchor->known = true;
	anchor->trace = trace;
	anchor->monotonic = (int64_t)monotonic;
	if (__builtin_mul_overflow((int64_t)sec, 1000000000, &seconds))
		seconds = INT64_MAX;
	anchor->wall = gt_time_add(seconds, (int64_t)nsec);
}

void gt_anchor_fact(struct gt_anchor *anchor, const struct gt_fact_record *fact)
{
	if (fact->number == GT_FACT_Clock)
		set(anchor, (int64_t)fact->field[0].u, fact->field[1].u, fact->field[2].u, fact->field[3].u);
}

void gt_anchor_snapshot(struct gt_anchor *anchor, int64_t trace, const struct gt_snapshot *snapshot)
{
	if (snapshot->known)
		set(anchor, trace, snapshot->mono, snapshot->sec, snapshot->nsec);
}

static int64_t move(int64_t time, int64_t from, int64_t to)
{
	return gt_time_add(to, gt_time_sub(time, from));
}

int64_t gt_anchor_monotonic(const struct gt_anchor *anchor, int64_t trace)
{
	return move(trace, anchor->trace, anchor->monotonic);
}

int64_t gt_anchor_wall(const struct gt_anchor *anchor, int64_t trace)
{
	return move(trace, anchor->trace, anchor->wall);
}

int64_t gt_anchor_from_monotonic(const struct gt_anchor *anchor, int64_t monotonic)
{
	return move(monotonic, anchor->monotonic, anchor->trace);
}

int64_t gt_anchor_from_wall(const struct gt_anchor *anchor, int64_t wall)
{
	return move(wall, anchor->wall, anchor->trace);
}
