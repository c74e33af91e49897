/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A table of threads, and four whose keys are two numbers and two texts, kept behind one another.
 */
#include "stats.h"

#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

struct thread {
	struct gt_stats_thread sum;
	UT_hash_handle hh;
};

struct row {
	struct gt_stats_row sum;
	UT_hash_handle hh;
	char key[]; /* both numbers, both texts with their NULs */
};

/* So many rows were found last, by the low bits of their numbers. */
enum { RECENT = 64 };

struct gt_stats {
	struct thread *threads;
	struct thread *recent[RECENT];
	size_t over; /* rows of threads that are over */
	struct gt_stats_thread others;
	struct row *rows[GT_STATS_TABLES];
	struct gt_stats_row *recent_row[GT_STATS_TABLES][RECENT]; /* of those without texts */
};

struct gt_stats *gt_stats_new(void)
{
	struct gt_stats *stats = gt_cli_alloc(1, sizeof(struct gt_stats));

	stats->others.g = GT_NONE;
	return stats;
}

static void forget(struct gt_stats *stats, struct thread *t)
{
	HASH_DEL(stats->threads, t);
	stats->recent[t->sum.g % RECENT] = NULL;
	gt_histogram_free(&t->sum.waits);
	free(t);
}

void gt_stats_free(struct gt_stats *stats)
{
	struct thread *t, *next_t;
	struct row *r, *next_r;

	if (stats == NULL)
		return;
	HASH_ITER (hh, stats->threads, t, next_t)
		forget(stats, t);
	gt_histogram_free(&stats->others.waits);
	for (int i = 0; i < GT_STATS_TABLES; i++) {
		HASH_ITER (hh, stats->rows[i], r, next_r) {
			HASH_DEL(stats->rows[i], r);
			gt_histogram_free(&r->sum.times);
			free(r);
		}
	}
	free(stats);
}

struct gt_stats_thread *gt_stats_find_thread(const struct gt_stats *stats, uint64_t g)
{
	struct thread *t;

	HASH_FIND(hh, stats->threads, &g, sizeof(g), t);
	return t != NULL ? &t->sum : NULL;
}

struct gt_stats_thread *gt_stats_thread(struct gt_stats *stats, uint64_t g)
{
	struct thread *t = stats->recent[g % RECENT];

	if (t != NULL && t->sum.g == g)
		return &t->sum;
	HASH_FIND(hh, stats->threads, &g, sizeof(g), t);
	if (t == NULL) {
		t = gt_cli_alloc(1, sizeof(*t));
		t->sum.g = g;
		t->sum.threads = 1;
		HASH_ADD(hh, stats->threads, sum.g, sizeof(g), t);
	}
	stats->recent[g % RECENT] = t;
	return &t->sum;
}

/* Puts a text and its NUL behind the key at `at`; what is too long is cut off. The new length. */
static size_t put_text(char *key, size_t at, const char *text)
{
	size_t len = strlen(text);

	len = len < GT_MAX_STRING ? len : GT_MAX_STRING;
	memcpy(key + at, text, len);
	key[at + len] = '\0';
	return at + len + 1;
}

struct gt_stats_row *gt_stats_row(struct gt_stats *stats, enum gt_stats_table table, uint64_t first, uint64_t second,
				  const char *text, const char *file)
{
	uint64_t number[2] = {first, second};
	char key[sizeof(number) + 2 * (size_t)(GT_MAX_STRING + 1)];
	size_t file_at, len;
	struct row *r;

	memcpy(key, number, sizeof(number));
	file_at = put_text(key, sizeof(number), text);
	len = put_text(key, file_at, file);
	HASH_FIND(hh, stats->rows[table], key, len, r);
	if (r != NULL)
		return &r->sum;
	r = gt_cli_alloc(1, sizeof(*r) + len);
	memcpy(r->key, key, len);
	memcpy(r->sum.number, number, sizeof(number));
	r->sum.text = r->key + sizeof(number);
	r->sum.file = r->key + file_at;
	HASH_ADD_KEYPTR(hh, stats->rows[table], r->key, len, r);
	return &r->sum;
}

struct gt_stats_row *gt_stats_number(struct gt_stats *stats, enum gt_stats_table table, uint64_t first, uint64_t second)
{
	/* Objects lie at multiples of powers of two. */
	struct gt_stats_row **recent = &stats->recent_row[table][(second * 0x9e3779b97f4a7c15u >> 32 ^ first) % RECENT];
	struct gt_stats_row *row = *recent;

