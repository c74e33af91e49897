/* SPDX-License-Identifier: BSD-3-Clause */
#include "regions.h"

#include "texts.h"

#include <stddef.h>

void gt_regions_enter(struct gt_regions *r, uint32_t trace)
{
	if (r->trace == trace)
		return;
	r->trace = trace;
	r->depth = r->deeper = 0;
}

struct gt_region *gt_regions_push(struct gt_regions *r)
{
	if (r->depth == GT_REGIONS_DEEP) {
		r->deeper++;
		return NULL;
	}
	r->open[r->depth] = (struct gt_region){0};
	return &r->open[r->depth++];
}

static bool is(const struct gt_region *region, uint64_t task, const char *name)
{
	return !region->is_ended && region->asked == task && gt_text_is(region->name, name);
}

bool gt_regions_mark(struct gt_regions *r, uint64_t task, const char *name, uint32_t *forgotten)
{
	uint32_t at = r->depth;

	*forgotten = 0;
	if (r->deeper) {
		r->deeper--;
		return true;
	}
	while (at > 0 && !is(&r->open[at - 1], task, name))
		at--;
	if (at == 0)
		return false;
	for (uint32_t i = at; i < r->depth; i++) {
		*forgotten += !r->open[i].is_ended;
		r->open[i].is_ended = true;
	}
	r->open[at - 1].is_ended = true;
	return true;
}

struct gt_region *gt_regions_ended(struct gt_regions *r)
{
	struct gt_region *last = r->depth ? &r->open[r->depth - 1] : NULL;

	return last && last->is_ended ? last : NULL;
}

void gt_regions_pop(struct gt_regions *r)
{
	r->depth--;
}

uint32_t gt_regions_leave(struct gt_regions *r)
{
	uint32_t left = r->deeper;

	for (uint32_t i = 0; i < r->depth; i++)
		left += !r->open[i].is_ended;
	r->depth = r->deeper = 0;
	return left;
}
