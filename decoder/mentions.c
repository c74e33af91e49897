/* SPDX-License-Identifier: BSD-3-Clause */
#include "mentions.h"

#include "../shim/format/spec.h"
#include "../shim/format/varint.h"
#include "cli.h"
#include "fact.h"

#include <stdlib.h>
#include <string.h>

/* Id 0 is always there. */
static void add(struct gt_mentioned *to, uint64_t id)
{
	if (id == 0 || gt_ids_find(&to->known, id) != NULL)
		return;
	if ((to->n & (to->n - 1)) == 0)
		to->ids = gt_cli_grow(to->ids, to->n == 0 ? 1 : 2 * to->n, sizeof(*to->ids));
	to->ids[to->n++] = id;
	if (!gt_ids_add(&to->known, id, to))
		gt_cli_no_memory();
}

static void add_arg(struct gt_mentions *mentions, enum gt_arg_kind kind, uint64_t id)
{
	if (kind == GT_ARG_stack)
		add(&mentions->stacks, id);
	else if (kind == GT_ARG_string)
		add(&mentions->strings, id);
}

void gt_mentions_events(struct gt_mentions *mentions, const uint8_t *p, const uint8_t *end)
{
	while (p != NULL && p < end && gt_event_is_timed(*p)) {
		const struct gt_event_spec *spec = &gt_event_spec[*p];
		uint64_t v;

		p = gt_varint_get(p + 1, end, &v);
		for (int i = 0; i < spec->nargs && p != NULL; i++) {
			p = gt_varint_get(p, end, &v);
			if (p != NULL)
				add_arg(mentions, spec->args[i].kind, v);
		}
	}
}

void gt_mentions_facts(struct gt_mentions *mentions, const uint8_t *p, const uint8_t *end)
{
	struct gt_fact_record fact;

	while (gt_fact_next(&p, end, &fact)) {
		if (fact.number == GT_FACT_SyscallStack)
			add(&mentions->stacks, fact.field[0].u);
	}
}

void gt_mentions_samples(struct gt_mentions *mentions, const uint8_t *p, const uint8_t *end)
{
	while (p != NULL && p < end && *p == GT_FR_CPUSample) {
		uint64_t v = 0;

		p++;
		for (int i = 0; i < 5 && p != NULL; i++)
			p = gt_varint_get(p, end, &v);
		if (p != NULL)
			add(&mentions->stacks, v);
	}
}

static void free_ids(struct gt_mentioned *mentioned)
{
	gt_ids_free(&mentioned->known);
	free(mentioned->ids);
}

void gt_mentions_free(struct gt_mentions *mentions)
{
	free_ids(&mentions->stacks);
	free_ids(&mentions->strings);
	memset(mentions, 0, sizeof(*mentions));
}
