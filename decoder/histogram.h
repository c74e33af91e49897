/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How a set of durations is spread. Count, sum, least and greatest are exact; a quantile is off by less than 1 %, and
 * exact below 128 ns. Memory: 12 bytes for each of the at most 3776 buckets that something fell into.
 *
 * Starts as {0}. Exits with a complaint when memory is short.
 */
#ifndef GT_HISTOGRAM_H
#define GT_HISTOGRAM_H

#include <stdint.h>

struct gt_histogram {
	uint64_t count, total, min, max;
	uint64_t *cell; /* `cells` of them, by bucket: see histogram.c */
	unsigned cells, room;
};

void gt_histogram_add(struct gt_histogram *h, uint64_t v);

/* Adds all that `more` holds. */
void gt_histogram_merge(struct gt_histogram *h, const struct gt_histogram *more);

/* 0 when nothing was added, like the quantile. */
uint64_t gt_histogram_mean(const struct gt_histogram *h);

/* The value that `percent` (0..100) of all values do not exceed. */
uint64_t gt_histogram_quantile(const struct gt_histogram *h, unsigned percent);

void gt_histogram_free(struct gt_histogram *h);

#endif
