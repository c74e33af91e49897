/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The inside of the ordering model, for order*.c only: its tables and the step that is being tried.
 *
 * A handler changes state only when it returns GT_ADVANCED; after GT_BROKEN nothing is looked at again.
 */
#ifndef GT_ORDER_STATE_H
#define GT_ORDER_STATE_H

#include "../shim/format/spec.h"
#include "map.h"
#include "order.h"

/* What happens over a while, on a thread or a slot: the event that begins it, and the kind of an STW. */
struct gt_range {
	uint8_t begin;
	uint64_t kind;
};

struct gt_ranges {
	struct gt_range *at;
	size_t n;
};

struct gt_region {
	uint64_t task;
	char *name;
	size_t len;
};

struct gt_seq {
	uint64_t gen, n;
};

struct gt_g {
	uint64_t id;
	uint8_t status; /* enum gt_gstatus */
	struct gt_seq seq;
	struct gt_ranges ranges;
	struct gt_region *regions;
	size_t nregions;
	UT_hash_handle hh;
};

struct gt_p {
	uint64_t id;
	uint8_t status; /* enum gt_pstatus */
	struct gt_seq seq;
	struct gt_ranges ranges;
	UT_hash_handle hh;
};

struct gt_m {
	uint64_t id;
	int64_t p, g;
	UT_hash_handle hh;
};

struct gt_task {
	uint64_t id;
	uint64_t parent;
	struct gt_string name; /* bytes are owned */
	UT_hash_handle hh;
};

enum gt_gc { GT_GC_UNDETERMINED, GT_GC_OFF, GT_GC_ON };

/* An event implies at most two more. Of each table, so many were met last, by the low bits of their ids. */
enum { GT_ORDER_IMPLIED = 2, GT_ORDER_RECENT = 1024, GT_ORDER_RECENT_PS = 64 };

struct gt_order {
	struct gt_g *gs;
	struct gt_p *ps;
	struct gt_m *ms;
	struct gt_task *tasks;
	struct gt_task *ended; /* kept until its TaskEnd is delivered */
	uint64_t first_gen;
	uint64_t gc_seq;
	enum gt_gc gc;
	struct gt_placed_event implied[GT_ORDER_IMPLIED];
	const struct gt_placed_event *queue[1 + GT_ORDER_IMPLIED];
	unsigned head, tail, nimplied;
	struct gt_g *spare; /* ended ones, by hh.next */
	struct gt_g *recent_g[GT_ORDER_RECENT];
	struct gt_m *recent_m[GT_ORDER_RECENT];
	struct gt_p *recent_p[GT_ORDER_RECENT_PS];
};

/* One event being tried. Its m, p, g: what its stream holds; a handler writes new_p and new_g. */
struct gt_step {
	struct gt_order *o;
	const struct gt_generation *gen;
	struct gt_error *err;
	struct gt_placed_event *ev;
	int64_t new_p, new_g;
};

typedef enum gt_advance gt_handler(struct gt_step *s);

gt_handler gt_order_proc_status, gt_order_proc_start, gt_order_proc_stop, gt_order_proc_steal;
gt_handler gt_order_go_status, gt_order_go_create, gt_order_go_stop, gt_order_go_start, gt_order_go_unblock;
gt_handler gt_order_go_switch;
gt_handler gt_order_syscall_begin, gt_order_syscall_end, gt_order_syscall_blocked, gt_order_syscall_create;
gt_handler gt_order_syscall_destroy;
gt_handler gt_order_gc_active, gt_order_gc_begin, gt_order_gc_end;
gt_handler gt_order_sweep_active, gt_order_sweep_begin, gt_order_sweep_end;
gt_handler gt_order_range_active, gt_order_range_begin, gt_order_range_end;
gt_handler gt_order_task_begin, gt_order_task_end, gt_order_region_begin, gt_order_region_end;

