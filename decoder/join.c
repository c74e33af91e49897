/* SPDX-License-Identifier: BSD-3-Clause */
#include "join.h"

#include "cli.h"
#include "fact.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int unrelated(struct gt_error *err, const char *words)
{
	return gt_error_set(err, GT_ERR_ORDER, "does not go with the files before it: %s", words);
}

/* 0 and the number noted; -1 when another one was said before. */
static int agree(uint64_t *known, uint64_t said)
{
	if (said == 0 || *known == said)
		return 0;
	if (*known != 0)
		return -1;
	*known = said;
	return 0;
}

/* Every part of a recording says whose it is, if any does. */
static int check_identity(struct gt_join *join, struct gt_slice *slice)
{
	int result = 0;

	for (const struct gt_batch *b = slice->first; b != NULL; b = b->next) {
		const uint8_t *end, *p = gt_slice_facts(slice, b, &end);
		struct gt_fact_record fact;

		while (p != NULL && gt_fact_next(&p, end, &fact)) {
			if (fact.number == GT_FACT_Process)
				result |= agree(&join->pid, fact.field[0].u);
			else if (fact.number == GT_FACT_Origin)
				result |= agree(&join->started, fact.field[0].u);
		}
	}
	return result;
}

static const struct gt_stretch *seen(const struct gt_join *join, uint64_t gen)
{
	if (join->count == 0 || gen < join->seen[0].gen || gen - join->seen[0].gen >= join->count)
		return NULL;
	return &join->seen[gen - join->seen[0].gen];
}

static void note(struct gt_join *join, const struct gt_stretch *stretch)
{
	if (join->count == join->room) {
		join->room = join->room == 0 ? 16 : 2 * join->room;
		join->seen = gt_cli_grow(join->seen, join->room, sizeof(*join->seen));
	}
	join->seen[join->count++] = *stretch;
}

/* What was carried over into a part is in the parts before it. */
static void drop_carried(struct gt_slice *slice)
{
	while (gt_carry_leads(slice))
		slice->first = slice->first->next;
}

static int add_slice(struct gt_join *join, struct gt_slice *slice, struct gt_error *err)
{
	const struct gt_stretch *is = &slice->is, *last = join->count > 0 ? &join->seen[join->count - 1] : NULL;
	const struct gt_stretch *old = seen(join, is->gen);
	char words[120];

	if (check_identity(join, slice) != 0)
		return unrelated(err, "it is of another process");
	if (old != NULL && gt_stretch_same(old, is))
		return 0;
	if (old != NULL) {
		snprintf(words, sizeof(words), "its generation %" PRIu64 " is another one", is->gen);
		return unrelated(err, words);
	}
	if (last != NULL && is->gen != last->gen + 1) {
		snprintf(words, sizeof(words), "generation %" PRIu64 " cannot follow generation %" PRIu64, is->gen,
			 last->gen);
		return unrelated(err, words);
	}
	if (last != NULL && is->from < last->from)
		return unrelated(err, "it is older");
	if (last != NULL)
		drop_carried(slice);
	gt_splice_add(join->splice, slice, NULL);
	note(join, is);
	return 0;
}

int gt_join_add(struct gt_join *join, struct gt_input *in, int minor, struct gt_error *err)
{
	struct gt_slice slice = {0};
	int more = 0;

	if (join->minor != 0 && join->minor != minor)
		return unrelated(err, "it is of another version");
	join->minor = minor;
	while (!join->splice->out.failed && more >= 0) {
		more = gt_slice_read(&slice, in, err);
		if (more == 0)
			break;
		if (more > 0)
			more = add_slice(join, &slice, err);
	}
	gt_slice_free(&slice);
	return more < 0 ? -1 : 0;
}

void gt_join_free(struct gt_join *join)
{
	free(join->seen);
}
