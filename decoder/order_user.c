/* SPDX-License-Identifier: BSD-3-Clause */
/* Tasks and regions. Their names are kept as texts, since string ids change with every generation. */
#include "order_state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct gt_string *name_of(struct gt_step *s, uint64_t id)
{
	const struct gt_string *name = gt_table_string(s->gen->table, id);

	if (name == NULL)
		gt_order_broken(s, "string %" PRIu64 " is not there", id);
	return name;
}

static char *copy_of(const struct gt_string *text)
{
	char *copy = malloc(text->len + 1);

	if (copy != NULL) {
		memcpy(copy, text->bytes, text->len);
		copy[text->len] = 0;
	}
	return copy;
}

enum gt_advance gt_order_task_begin(struct gt_step *s)
{
	const struct gt_string *name = name_of(s, s->ev->raw.args[2]);
	struct gt_task *task;

	if (name == NULL || !gt_order_holds(s, GT_CTX_MPG))
		return GT_BROKEN;
	GT_MAP_FIND(s->o->tasks, s->ev->raw.args[0], task);
	if (task != NULL)
		return gt_order_broken(s, "task %" PRIu64 " already exists", task->id);
	if (s->ev->raw.args[1] == 0)
		s->ev->raw.args[1] = GT_NONE;
	task = calloc(1, sizeof(*task));
	if (task == NULL)
		return gt_order_no_memory(s);
	task->id = s->ev->raw.args[0];
	task->parent = s->ev->raw.args[1];
	task->name.bytes = copy_of(name);
	task->name.len = name->len;
	if (task->name.bytes != NULL)
		GT_MAP_ADD(s->o->tasks, task);
	if (task->hh.tbl == NULL) {
		free((char *)task->name.bytes);
		free(task);
		return gt_order_no_memory(s);
	}
	return gt_order_done(s);
}

enum gt_advance gt_order_task_end(struct gt_step *s)
{
	struct gt_task *task;

	if (!gt_order_holds(s, GT_CTX_MPG))
		return GT_BROKEN;
	s->ev->parent = GT_NONE;
	s->ev->name = &gt_string_empty;
	GT_MAP_FIND(s->o->tasks, s->ev->raw.args[0], task);
	if (task != NULL) {
		HASH_DEL(s->o->tasks, task);
		if (s->o->ended != NULL)
			free((char *)s->o->ended->name.bytes);
		free(s->o->ended);
		s->o->ended = task;
		s->ev->parent = task->parent;
		s->ev->name = &task->name;
	}
	return gt_order_done(s);
}

enum gt_advance gt_order_region_begin(struct gt_step *s)
{
	const struct gt_string *name;
	struct gt_region *regions;
	struct gt_g *g;

	if (!gt_order_holds(s, GT_CTX_MPG))
		return GT_BROKEN;
	name = name_of(s, s->ev->raw.args[1]);
	if (name == NULL)
		return GT_BROKEN;
	g = gt_order_g(s->o, s->ev->g);
	if (g == NULL)
		return gt_order_broken(s, "goroutine %" PRId64 " doesn't exist", s->ev->g);
	if ((g->nregions & (g->nregions - 1)) == 0) {
		regions = realloc(g->regions, (g->nregions == 0 ? 1 : 2 * g->nregions) * sizeof(*regions));
		if (regions == NULL)
			return gt_order_no_memory(s);
		g->regions = regions;
	}
	regions = &g->regions[g->nregions];
	regions->task = s->ev->raw.args[0];
	regions->len = name->len;
	regions->name = copy_of(name);
	if (regions->name == NULL)
		return gt_order_no_memory(s);
	g->nregions++;
	return gt_order_done(s);
}

enum gt_advance gt_order_region_end(struct gt_step *s)
{
	const struct gt_string *name;
	struct gt_region *last;
	struct gt_g *g;

	if (!gt_order_holds(s, GT_CTX_MPG))
		return GT_BROKEN;
	name = name_of(s, s->ev->raw.args[1]);
	if (name == NULL)
		return GT_BROKEN;
	g = gt_order_g(s->o, s->ev->g);
	if (g == NULL)
		return gt_order_broken(s, "goroutine %" PRId64 " doesn't exist", s->ev->g);
	/* It may have begun before the trace. */
	if (g->nregions == 0)
		return gt_order_done(s);
	last = &g->regions[g->nregions - 1];
	if (last->task != s->ev->raw.args[0] || last->len != name->len ||
	    memcmp(last->name, name->bytes, last->len) != 0)
		return gt_order_broken(s, "the innermost region of goroutine %" PRId64 " is another", s->ev->g);
	free(last->name);
	g->nregions--;
	return gt_order_done(s);
}
