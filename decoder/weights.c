/* SPDX-License-Identifier: BSD-3-Clause */
#include "weights.h"

#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

struct row {
	uint64_t sum;
	UT_hash_handle hh;
	size_t len;
	char text[];
};

struct gt_weights {
	struct row *rows;
};

struct gt_weights *gt_weights_new(void)
{
	return gt_cli_alloc(1, sizeof(struct gt_weights));
}

void gt_weights_free(struct gt_weights *weights)
{
	struct row *row, *next;

	if (weights == NULL)
		return;
	HASH_ITER (hh, weights->rows, row, next) {
		HASH_DEL(weights->rows, row);
		free(row);
	}
	free(weights);
}

uint64_t *gt_weights_of(struct gt_weights *weights, const char *text, size_t len)
{
	struct row *row;

	HASH_FIND(hh, weights->rows, text, len, row);
	if (row != NULL)
		return &row->sum;
	row = gt_cli_alloc(1, sizeof(*row) + len);
	row->len = len;
	memcpy(row->text, text, len);
	HASH_ADD_KEYPTR(hh, weights->rows, row->text, row->len, row);
	return &row->sum;
}

static int by_text(const struct row *a, const struct row *b)
{
	int order = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);

	return order != 0 ? order : (a->len > b->len) - (a->len < b->len);
}

void gt_weights_print(struct gt_weights *weights, struct gt_out *out)
{
	HASH_SORT(weights->rows, by_text);
	for (const struct row *row = weights->rows; row != NULL; row = row->hh.next) {
		if (row->sum == 0)
			continue;
		gt_out_bytes(out, row->text, row->len);
		gt_out_char(out, ' ');
		gt_out_u64(out, row->sum);
		gt_out_char(out, '\n');
		gt_out_relax(out);
	}
}
