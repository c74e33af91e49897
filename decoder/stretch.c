/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Open stretches in tables, one a kind. Those that nest, the regions of a goroutine, lie on top of each other: the innermost
 * is in the table.
 */
#include "stretch.h"

#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { TASK, REGION, COLLECTION, STOP, SWEEP, ASSIST, KINDS };

struct key {
	enum kind kind;
	uint64_t id; /* of the task, the goroutine or the slot; 0 for a collection */
};

struct stretch {
	UT_hash_handle hh;
	uint64_t id;
	struct stretch *outer;
	int64_t begin;
	bool counts;
	char name[];
};

struct gt_stretches {
	struct stretch *open[KINDS];
};

struct gt_stretches *gt_stretches_new(void)
{
	return gt_cli_alloc(1, sizeof(struct gt_stretches));
}

static struct stretch *find(const struct gt_stretches *all, struct key key)
{
	struct stretch *s;

	GT_MAP_FIND(all->open[key.kind], key.id, s);
	return s;
}

static void put(struct stretch **open, struct stretch *s)
{
	GT_MAP_ADD(*open, s);
	if (s->hh.tbl == NULL)
		gt_cli_no_memory();
}

/* Takes the innermost off; the next one is in the table then. */
static void take_off(struct stretch **open, struct stretch *s)
{
	HASH_DEL(*open, s);
	if (s->outer != NULL)
		put(open, s->outer);
}

void gt_stretches_free(struct gt_stretches *all)
{
	for (int kind = 0; all != NULL && kind < KINDS; kind++) {
		while (all->open[kind] != NULL) {
			struct stretch *s = all->open[kind];

			take_off(&all->open[kind], s);
			free(s);
		}
	}
	free(all);
}

static void begin(struct gt_stretches *all, struct key key, const struct gt_string *name, int64_t time, bool counts)
{
	struct stretch *s = gt_cli_alloc(1, sizeof(*s) + name->len + 1);

	s->id = key.id;
	s->begin = time;
	s->counts = counts;
	memcpy(s->name, name->bytes, name->len);
	s->outer = find(all, key);
	if (s->outer != NULL)
		HASH_DEL(all->open[key.kind], s->outer);
	put(&all->open[key.kind], s);
}

static void add(struct gt_stats *stats, enum kind kind, const struct stretch *s, int64_t end, struct gt_span span)
{
	static const char *const names[] = {
		[COLLECTION] = "collection", [STOP] = "stop-the-world: ", [SWEEP] = "sweep", [ASSIST] = "mark assist"};
	static const enum gt_stats_table tables[] = {
		[TASK] = GT_STATS_TASK, [REGION] = GT_STATS_REGION, [COLLECTION] = GT_STATS_GC,
		[STOP] = GT_STATS_GC,   [SWEEP] = GT_STATS_GC,      [ASSIST] = GT_STATS_GC};
	char text[GT_MAX_STRING + 32];
	uint64_t ns;

	if (!s->counts || !gt_span_part(span, s->begin, end, &ns))
		return;
	snprintf(text, sizeof(text), "%s%s", names[kind] != NULL ? names[kind] : "", s->name);
	gt_histogram_add(&gt_stats_row(stats, tables[kind], 0, 0, text, "")->times, ns);
}

static void end(struct gt_stretches *all, struct gt_stats *stats, struct key key, int64_t time, struct gt_span span)
{
	struct stretch *s = find(all, key);

	if (s == NULL)
		return;
	add(stats, key.kind, s, time, span);
	take_off(&all->open[key.kind], s);
	free(s);
}

/* Which stretch the event begins, goes on with or ends. False: none. */
static bool key_of(const struct gt_trace_event *ev, struct key *key)
{
	switch (ev->type) {
	case GT_EV_UserTaskBegin:
	case GT_EV_UserTaskEnd:
		*key = (struct key){TASK, ev->task};
		return true;
	case GT_EV_UserRegionBegin:
	case GT_EV_UserRegionEnd:
		*key = (struct key){REGION, (uint64_t)ev->g};
		return true;
	case GT_EV_STWBegin:
	case GT_EV_STWEnd:
		*key = (struct key){STOP, (uint64_t)ev->id};
		return true;
	case GT_EV_GCActive:
	case GT_EV_GCBegin:
	case GT_EV_GCEnd:
		*key = (struct key){COLLECTION, 0};
		return true;
	case GT_EV_GCSweepActive:
	case GT_EV_GCSweepBegin:
	case GT_EV_GCSweepEnd:
		*key = (struct key){SWEEP, (uint64_t)ev->id};
		return true;
	case GT_EV_GCMarkAssistActive:
	case GT_EV_GCMarkAssistBegin:
	case GT_EV_GCMarkAssistEnd:
		*key = (struct key){ASSIST, (uint64_t)ev->id};
		return true;
	default:
		return false;
	}
}

/* A goroutine that is over takes its regions along, and an assist. */
static void end_all_of(struct gt_stretches *all, struct gt_stats *stats, const struct gt_trace_event *ev,
		       struct gt_span span)
{
	struct key region = {REGION, (uint64_t)ev->id};

	while (find(all, region) != NULL)
		end(all, stats, region, ev->time, span);
	end(all, stats, (struct key){ASSIST, (uint64_t)ev->id}, ev->time, span);
}

void gt_stretches_event(struct gt_stretches *all, struct gt_stats *stats, const struct gt_moment *moment,
			const struct gt_filter *filter, struct gt_span span)
{
	static const struct gt_life nobody = {.g = GT_NONE};
	const struct gt_trace_event *ev = moment->ev;
	struct key key;

	if (ev->kind == GT_KIND_TRANSITION) {
		if (ev->resource == GT_RES_GO && ev->to == GT_GO_NOT_EXIST)
			end_all_of(all, stats, ev, span);
		return;
	}
	if (!key_of(ev, &key))
		return;
	switch (ev->kind) {
	case GT_KIND_RANGE_ACTIVE:
		if (find(all, key) != NULL)
			return;
		/* fallthrough */
	case GT_KIND_RANGE_BEGIN:
	case GT_KIND_TASK_BEGIN:
	case GT_KIND_REGION_BEGIN:
		begin(all, key, ev->text[0], ev->time,
		      gt_filter_life(filter, moment->author != NULL ? moment->author : &nobody));
		return;
	default:
		end(all, stats, key, ev->time, span);
	}
}

void gt_stretches_finish(struct gt_stretches *all, struct gt_stats *stats, int64_t last, struct gt_span span)
{
	for (int kind = 0; kind < KINDS; kind++) {
		while (all->open[kind] != NULL)
			end(all, stats, (struct key){kind, all->open[kind]->id}, last, span);
	}
}
