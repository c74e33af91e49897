/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The inside of the ordering model, for order*.c only: its tables and the step that is being tried.
 *
 * A handler changes state only when it returns GT_ADVANCED; after GT_BROKEN nothing is looked at again.
 */
#ifndef GT_ORDER_STATE_H
#define GT_ORDER_STATE_H

#include "../shim/format/spec.h"
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

enum { GT_ORDER_QUEUE = 3 };

struct gt_order {
	struct gt_g *gs;
	struct gt_p *ps;
	struct gt_m *ms;
	struct gt_task *tasks;
	struct gt_task *ended; /* kept until its TaskEnd is delivered */
	uint64_t first_gen;
	uint64_t gc_seq;
	enum gt_gc gc;
	struct gt_placed_event queue[GT_ORDER_QUEUE];
	unsigned head, tail;
};

/* One event being tried. m, p, g: what its stream holds; a handler writes new_p and new_g. */
struct gt_step {
	struct gt_order *o;
	const struct gt_generation *gen;
	struct gt_error *err;
	struct gt_placed_event ev;
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

/* Lookups; NULL when there is none. */
struct gt_g *gt_order_g(const struct gt_order *o, int64_t id);
struct gt_p *gt_order_p(const struct gt_order *o, int64_t id);
struct gt_m *gt_order_m(const struct gt_order *o, int64_t id);

/* New entries; NULL and the error in the step when memory is short. */
struct gt_g *gt_order_add_g(struct gt_step *s, int64_t id, uint8_t status);
struct gt_p *gt_order_add_p(struct gt_step *s, int64_t id, uint8_t status);
struct gt_m *gt_order_add_m(struct gt_step *s, int64_t id);
void gt_order_del_g(struct gt_order *o, struct gt_g *g);

/* Says what is wrong with the step's event. Always GT_BROKEN. */
enum gt_advance gt_order_broken(struct gt_step *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
enum gt_advance gt_order_no_memory(struct gt_step *s);

/* Whether the stream holds what `context` asks for; says what is missing when not. */
bool gt_order_holds(struct gt_step *s, enum gt_context context);

/* The running or otherwise `status` thread of the step's stream; NULL after saying that there is none. */
struct gt_g *gt_order_current_g(struct gt_step *s, uint8_t status);

/* Whether number `n` of this generation comes right behind `last`. */
bool gt_order_succeeds(const struct gt_step *s, uint64_t n, struct gt_seq last);

/* Places an event behind the ones that are there. */
void gt_order_place(struct gt_step *s, const struct gt_placed_event *ev);

/* Places the step's own event. Always GT_ADVANCED. */
enum gt_advance gt_order_done(struct gt_step *s);

#endif