	if (row == NULL || row->number[0] != first || row->number[1] != second)
		row = *recent = gt_stats_row(stats, table, first, second, "", "");
	return row;
}

void gt_stats_stay(struct gt_stats_thread *thread, enum gt_gstatus state, uint64_t ns)
{
	thread->in_state[state].count++;
	thread->in_state[state].total_ns += ns;
}

static int ascending(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static uint64_t life_of(const struct gt_stats_thread *t)
{
	uint64_t ns = 0;

	for (size_t i = 0; i < sizeof(t->in_state) / sizeof(t->in_state[0]); i++)
		ns += t->in_state[i].total_ns;
	return ns;
}

static int by_life(const void *a, const void *b)
{
	const struct gt_stats_thread *x = &(*(struct thread *const *)a)->sum, *y = &(*(struct thread *const *)b)->sum;
	int order = ascending(life_of(x), life_of(y));

	return order != 0 ? order : ascending(y->g, x->g);
}

static void share(struct gt_stats *stats, struct thread *t)
{
	struct gt_stats_thread *all = &stats->others;

	all->threads++;
	for (size_t i = 0; i < sizeof(all->in_state) / sizeof(all->in_state[0]); i++) {
		all->in_state[i].count += t->sum.in_state[i].count;
		all->in_state[i].total_ns += t->sum.in_state[i].total_ns;
	}
	gt_histogram_merge(&all->waits, &t->sum.waits);
	forget(stats, t);
	stats->over--;
}

/* Half of them at once: sorting then costs each of them little. */
static void share_shortest(struct gt_stats *stats)
{
	struct thread **list = gt_cli_alloc(stats->over, sizeof(struct thread *));
	size_t n = 0;

	for (struct thread *t = stats->threads; t != NULL; t = t->hh.next) {
		if (t->sum.over)
			list[n++] = t;
	}
	qsort(list, n, sizeof(struct thread *), by_life);
	for (size_t i = 0; i < n - GT_STATS_OVER; i++)
		share(stats, list[i]);
	free(list);
}

void gt_stats_over(struct gt_stats *stats, uint64_t g)
{
	struct gt_stats_thread *t = gt_stats_find_thread(stats, g);

	if (t == NULL || t->over)
		return;
	t->over = true;
	if (++stats->over / 2 == GT_STATS_OVER)
		share_shortest(stats);
}

static int by_g(const void *a, const void *b)
{
	return ascending((*(const struct gt_stats_thread *const *)a)->g,
			 (*(const struct gt_stats_thread *const *)b)->g);
}

int gt_stats_compare(const struct gt_stats_row *a, const struct gt_stats_row *b)
{
	int order = ascending(b->times.total, a->times.total);

	for (int i = 1; i >= 0 && order == 0; i--)
		order = ascending(a->number[i], b->number[i]);
	if (order == 0)
		order = strcmp(a->text, b->text);
	return order != 0 ? order : strcmp(a->file, b->file);
}

static int by_total(const void *a, const void *b)
{
	return gt_stats_compare(*(const struct gt_stats_row *const *)a, *(const struct gt_stats_row *const *)b);
}

const struct gt_stats_thread **gt_stats_threads(const struct gt_stats *stats, size_t *n)
{
	const struct gt_stats_thread **list = gt_cli_alloc(HASH_COUNT(stats->threads) + 1, sizeof(*list));

	*n = 0;
	for (const struct thread *t = stats->threads; t != NULL; t = t->hh.next)
		list[(*n)++] = &t->sum;
	qsort(list, *n, sizeof(*list), by_g);
	if (stats->others.threads != 0)
		list[(*n)++] = &stats->others;
	return list;
}

const struct gt_stats_row **gt_stats_rows(const struct gt_stats *stats, enum gt_stats_table table, size_t *n)
{
	const struct gt_stats_row **list = gt_cli_alloc(HASH_COUNT(stats->rows[table]), sizeof(*list));

	*n = 0;
	for (const struct row *r = stats->rows[table]; r != NULL; r = r->hh.next) {
		if (r->sum.times.count != 0)
			list[(*n)++] = &r->sum;
	}
	qsort(list, *n, sizeof(*list), by_total);
	return list;
}
