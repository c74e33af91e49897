/* SPDX-License-Identifier: BSD-3-Clause */
/* Heads of batches and records of tables, taken apart without the decoder. */
#include "wire.h"

#include "shim/format/event.h"
#include "shim/format/header.h"
#include "shim/format/varint.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t *take(const uint8_t *p, const uint8_t *end, uint64_t *v)
{
	p = gt_varint_get(p, end, v);
	cr_assert_not_null(p);
	return p;
}

static const uint8_t *take_batch(struct gt_wire_batch *b, const uint8_t *p, const uint8_t *end)
{
	uint64_t len = 0;

	b->frame = *p++;
	cr_assert(b->frame == GT_FR_EventBatch || b->frame == GT_FR_ExperimentalBatch);
	if (b->frame == GT_FR_ExperimentalBatch)
		b->experiment = *p++;
	p = take(p, end, &b->gen);
	p = take(p, end, &b->m);
	p = take(p, end, &b->time);
	p = take(p, end, &len);
	cr_assert_leq(len, (uint64_t)(end - p));
	b->bytes = p;
	b->len = len;
	return p + len;
}

void gt_wire_read(struct gt_wire *w, const char *path)
{
	const uint8_t *p, *end;

	memset(w, 0, sizeof(*w));
	w->file = gt_temp_read(path, &w->size);
	cr_assert_geq(w->size, GT_HEADER_LEN);
	cr_assert_eq(memcmp(w->file, gt_header, GT_HEADER_LEN), 0);
	p = w->file + GT_HEADER_LEN;
	end = w->file + w->size;
	while (p < end) {
		w->batch = realloc(w->batch, (w->batches + 1) * sizeof(*w->batch));
		cr_assert_not_null(w->batch);
		memset(&w->batch[w->batches], 0, sizeof(*w->batch));
		p = take_batch(&w->batch[w->batches++], p, end);
	}
}

void gt_wire_free(struct gt_wire *w)
{
	free(w->batch);
	free(w->file);
}

size_t gt_wire_count(const struct gt_wire *w, uint64_t gen, uint8_t first)
{
	size_t n = 0;

	for (size_t i = 0; i < w->batches; i++)
		n += w->batch[i].gen == gen && w->batch[i].len > 0 && w->batch[i].bytes[0] == first;
	return n;
}

/* One record of a table: its number byte, id, and n bytes or n frames of four numbers. */
static const uint8_t *take_record(const uint8_t *p, const uint8_t *end, uint8_t table, uint64_t *id)
{
	uint64_t n = 0, v;

	cr_assert_eq(*p, table + 1);
	p = take(p + 1, end, id);
	p = take(p, end, &n);
	if (table == GT_FR_Strings)
		return p + n;
	for (uint64_t i = 0; i < 4 * n; i++)
		p = take(p, end, &v);
	return p;
}

bool gt_wire_has(const struct gt_wire *w, uint64_t gen, uint8_t table, uint64_t id)
{
	bool found = false;

	for (size_t i = 0; i < w->batches; i++) {
		const struct gt_wire_batch *b = &w->batch[i];
		const uint8_t *p = b->bytes + 1, *end = b->bytes + b->len;
		uint64_t seen;

		if (b->gen != gen || b->len == 0 || b->bytes[0] != table)
			continue;
		while (p < end) {
			p = take_record(p, end, table, &seen);
			found = found || seen == id;
		}
		cr_assert_eq(p, end);
	}
	return found;
}
