/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Three tables keyed by thread, by what is waited for, and by system call. Keys are the leading bytes of the
 * rows, zeroed before they are filled, so that padding compares equal.
 */
#include "stats.h"

#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

struct thread {
	struct gt_stats_thread sum;
	enum gt_gstatus state;
	uint64_t since;
	UT_hash_handle hh;
};

struct wait {
	struct gt_stats_wait sum;
	UT_hash_handle hh;
};

struct call {
	struct gt_stats_syscall sum;
	UT_hash_handle hh;
};

struct gt_stats {
	struct thread *threads;
	struct wait *waits;
	struct call *calls;
};

static void *allocate(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	if (p == NULL) {
		gt_cli_complain("not enough memory");
		exit(GT_EXIT_BROKEN);
	}
	return p;
}

struct gt_stats *gt_stats_new(void)
{
	return calloc(1, sizeof(struct gt_stats));
}

#define FREE_TABLE(table, row, next)                                                                                   \
	HASH_ITER (hh, table, row, next) {                                                                             \
		HASH_DEL(table, row);                                                                                  \
		free(row);                                                                                             \
	}

void gt_stats_free(struct gt_stats *stats)
{
	struct thread *t, *next_t;
	struct wait *w, *next_w;
	struct call *c, *next_c;

	if (stats == NULL)
		return;
	FREE_TABLE(stats->threads, t, next_t)
	FREE_TABLE(stats->waits, w, next_w)
	FREE_TABLE(stats->calls, c, next_c)
	free(stats);
}

void gt_tally_add(struct gt_tally *tally, uint64_t ns)
{
	tally->count++;
	tally->total_ns += ns;
	if (ns > tally->max_ns)
		tally->max_ns = ns;
}

static struct thread *thread_of(struct gt_stats *stats, uint64_t g)
{
	struct thread *t;

	HASH_FIND(hh, stats->threads, &g, sizeof(g), t);
	if (t != NULL)
		return t;
	t = allocate(1, sizeof(*t));
	t->sum.g = g;
	HASH_ADD(hh, stats->threads, sum.g, sizeof(g), t);
	return t;
}

void gt_stats_state(struct gt_stats *stats, uint64_t g, enum gt_gstatus state, uint64_t ns)
{
	struct thread *t = thread_of(stats, g);

	if (state == t->state)
		return;
	if (t->state != GT_G_Bad)
		gt_tally_add(&t->sum.in_state[t->state], ns > t->since ? ns - t->since : 0);
	t->state = state;
	t->since = ns;
}

void gt_stats_thread_name(struct gt_stats *stats, uint64_t g, uint64_t tid, const char *name)
{
	struct thread *t = thread_of(stats, g);

	t->sum.tid = tid;
	snprintf(t->sum.name, sizeof(t->sum.name), "%s", name);
}

void gt_stats_wait(struct gt_stats *stats, const char *reason, uint64_t primitive, uint64_t object, uint64_t ns)
{
	struct gt_stats_wait key;
	struct wait *w;

	memset(&key, 0, sizeof(key));
	snprintf(key.reason, sizeof(key.reason), "%s", reason);
	key.primitive = primitive;
	key.object = object;
	HASH_FIND(hh, stats->waits, &key, offsetof(struct gt_stats_wait, tally), w);
	if (w == NULL) {
		w = allocate(1, sizeof(*w));
		w->sum = key;
		HASH_ADD(hh, stats->waits, sum, offsetof(struct gt_stats_wait, tally), w);
	}
	gt_tally_add(&w->sum.tally, ns);
}

void gt_stats_syscall(struct gt_stats *stats, uint64_t number, int64_t result, uint64_t ns)
{
	struct call *c;

	HASH_FIND(hh, stats->calls, &number, sizeof(number), c);
	if (c == NULL) {
		c = allocate(1, sizeof(*c));
		c->sum.number = number;
		HASH_ADD(hh, stats->calls, sum.number, sizeof(number), c);
	}
	/* INT64_MIN stands for a result that was not recorded. */
	c->sum.errors += result < 0 && result != INT64_MIN;
	gt_tally_add(&c->sum.tally, ns);
}

void gt_stats_finish(struct gt_stats *stats, uint64_t ns)
{
	for (struct thread *t = stats->threads; t != NULL; t = t->hh.next)
		gt_stats_state(stats, t->sum.g, GT_G_Bad, ns);
}

static int descending(uint64_t a, uint64_t b)
{
	return (a < b) - (a > b);
}

static int by_g(const void *a, const void *b)
{
	return descending((*(const struct gt_stats_thread *const *)b)->g,
			  (*(const struct gt_stats_thread *const *)a)->g);
}

static int by_wait(const void *a, const void *b)
{
	const struct gt_stats_wait *x = *(const struct gt_stats_wait *const *)a;
	const struct gt_stats_wait *y = *(const struct gt_stats_wait *const *)b;
	int order = descending(x->tally.total_ns, y->tally.total_ns);

	return order != 0 ? order : descending(y->object, x->object);
}

static int by_call(const void *a, const void *b)
{
	const struct gt_stats_syscall *x = *(const struct gt_stats_syscall *const *)a;
	const struct gt_stats_syscall *y = *(const struct gt_stats_syscall *const *)b;
	int order = descending(x->tally.total_ns, y->tally.total_ns);

	return order != 0 ? order : descending(y->number, x->number);
}

#define LIST(function, type, row, table, compare)                                                                      \
	const struct type **function(const struct gt_stats *stats, size_t *n)                                          \
	{                                                                                                              \
		const struct type **list = allocate(HASH_COUNT(stats->table), sizeof(*list));                          \
                                                                                                                       \
		*n = 0;                                                                                                \
		for (const struct row *r = stats->table; r != NULL; r = r->hh.next)                                    \
			list[(*n)++] = &r->sum;                                                                        \
		qsort(list, *n, sizeof(*list), compare);                                                               \
		return list;                                                                                           \
	}

LIST(gt_stats_threads, gt_stats_thread, thread, threads, by_g)
LIST(gt_stats_waits, gt_stats_wait, wait, waits, by_wait)
LIST(gt_stats_syscalls, gt_stats_syscall, call, calls, by_call)
