/* SPDX-License-Identifier: BSD-3-Clause */
#include "carry.h"

#include "../shim/format/varint.h"
#include "cli.h"
#include "fact.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

/* A record as it stands in a batch: number, length, body. */
struct gt_carried {
	UT_hash_handle hh;
	size_t key_len; /* how much of the key tells it from others */
	size_t len;
	uint8_t *key; /* number, and the field that names it, or the whole body */
	uint8_t bytes[];
};

/* A fact that names somebody replaces what was said of him; any other is kept once. */
static size_t naming_part(uint8_t number, const uint8_t *body, const uint8_t *end)
{
	const uint8_t *p;
	uint64_t v;

	if (number != GT_FACT_ThreadName && number != GT_FACT_Dropped)
		return (size_t)(end - body);
	p = gt_varint_get(body, end, &v);
	return (size_t)((p != NULL ? p : end) - body);
}

static void keep(struct gt_carry *carry, const uint8_t *record, const uint8_t *body, const uint8_t *end)
{
	size_t len = (size_t)(end - record), named = 1 + naming_part(*record, body, end);
	struct gt_carried *c = gt_cli_alloc(1, sizeof(*c) + len + named), *old;

	c->len = len;
	c->key_len = named;
	c->key = c->bytes + len;
	memcpy(c->bytes, record, len);
	c->key[0] = *record;
	memcpy(c->key + 1, body, named - 1);
	HASH_FIND(hh, carry->all, c->key, c->key_len, old);
	if (old != NULL) {
		HASH_DEL(carry->all, old);
		free(old);
	}
	HASH_ADD_KEYPTR(hh, carry->all, c->key, c->key_len, c);
}

static bool is_carried(uint8_t number)
{
	return gt_fact_is_known(number) && gt_fact_spec[number].tied == GT_TIE_FREE && number != GT_FACT_Clock &&
	       number != GT_FACT_Stopped && number != GT_FACT_Waiting;
}

static void take_record(struct gt_carry *carry, const uint8_t *record, const uint8_t *end)
{
	uint8_t number;
	const uint8_t *p = record, *body = gt_fact_skip(&p, end, &number);

	if (is_carried(number))
		keep(carry, record, body, p);
}

/* `newest_first`: a thread fills its batch from the end, so that what it said last stands first. */
static void take_facts(struct gt_carry *carry, const uint8_t *p, const uint8_t *end, bool newest_first)
{
	const uint8_t **records = gt_cli_alloc((size_t)(end - p) / 2 + 1, sizeof(*records));
	uint8_t number;
	size_t n = 0;

	for (records[0] = p; gt_fact_skip(&p, end, &number) != NULL; records[++n] = p)
		;
	for (size_t i = 0; i < n; i++)
		take_record(carry, records[newest_first ? n - 1 - i : i], end);
	free(records);
}

void gt_carry_take(struct gt_carry *carry, struct gt_slice *slice)
{
	for (const struct gt_batch *b = slice->first; b != NULL; b = b->next) {
		const uint8_t *end, *p = gt_slice_facts(slice, b, &end);

		if (p != NULL)
			take_facts(carry, p, end, b->m != -1);
	}
}

/* How many of the records from `c` on fit in one batch; *len is their size. */
static int fit(const struct gt_carried *c, size_t *len)
{
	int n = 0;

	*len = GT_FACTS_MAGIC_LEN;
	for (; c != NULL && *len + c->len <= GT_MAX_PAYLOAD; c = c->hh.next, n++)
		*len += c->len;
	return n;
}

void gt_carry_write(const struct gt_carry *carry, uint64_t gen, struct gt_out *out)
{
	const struct gt_carried *c = carry->all;
	size_t len;

	for (int n; (n = fit(c, &len)) > 0;) {
		gt_slice_head(out, GT_FACTS_EXPERIMENT, gen, -1, 0, len);
		gt_out_bytes(out, GT_FACTS_MAGIC, GT_FACTS_MAGIC_LEN);
		for (; n > 0; n--, c = c->hh.next)
			gt_out_bytes(out, c->bytes, c->len);
	}
}

bool gt_carry_leads(struct gt_slice *slice)
{
	const uint8_t *end;

	return slice->first != NULL && slice->first->m == -1 && gt_slice_facts(slice, slice->first, &end) != NULL;
}

void gt_carry_free(struct gt_carry *carry)
{
	struct gt_carried *c, *next;

	HASH_ITER (hh, carry->all, c, next) {
		HASH_DEL(carry->all, c);
		free(c);
	}
}