/* Lookups in the tables themselves; NULL when there is none. */
struct gt_g *gt_order_find_g(struct gt_order *o, int64_t id);
struct gt_p *gt_order_find_p(struct gt_order *o, int64_t id);
struct gt_m *gt_order_find_m(struct gt_order *o, int64_t id);

/* The same, mostly without them. */
static inline struct gt_g *gt_order_g(struct gt_order *o, int64_t id)
{
	struct gt_g *g = o->recent_g[(uint64_t)id % GT_ORDER_RECENT];

	return g != NULL && g->id == (uint64_t)id ? g : gt_order_find_g(o, id);
}

static inline struct gt_p *gt_order_p(struct gt_order *o, int64_t id)
{
	struct gt_p *p = o->recent_p[(uint64_t)id % GT_ORDER_RECENT_PS];

	return p != NULL && p->id == (uint64_t)id ? p : gt_order_find_p(o, id);
}

static inline struct gt_m *gt_order_m(struct gt_order *o, int64_t id)
{
	struct gt_m *m = o->recent_m[(uint64_t)id % GT_ORDER_RECENT];

	return m != NULL && m->id == (uint64_t)id ? m : gt_order_find_m(o, id);
}

/* New entries; NULL and the error in the step when memory is short. */
struct gt_g *gt_order_add_g(struct gt_step *s, int64_t id, uint8_t status);
struct gt_p *gt_order_add_p(struct gt_step *s, int64_t id, uint8_t status);
struct gt_m *gt_order_add_m(struct gt_step *s, int64_t id);
void gt_order_del_g(struct gt_order *o, struct gt_g *g);

/* Says what is wrong with the step's event. Always GT_BROKEN. */
enum gt_advance gt_order_broken(struct gt_step *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
enum gt_advance gt_order_no_memory(struct gt_step *s);

/* What a stream holds, and what a context must find and may find. */
enum { GT_HAS_M = 1, GT_HAS_P = 2, GT_HAS_G = 4, GT_HAS_ALL = 7 };

struct gt_wants {
	uint8_t must, may;
};

extern const struct gt_wants gt_order_wants[]; /* by enum gt_context */

static inline unsigned gt_order_has(const struct gt_step *s)
{
	return (s->ev->m != -1 ? GT_HAS_M : 0) | (s->ev->p != -1 ? GT_HAS_P : 0) | (s->ev->g != -1 ? GT_HAS_G : 0);
}

/* Says what the stream should hold, or should not. Always false. */
bool gt_order_lacks(struct gt_step *s, enum gt_context context);

/* Whether the stream holds what `context` asks for; says what is missing when not. */
static inline bool gt_order_holds(struct gt_step *s, enum gt_context context)
{
	struct gt_wants wants = gt_order_wants[context];
	unsigned has = gt_order_has(s);

	return ((wants.must & ~has) | (has & ~wants.may)) == 0 || gt_order_lacks(s, context);
}

/* The running or otherwise `status` thread of the step's stream; NULL after saying that there is none. */
struct gt_g *gt_order_current_g(struct gt_step *s, uint8_t status);

/* Whether number `n` of this generation comes right behind `last`. */
static inline bool gt_order_succeeds(const struct gt_step *s, uint64_t n, struct gt_seq last)
{
	return last.gen == s->gen->gen && n == last.n + 1;
}

/* An event that nobody wrote, but that the step's event implies. Not placed yet. */
struct gt_placed_event *gt_order_imply(struct gt_step *s, uint8_t type);

/* Places an event behind the ones that are there. */
static inline void gt_order_place(struct gt_step *s, const struct gt_placed_event *ev)
{
	s->o->queue[s->o->tail++] = ev;
}

/* Places the step's own event. Always GT_ADVANCED. */
static inline enum gt_advance gt_order_done(struct gt_step *s)
{
	gt_order_place(s, s->ev);
	return GT_ADVANCED;
}

#endif
