/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the events so far say of each goroutine while it lives: its name, since when it is in its state, what it
 * waits for. Every event must be told, in order, whoever is shown afterwards: names and durations depend on it.
 *
 * Single thread. Exits with a complaint when memory is short.
 */
#ifndef GT_LIFE_H
#define GT_LIFE_H

#include "map.h"
#include "trace_event.h"

#include <stdbool.h>

enum { GT_LIFE_NAME = 16, GT_LIFE_REASON = 64, GT_LIFE_SHOWN = 96, GT_LIFE_COLUMN = 128 };

/* What a goroutine waits for, or which call it is in. */
struct gt_pause {
	char reason[GT_LIFE_REASON];
	uint64_t primitive, object; /* GT_PRIM_NONE: unknown */
	uint64_t call; /* number of the system call; GT_NONE: none, or unknown */
	int64_t descriptor; /* of the object or the call; -1: none */
};

struct gt_life {
	uint64_t g;
	uint64_t tid; /* as its name says; 0: unknown */
	char name[GT_LIFE_NAME]; /* "": unknown. A coroutine's is its label, else its function */
	char show[GT_LIFE_SHOWN]; /* for whoever prints it: number and name */
	uint8_t shown; /* its length; 0: not put together since the name was given */
	char column[GT_LIFE_COLUMN]; /* the same with a thread, as a column */
	uint8_t column_len; /* 0: not put together since then */
	int64_t column_m; /* which thread; -1: none */
	bool placed; /* `since` is known */
	bool is_coroutine;
	int64_t since; /* in its present state */
	struct gt_pause pause; /* the last one */
	uint8_t state; /* enum gt_go_state */
	void *user[2]; /* for whoever tells the events */
	UT_hash_handle hh, hh_tid;
};

/* An event with what those before it make of it. Lives until the next event is told. */
struct gt_moment {
	const struct gt_trace_event *ev;
	struct gt_life *author; /* whose thread wrote it, as far as that is known, or NULL */
	struct gt_life *subject; /* the goroutine in transition, or NULL */
	const struct gt_pause *pause; /* the one that begins or ends here, or NULL */
	uint64_t call; /* that begins, ends, or has its result here; GT_NONE */
	int64_t stay; /* nanoseconds in the state that ends; -1: none ends, or unknown */
};

struct gt_lives;

struct gt_lives *gt_lives_new(void);
void gt_lives_free(struct gt_lives *lives);

/* Takes a name in: the last one counts; and what a thread waits for whose wait is older than the trace. */
void gt_lives_fact(struct gt_lives *lives, const struct gt_fact_record *fact);

/* Tells an event. Whose life ends with it is forgotten when the next one is told. */
void gt_lives_event(struct gt_lives *lives, const struct gt_trace_event *ev, struct gt_moment *moment);

/* The life of a goroutine, begun if need be. */
struct gt_life *gt_lives_of(struct gt_lives *lives, uint64_t g);

/* The first of all lives; hh.next leads to the others. NULL: there is none. */
struct gt_life *gt_lives_first(struct gt_lives *lives);

/* "" when there is no such goroutine or it has no name. */
const char *gt_lives_name(const struct gt_lives *lives, uint64_t g);

#endif
