/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Dispatch of the ordering model, and what its handlers share.
 *
 * An event without a handler changes nothing: it only needs the context that its row in events.def names.
 */
#include "order.h"

#include "order_state.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static gt_handler *const handlers[256] = {
	[GT_EV_ProcStart] = gt_order_proc_start,
	[GT_EV_ProcStop] = gt_order_proc_stop,
	[GT_EV_ProcSteal] = gt_order_proc_steal,
	[GT_EV_ProcStatus] = gt_order_proc_status,
	[GT_EV_GoCreate] = gt_order_go_create,
	[GT_EV_GoCreateBlocked] = gt_order_go_create,
	[GT_EV_GoCreateSyscall] = gt_order_syscall_create,
	[GT_EV_GoStart] = gt_order_go_start,
	[GT_EV_GoDestroy] = gt_order_go_stop,
	[GT_EV_GoDestroySyscall] = gt_order_syscall_destroy,
	[GT_EV_GoStop] = gt_order_go_stop,
	[GT_EV_GoBlock] = gt_order_go_stop,
	[GT_EV_GoUnblock] = gt_order_go_unblock,
	[GT_EV_GoSyscallBegin] = gt_order_syscall_begin,
	[GT_EV_GoSyscallEnd] = gt_order_syscall_end,
	[GT_EV_GoSyscallEndBlocked] = gt_order_syscall_blocked,
	[GT_EV_GoStatus] = gt_order_go_status,
	[GT_EV_GoStatusStack] = gt_order_go_status,
	[GT_EV_GoSwitch] = gt_order_go_switch,
	[GT_EV_GoSwitchDestroy] = gt_order_go_switch,
	[GT_EV_STWBegin] = gt_order_range_begin,
	[GT_EV_STWEnd] = gt_order_range_end,
	[GT_EV_GCActive] = gt_order_gc_active,
	[GT_EV_GCBegin] = gt_order_gc_begin,
	[GT_EV_GCEnd] = gt_order_gc_end,
	[GT_EV_GCSweepActive] = gt_order_sweep_active,
	[GT_EV_GCSweepBegin] = gt_order_sweep_begin,
	[GT_EV_GCSweepEnd] = gt_order_sweep_end,
	[GT_EV_GCMarkAssistActive] = gt_order_range_active,
	[GT_EV_GCMarkAssistBegin] = gt_order_range_begin,
	[GT_EV_GCMarkAssistEnd] = gt_order_range_end,
	[GT_EV_UserTaskBegin] = gt_order_task_begin,
	[GT_EV_UserTaskEnd] = gt_order_task_end,
	[GT_EV_UserRegionBegin] = gt_order_region_begin,
	[GT_EV_UserRegionEnd] = gt_order_region_end,
};

struct gt_order *gt_order_new(void)
{
	return calloc(1, sizeof(struct gt_order));
}

static void free_task(struct gt_task *task)
{
	if (task != NULL)
		free((char *)task->name.bytes);
	free(task);
}

void gt_order_free(struct gt_order *order)
{
	struct gt_g *g, *g_tmp;
	struct gt_p *p, *p_tmp;
	struct gt_m *m, *m_tmp;
	struct gt_task *t, *t_tmp;

	if (order == NULL)
		return;
	HASH_ITER (hh, order->gs, g, g_tmp)
		gt_order_del_g(order, g);
	for (g = order->spare; g != NULL; g = g_tmp) {
		g_tmp = g->hh.next;
		free(g);
	}
	HASH_ITER (hh, order->ps, p, p_tmp) {
		HASH_DEL(order->ps, p);
		free(p->ranges.at);
		free(p);
	}
	HASH_ITER (hh, order->ms, m, m_tmp) {
		HASH_DEL(order->ms, m);
		free(m);
	}
	HASH_ITER (hh, order->tasks, t, t_tmp) {
		HASH_DEL(order->tasks, t);
		free_task(t);
	}
	free_task(order->ended);
	free(order);
}

void gt_order_del_g(struct gt_order *o, struct gt_g *g)
{
	struct gt_g **recent = &o->recent_g[g->id % GT_ORDER_RECENT];

	if (*recent == g)
		*recent = NULL;
	HASH_DEL(o->gs, g);
	for (size_t i = 0; i < g->nregions; i++)
		free(g->regions[i].name);
	free(g->regions);
	free(g->ranges.at);
	g->hh.next = o->spare;
	o->spare = g;
}

struct gt_g *gt_order_find_g(struct gt_order *o, int64_t id)
{
	struct gt_g *g;

	GT_MAP_FIND(o->gs, id, g);
	if (g != NULL)
		o->recent_g[g->id % GT_ORDER_RECENT] = g;
	return g;
}

struct gt_p *gt_order_find_p(struct gt_order *o, int64_t id)
{
	struct gt_p *p;

	GT_MAP_FIND(o->ps, id, p);
	if (p != NULL)
		o->recent_p[p->id % GT_ORDER_RECENT_PS] = p;
	return p;
}

struct gt_m *gt_order_find_m(struct gt_order *o, int64_t id)
{
	struct gt_m *m;

	GT_MAP_FIND(o->ms, id, m);
	if (m != NULL)
		o->recent_m[m->id % GT_ORDER_RECENT] = m;
	return m;
}

#define ADD(head, node)                                                                                                \
	do {                                                                                                           \
		if ((node) != NULL) {                                                                                  \
			(node)->id = (uint64_t)id;                                                                     \
			GT_MAP_ADD(head, node);                                                                        \
		}                                                                                                      \
		if ((node) == NULL || (node)->hh.tbl == NULL) {                                                        \
			free(node);                                                                                    \
			gt_order_no_memory(s);                                                                         \
			return NULL;                                                                                   \
		}                                                                                                      \
	} while (0)

