/* SPDX-License-Identifier: BSD-3-Clause */
#include "kinds.h"

#include "status.h"
#include "thread.h"

#include <stdatomic.h>

/* A range of string ids between those of status.h and those of tables.c. */
enum { FIRST_STRING = 32 };
_Static_assert(GT_STRING_STOP + GT_STOP_REASONS <= FIRST_STRING, "reasons and kinds have strings of their own");

enum state { FREE, TAKEN, READY };

/* Law: written by who took the row, before it is ready, and never changed. Two threads may add a kind twice. */
static struct kind {
	_Atomic uint32_t state;
	char text[GT_KIND_LEN];
} kinds[GT_KINDS_MAX];

static size_t length(const char *text)
{
	size_t len = 0;

	while (len < GT_KIND_LEN - 1 && text[len])
		len++;
	return len;
}

static bool has(struct kind *k, const char *text, size_t len)
{
	uint32_t seen = atomic_load_explicit(&k->state, memory_order_acquire);

	if (seen == FREE && atomic_compare_exchange_strong(&k->state, &seen, TAKEN)) {
		__builtin_memcpy(k->text, text, len);
		k->text[len] = 0;
		atomic_store_explicit(&k->state, READY, memory_order_release);
		return true;
	}
	return seen == READY && __builtin_memcmp(k->text, text, len) == 0 && k->text[len] == 0;
}

gt_kind_string_t gt_kind_of(const char *kind)
{
	size_t len = length(kind);

	for (uint32_t i = 0; i < GT_KINDS_MAX; i++) {
		if (has(&kinds[i], kind, len))
			return (gt_kind_string_t){FIRST_STRING + i};
	}
	gt_drop(GT_DROP_STRINGS);
	return (gt_kind_string_t){gt_block_string(GT_BLOCK_GENERIC).v};
}

const char *gt_kind_at(uint32_t place, gt_kind_string_t *string)
{
	if (atomic_load_explicit(&kinds[place].state, memory_order_acquire) != READY)
		return NULL;
	string->v = FIRST_STRING + place;
	return kinds[place].text;
}
