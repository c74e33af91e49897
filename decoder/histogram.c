/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Buckets: values below 128 have one each; above, each power of two is cut into 64. A cell holds the number of its
 * bucket in its upper bits and the count in the lower ones; cells are sorted, and only those are there that something
 * fell into, since most sets are small and lie close together. Behind them lies for every few buckets, by the lowest bits
 * of their numbers, where one of them was found last.
 */
#include "histogram.h"

#include "cli.h"

#include <stdlib.h>
#include <string.h>

enum { SUB_BITS = 6, COUNT_BITS = 52 };

#define SUB (1u << SUB_BITS)
#define COUNT_MASK ((UINT64_C(1) << COUNT_BITS) - 1)

static unsigned bucket_of(uint64_t v)
{
	int shift = v < UINT64_C(2) << SUB_BITS ? 0 : 63 - __builtin_clzll(v) - SUB_BITS;

	return (unsigned)shift * SUB + (unsigned)(v >> shift);
}

/* The middle of a bucket. */
static uint64_t value_of(unsigned bucket)
{
	unsigned shift = bucket < 2 * SUB ? 0 : bucket / SUB - 1;
	uint64_t first = (uint64_t)(bucket - shift * SUB) << shift;

	return first + ((UINT64_C(1) << shift) - 1) / 2;
}

enum { HINTS_A_CELL = 2 };

static inline uint16_t *hint_of(const struct gt_histogram *h, unsigned bucket)
{
	return (uint16_t *)(h->cell + h->room) + (bucket & (HINTS_A_CELL * h->room - 1));
}

/* Where the cell of a bucket is, or belongs. */
static unsigned place_of(const struct gt_histogram *h, unsigned bucket)
{
	unsigned low = 0, high = h->cells;

	while (low < high) {
		unsigned mid = (low + high) / 2;

		if (h->cell[mid] >> COUNT_BITS < bucket)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void insert(struct gt_histogram *h, unsigned at, unsigned bucket)
{
	if (h->cells == h->room) {
		unsigned room = h->room == 0 ? 4 : 2 * h->room;
		uint64_t *cell = gt_cli_alloc(room, sizeof(*cell) + HINTS_A_CELL * sizeof(uint16_t));

		if (h->cells > 0)
			memcpy(cell, h->cell, h->cells * sizeof(*cell));
		free(h->cell);
		h->cell = cell;
		h->room = room;
	}
	memmove(h->cell + at + 1, h->cell + at, (h->cells - at) * sizeof(*h->cell));
	h->cell[at] = (uint64_t)bucket << COUNT_BITS;
	h->cells++;
}

static void add_to_cell(struct gt_histogram *h, unsigned bucket, uint64_t count)
{
	unsigned at = h->cells != 0 ? *hint_of(h, bucket) : 0;

	if (at >= h->cells || h->cell[at] >> COUNT_BITS != bucket) {
		at = place_of(h, bucket);
		if (at == h->cells || h->cell[at] >> COUNT_BITS != bucket)
			insert(h, at, bucket);
		*hint_of(h, bucket) = (uint16_t)at;
	}
	h->cell[at] += count;
}

void gt_histogram_add(struct gt_histogram *h, uint64_t v)
{
	add_to_cell(h, bucket_of(v), 1);
	h->min = h->count == 0 || v < h->min ? v : h->min;
	h->max = v > h->max ? v : h->max;
	h->count++;
	h->total += v;
}

void gt_histogram_merge(struct gt_histogram *h, const struct gt_histogram *more)
{
	if (more->count == 0)
		return;
	for (unsigned i = 0; i < more->cells; i++)
		add_to_cell(h, (unsigned)(more->cell[i] >> COUNT_BITS), more->cell[i] & COUNT_MASK);
	h->min = h->count == 0 || more->min < h->min ? more->min : h->min;
	h->max = more->max > h->max ? more->max : h->max;
	h->count += more->count;
	h->total += more->total;
}

uint64_t gt_histogram_mean(const struct gt_histogram *h)
{
	return h->count != 0 ? h->total / h->count : 0;
}

uint64_t gt_histogram_quantile(const struct gt_histogram *h, unsigned percent)
{
	uint64_t rank = h->count / 100 * percent + (h->count % 100 * percent + 99) / 100;
	uint64_t seen = 0, v = 0;

	if (rank == h->count)
		return h->max;
	for (unsigned i = 0; i < h->cells; i++) {
		seen += h->cell[i] & COUNT_MASK;
		v = value_of((unsigned)(h->cell[i] >> COUNT_BITS));
		if (seen >= rank)
			break;
	}
	if (v < h->min)
		return h->min;
	return v > h->max ? h->max : v;
}

void gt_histogram_free(struct gt_histogram *h)
{
	free(h->cell);
	*h = (struct gt_histogram){0};
}