struct gt_g *gt_order_add_g(struct gt_step *s, int64_t id, uint8_t status)
{
	struct gt_g *g = s->o->spare;

	if (g != NULL) {
		s->o->spare = g->hh.next;
		memset(g, 0, sizeof(*g));
	} else {
		g = calloc(1, sizeof(*g));
	}
	ADD(s->o->gs, g);
	g->status = status;
	g->seq.gen = s->gen->gen;
	return g;
}

struct gt_p *gt_order_add_p(struct gt_step *s, int64_t id, uint8_t status)
{
	struct gt_p *p = calloc(1, sizeof(*p));

	ADD(s->o->ps, p);
	p->status = status;
	p->seq.gen = s->gen->gen;
	return p;
}

struct gt_m *gt_order_add_m(struct gt_step *s, int64_t id)
{
	struct gt_m *m = calloc(1, sizeof(*m));

	ADD(s->o->ms, m);
	m->p = m->g = -1;
	return m;
}

enum gt_advance gt_order_broken(struct gt_step *s, const char *format, ...)
{
	char words[GT_ERROR_WORDS];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	gt_error_set(s->err, GT_ERR_ORDER, "%s: %s", gt_event_spec[s->ev->raw.type].name, words);
	return GT_BROKEN;
}

enum gt_advance gt_order_no_memory(struct gt_step *s)
{
	gt_error_set(s->err, GT_ERR_IO, "not enough memory");
	return GT_BROKEN;
}

const struct gt_wants gt_order_wants[] = {
	[GT_CTX_ANY] = {0, GT_HAS_ALL},
	[GT_CTX_M] = {GT_HAS_M, GT_HAS_ALL},
	[GT_CTX_M_NOP] = {GT_HAS_M, GT_HAS_M | GT_HAS_G},
	[GT_CTX_M_NOG] = {GT_HAS_M, GT_HAS_M | GT_HAS_P},
	[GT_CTX_MP] = {GT_HAS_M | GT_HAS_P, GT_HAS_ALL},
	[GT_CTX_MP_NOG] = {GT_HAS_M | GT_HAS_P, GT_HAS_M | GT_HAS_P},
	[GT_CTX_MPG] = {GT_HAS_ALL, GT_HAS_ALL},
	[GT_CTX_MG] = {GT_HAS_M | GT_HAS_G, GT_HAS_ALL},
};

bool gt_order_lacks(struct gt_step *s, enum gt_context context)
{
	static const char *const names[] = {"thread", "proc", "goroutine"};
	struct gt_wants wants = gt_order_wants[context];
	unsigned has = gt_order_has(s);

	for (int i = 0; i < 3; i++) {
		unsigned bit = 1u << i;

		if (wants.must & bit & ~has)
			gt_order_broken(s, "expected a %s but didn't have one", names[i]);
		else if (has & bit & ~wants.may)
			gt_order_broken(s, "expected no %s but had one", names[i]);
	}
	return false;
}

struct gt_g *gt_order_current_g(struct gt_step *s, uint8_t status)
{
	struct gt_g *g = gt_order_g(s->o, s->ev->g);

	if (g == NULL)
		gt_order_broken(s, "goroutine %" PRId64 " doesn't exist", s->ev->g);
	else if (g->status != status)
		gt_order_broken(s, "goroutine %" PRId64 " is %s, not %s", s->ev->g, gt_gstatus_name[g->status],
				gt_gstatus_name[status]);
	else
		return g;
	return NULL;
}

struct gt_placed_event *gt_order_imply(struct gt_step *s, uint8_t type)
{
	struct gt_placed_event *ev = &s->o->implied[s->o->nimplied++];

	*ev = (struct gt_placed_event){.m = s->ev->m, .p = s->ev->p, .g = s->ev->g};
	ev->raw.type = type;
	ev->raw.time = s->ev->raw.time;
	return ev;
}

const struct gt_placed_event *gt_order_take(struct gt_order *order)
{
	return order->head < order->tail ? order->queue[order->head++] : NULL;
}

static enum gt_advance try(struct gt_step *s)
{
	gt_handler *handler = handlers[s->ev->raw.type];

	if (handler != NULL)
		return handler(s);
	return gt_order_holds(s, gt_event_spec[s->ev->raw.type].context) ? gt_order_done(s) : GT_BROKEN;
}

enum gt_advance gt_order_advance(struct gt_order *order, const struct gt_generation *gen, int64_t m,
				 struct gt_placed_event *ev, struct gt_error *err)
{
	struct gt_step s = {.o = order, .gen = gen, .err = err, .ev = ev, .new_p = -1, .new_g = -1};
	struct gt_m *ms = NULL;
	enum gt_advance r;

	order->head = order->tail = order->nimplied = 0;
	if (order->first_gen == 0)
		order->first_gen = gen->gen;
	if (m != -1) {
		ms = gt_order_m(order, m);
		if (ms == NULL)
			ms = gt_order_add_m(&s, m);
		if (ms == NULL)
			return GT_BROKEN;
		s.new_p = ms->p;
		s.new_g = ms->g;
	}
	ev->m = m;
	ev->p = s.new_p;
	ev->g = s.new_g;
	r = try(&s);
	if (r == GT_ADVANCED && ms != NULL) {
		ms->p = s.new_p;
		ms->g = s.new_g;
	}
	return r;
}
