/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which stacks and strings the batches of a generation name. Damage ends the walk over a batch: whoever reads it says so.
 *
 * {0} is empty. Exits with a complaint when memory is short.
 */
#ifndef GT_MENTIONS_H
#define GT_MENTIONS_H

#include "ids.h"

#include <stdint.h>

/* Ids, each once, in the order of their first mention. */
struct gt_mentioned {
	struct gt_ids known;
	uint64_t *ids;
	size_t n;
};

struct gt_mentions {
	struct gt_mentioned stacks, strings;
};

/* The payload of a batch of events, of facts (without the magic), or of samples (without the first byte). */
void gt_mentions_events(struct gt_mentions *mentions, const uint8_t *p, const uint8_t *end);
void gt_mentions_facts(struct gt_mentions *mentions, const uint8_t *p, const uint8_t *end);
void gt_mentions_samples(struct gt_mentions *mentions, const uint8_t *p, const uint8_t *end);

void gt_mentions_free(struct gt_mentions *mentions);

#endif
