/* SPDX-License-Identifier: BSD-3-Clause */
/* Parsing of facts: every length is checked, and a record that does not fit its row is passed over. */
#include "fact.h"

#include "../shim/format/pack.h"

#include <string.h>

int gt_fact_is_ours(uint8_t experiment, const uint8_t *p, const uint8_t *end)
{
	return experiment == GT_FACTS_EXPERIMENT && end - p >= GT_FACTS_MAGIC_LEN &&
	       (memcmp(p, GT_FACTS_MAGIC, GT_FACTS_MAGIC_LEN) == 0 ||
		memcmp(p, GT_PACK_MAGIC, GT_FACTS_MAGIC_LEN) == 0);
}

static const uint8_t *field(const uint8_t *p, const uint8_t *end, char kind, struct gt_fact_record *fact, int i)
{
	uint64_t v;

	p = gt_varint_get(p, end, &v);
	if (p == NULL)
		return NULL;
	if (kind == 's') {
		fact->field[i].s = gt_unzigzag(v);
	} else if (kind != 't') {
		fact->field[i].u = v;
	} else {
		if (v > (uint64_t)(end - p))
			return NULL;
		fact->field[i].t.bytes = (const char *)p;
		fact->field[i].t.len = v;
		p += v;
	}
	return p;
}

static int fields(const uint8_t *p, const uint8_t *end, struct gt_fact_record *fact)
{
	const struct gt_fact_spec *spec = &gt_fact_spec[fact->number];

	for (int i = 0; i < spec->nfields && p != NULL; i++)
		p = field(p, end, spec->fields[i].kind, fact, i);
	return p != NULL;
}

int gt_fact_fields(uint8_t number, const uint8_t *p, size_t len, struct gt_fact_record *fact)
{
	*fact = (struct gt_fact_record){.number = number};
	return fields(p, p + len, fact);
}

int gt_fact_parse(uint8_t number, const uint8_t *body, size_t len, struct gt_fact_record *fact)
{
	const uint8_t *p = body, *end = body + len;

	*fact = (struct gt_fact_record){.number = number};
	if (gt_fact_spec[number].tied == GT_TIE_EVENT)
		p = gt_varint_get(p, end, &fact->position);
	return fields(p, end, fact);
}

const uint8_t *gt_fact_skip(const uint8_t **p, const uint8_t *end, uint8_t *number)
{
	const uint8_t *body;
	uint64_t len;

	if (*p >= end)
		return NULL;
	*number = *(*p)++;
	body = gt_varint_get(*p, end, &len);
	if (body == NULL || len > (uint64_t)(end - body)) {
		*p = end;
		return NULL;
	}
	*p = body + len;
	return body;
}

int gt_fact_next(const uint8_t **p, const uint8_t *end, struct gt_fact_record *fact)
{
	const uint8_t *body;
	uint8_t number;

	while ((body = gt_fact_skip(p, end, &number)) != NULL) {
		if (gt_fact_is_known(number) && gt_fact_parse(number, body, (size_t)(*p - body), fact))
			return 1;
	}
	return 0;
}
