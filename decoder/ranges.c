/* SPDX-License-Identifier: BSD-3-Clause */
#include "ranges.h"

#include "cli.h"

#include <stdlib.h>

bool gt_ranges_add(struct gt_ranges *ranges, uint64_t low, uint64_t high, void *what)
{
	size_t n = ranges->n;

	if (low >= high)
		return true;
	if (n == GT_RANGES_MOST)
		return false;
	if ((n & (n - 1)) == 0)
		ranges->all = gt_cli_grow(ranges->all, n == 0 ? 1 : 2 * n, sizeof(*ranges->all));
	ranges->all[ranges->n++] = (struct gt_range){.low = low, .high = high, .what = what};
	return true;
}

static int by_low(const void *a, const void *b)
{
	const struct gt_range *x = a, *y = b;

	if (x->low != y->low)
		return x->low < y->low ? -1 : 1;
	/* The wider one first, so that the narrower is found first. */
	return (x->high < y->high) - (x->high > y->high);
}

void gt_ranges_sort(struct gt_ranges *ranges)
{
	uint64_t reach = 0;

	if (ranges->n > 1)
		qsort(ranges->all, ranges->n, sizeof(*ranges->all), by_low);
	for (size_t i = 0; i < ranges->n; i++) {
		if (ranges->all[i].high > reach)
			reach = ranges->all[i].high;
		ranges->all[i].reach = reach;
	}
}

void *gt_ranges_find(const struct gt_ranges *ranges, uint64_t at)
{
	size_t from = 0, to = ranges->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (ranges->all[middle].low <= at)
			from = middle + 1;
		else
			to = middle;
	}
	for (; from > 0 && ranges->all[from - 1].reach > at; from--) {
		if (ranges->all[from - 1].high > at)
			return ranges->all[from - 1].what;
	}
	return NULL;
}

void gt_ranges_free(struct gt_ranges *ranges)
{
	free(ranges->all);
	*ranges = (struct gt_ranges){0};
}
