/* SPDX-License-Identifier: BSD-3-Clause */
/* What lasts a while: a stopped world, a collection, a sweep, a mark assist. */
#include "order_state.h"

#include <inttypes.h>
#include <stdlib.h>

/* The event that begins what `type` belongs to. */
static uint8_t begin_of(uint8_t type)
{
	switch (type) {
	case GT_EV_STWEnd:
		return GT_EV_STWBegin;
	case GT_EV_GCSweepActive:
	case GT_EV_GCSweepEnd:
		return GT_EV_GCSweepBegin;
	case GT_EV_GCMarkAssistActive:
	case GT_EV_GCMarkAssistEnd:
		return GT_EV_GCMarkAssistBegin;
	default:
		return type;
	}
}

static bool has(const struct gt_ranges *ranges, struct gt_range range)
{
	for (size_t i = 0; i < ranges->n; i++) {
		if (ranges->at[i].begin == range.begin && ranges->at[i].kind == range.kind)
			return true;
	}
	return false;
}

static enum gt_advance add(struct gt_step *s, struct gt_ranges *ranges, struct gt_range range)
{
	struct gt_range *at;

	if (has(ranges, range))
		return gt_order_broken(s, "already under way");
	at = realloc(ranges->at, (ranges->n + 1) * sizeof(*at));
	if (at == NULL)
		return gt_order_no_memory(s);
	ranges->at = at;
	at[ranges->n++] = range;
	return gt_order_done(s);
}

static enum gt_advance begin(struct gt_step *s, struct gt_ranges *ranges)
{
	struct gt_range range = {.begin = begin_of(s->ev->raw.type)};

	if (s->ev->raw.type == GT_EV_STWBegin)
		range.kind = s->ev->raw.args[0];
	return add(s, ranges, range);
}

/* In the first generation it becomes known, later it must be known. */
static enum gt_advance active(struct gt_step *s, struct gt_ranges *ranges)
{
	struct gt_range range = {.begin = begin_of(s->ev->raw.type)};

	if (s->gen->gen == s->o->first_gen)
		return add(s, ranges, range);
	return has(ranges, range) ? gt_order_done(s) : gt_order_broken(s, "has not begun");
}

static enum gt_advance end(struct gt_step *s, struct gt_ranges *ranges)
{
	uint8_t type = begin_of(s->ev->raw.type);

	for (size_t i = 0; i < ranges->n; i++) {
		if (ranges->at[i].begin != type)
			continue;
		if (s->ev->raw.type == GT_EV_STWEnd)
			s->ev->raw.args[0] = ranges->at[i].kind;
		ranges->at[i] = ranges->at[--ranges->n];
		return gt_order_done(s);
	}
	return gt_order_broken(s, "has not begun");
}

static struct gt_ranges *of_p(struct gt_step *s, int64_t id)
{
	struct gt_p *p = gt_order_p(s->o, id);

	if (p == NULL)
		gt_order_broken(s, "proc %" PRId64 " doesn't exist", id);
	return p != NULL ? &p->ranges : NULL;
}

static struct gt_ranges *of_g(struct gt_step *s, int64_t id)
{
	struct gt_g *g = gt_order_g(s->o, id);

	if (g == NULL)
		gt_order_broken(s, "goroutine %" PRId64 " doesn't exist", id);
	return g != NULL ? &g->ranges : NULL;
}

enum gt_advance gt_order_sweep_active(struct gt_step *s)
{
	struct gt_ranges *ranges = of_p(s, (int64_t)s->ev->raw.args[0]);

	return ranges != NULL ? active(s, ranges) : GT_BROKEN;
}

enum gt_advance gt_order_sweep_begin(struct gt_step *s)
{
	struct gt_ranges *ranges = gt_order_holds(s, GT_CTX_MP) ? of_p(s, s->ev->p) : NULL;

	return ranges != NULL ? begin(s, ranges) : GT_BROKEN;
}

enum gt_advance gt_order_sweep_end(struct gt_step *s)
{
	struct gt_ranges *ranges = gt_order_holds(s, GT_CTX_MP) ? of_p(s, s->ev->p) : NULL;

	return ranges != NULL ? end(s, ranges) : GT_BROKEN;
}

enum gt_advance gt_order_range_active(struct gt_step *s)
{
	struct gt_ranges *ranges = of_g(s, (int64_t)s->ev->raw.args[0]);

	return ranges != NULL ? active(s, ranges) : GT_BROKEN;
}

enum gt_advance gt_order_range_begin(struct gt_step *s)
{
	struct gt_ranges *ranges = gt_order_holds(s, GT_CTX_MPG) ? of_g(s, s->ev->g) : NULL;

	return ranges != NULL ? begin(s, ranges) : GT_BROKEN;
}

enum gt_advance gt_order_range_end(struct gt_step *s)
{
	struct gt_ranges *ranges = gt_order_holds(s, GT_CTX_MPG) ? of_g(s, s->ev->g) : NULL;

	return ranges != NULL ? end(s, ranges) : GT_BROKEN;
}

static enum gt_advance collection(struct gt_step *s, enum gt_gc gc)
{
	s->o->gc_seq = s->ev->raw.args[0];
	s->o->gc = gc;
	return gt_order_done(s);
}

enum gt_advance gt_order_gc_active(struct gt_step *s)
{
	if (s->gen->gen == s->o->first_gen) {
		if (s->o->gc != GT_GC_UNDETERMINED)
			return gt_order_broken(s, "not the first word about collections");
		return collection(s, GT_GC_ON);
	}
	if (s->ev->raw.args[0] != s->o->gc_seq + 1)
		return GT_NOT_YET;
	if (s->o->gc != GT_GC_ON)
		return gt_order_broken(s, "no collection is under way");
	return gt_order_holds(s, GT_CTX_MPG) ? collection(s, GT_GC_ON) : GT_BROKEN;
}

enum gt_advance gt_order_gc_begin(struct gt_step *s)
{
	if (s->o->gc == GT_GC_UNDETERMINED)
		return collection(s, GT_GC_ON);
	if (s->ev->raw.args[0] != s->o->gc_seq + 1)
		return GT_NOT_YET;
	if (s->o->gc == GT_GC_ON)
		return gt_order_broken(s, "already under way");
	return gt_order_holds(s, GT_CTX_MPG) ? collection(s, GT_GC_ON) : GT_BROKEN;
}

enum gt_advance gt_order_gc_end(struct gt_step *s)
{
	if (s->ev->raw.args[0] != s->o->gc_seq + 1)
		return GT_NOT_YET;
	if (s->o->gc != GT_GC_ON)
		return gt_order_broken(s, "no collection is under way");
	return gt_order_holds(s, GT_CTX_MPG) ? collection(s, GT_GC_OFF) : GT_BROKEN;
}
