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
	HASH_DEL(o->gs, g);
	for (size_t i = 0; i < g->nregions; i++)
		free(g->regions[i].name);
	free(g->regions);
	free(g->ranges.at);
	free(g);
}

struct gt_g *gt_order_g(const struct gt_order *o, int64_t id)
{
	struct gt_g *g;

	GT_MAP_FIND(o->gs, id, g);
	return g;
}

struct gt_p *gt_order_p(const struct gt_order *o, int64_t id)
{
	struct gt_p *p;

	GT_MAP_FIND(o->ps, id, p);
	return p;
}

struct gt_m *gt_order_m(const struct gt_order *o, int64_t id)
{
	struct gt_m *m;

	GT_MAP_FIND(o->ms, id, m);
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
	struct gt_g *g = calloc(1, sizeof(*g));

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
	gt_error_set(s->err, GT_ERR_ORDER, "%s: %s", gt_event_spec[s->ev.raw.type].name, words);
	return GT_BROKEN;
}

enum gt_advance gt_order_no_memory(struct gt_step *s)
{
	gt_error_set(s->err, GT_ERR_IO, "not enough memory");
	return GT_BROKEN;
}

/* One of three: the thread's own M, its slot, its goroutine. want: 1 must have, 0 must not, -1 may. */
static bool held(struct gt_step *s, int want, int64_t id, const char *what)
{
	if (want == 1 && id == -1)
		gt_order_broken(s, "expected a %s but didn't have one", what);
	else if (want == 0 && id != -1)
		gt_order_broken(s, "expected no %s but had one", what);
	else
		return true;
	return false;
}

bool gt_order_holds(struct gt_step *s, enum gt_context context)
{
	static const struct {
		signed char m, p, g;
	} wants[] = {
		[GT_CTX_ANY] = {-1, -1, -1}, [GT_CTX_M] = {1, -1, -1}, [GT_CTX_M_NOP] = {1, 0, -1},
		[GT_CTX_M_NOG] = {1, -1, 0}, [GT_CTX_MP] = {1, 1, -1}, [GT_CTX_MP_NOG] = {1, 1, 0},
		[GT_CTX_MPG] = {1, 1, 1},    [GT_CTX_MG] = {1, -1, 1},
	};

	return held(s, wants[context].m, s->ev.m, "thread") && held(s, wants[context].p, s->ev.p, "proc") &&
	       held(s, wants[context].g, s->ev.g, "goroutine");
}

struct gt_g *gt_order_current_g(struct gt_step *s, uint8_t status)
{
	struct gt_g *g = gt_order_g(s->o, s->ev.g);

	if (g == NULL)
		gt_order_broken(s, "goroutine %" PRId64 " doesn't exist", s->ev.g);
	else if (g->status != status)
		gt_order_broken(s, "goroutine %" PRId64 " is %s, not %s", s->ev.g, gt_gstatus_name[g->status],
				gt_gstatus_name[status]);
	else
		return g;
	return NULL;
}

bool gt_order_succeeds(const struct gt_step *s, uint64_t n, struct gt_seq last)
{
	return last.gen == s->gen->gen && n == last.n + 1;
}

void gt_order_place(struct gt_step *s, const struct gt_placed_event *ev)
{
	s->o->queue[s->o->tail++] = *ev;
}

enum gt_advance gt_order_done(struct gt_step *s)
{
	gt_order_place(s, &s->ev);
	return GT_ADVANCED;
}

const struct gt_placed_event *gt_order_take(struct gt_order *order)
{
	return order->head < order->tail ? &order->queue[order->head++] : NULL;
}

static enum gt_advance try(struct gt_step *s)
{
	gt_handler *handler = handlers[s->ev.raw.type];

	if (handler != NULL)
		return handler(s);
	return gt_order_holds(s, gt_event_spec[s->ev.raw.type].context) ? gt_order_done(s) : GT_BROKEN;
}

enum gt_advance gt_order_advance(struct gt_order *order, const struct gt_generation *gen, int64_t m,
				 const struct gt_raw_event *ev, struct gt_error *err)
{
	struct gt_step s = {.o = order, .gen = gen, .err = err};
	struct gt_m *ms = NULL;
	enum gt_advance r;

	order->head = order->tail = 0;
	if (order->first_gen == 0)
		order->first_gen = gen->gen;
	if (m != -1) {
		ms = gt_order_m(order, m);
		if (ms == NULL)
			ms = gt_order_add_m(&s, m);
		if (ms == NULL)
			return GT_BROKEN;
	}
	s.ev.raw = *ev;
	s.ev.m = m;
	s.ev.p = s.new_p = ms != NULL ? ms->p : -1;
	s.ev.g = s.new_g = ms != NULL ? ms->g : -1;
	r = try(&s);
	if (r == GT_ADVANCED && ms != NULL) {
		ms->p = s.new_p;
		ms->g = s.new_g;
	}
	return r;
}
