/* SPDX-License-Identifier: BSD-3-Clause */
#include "label.h"

#include "thread.h"

#include <stdatomic.h>

/* A range of string ids above those of tables.c. */
enum { FIRST_STRING = 1 << 17, PROBES = 16 };

enum state { FREE, TAKEN, READY };

/*
 * Law: a name is written by who took the row, before the row is ready, and not changed until the generation is over. Two
 * threads may add it twice.
 */
static struct label {
	_Atomic uint32_t state;
	char name[GT_LABEL_LEN];
} labels[2][GT_LABELS_MAX]; /* by generation parity */

static size_t length(const char *name)
{
	size_t len = 0;

	while (len < GT_LABEL_LEN - 1 && name[len])
		len++;
	return len;
}

static uint32_t hash(const char *name, size_t len)
{
	uint32_t h = 2166136261;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (uint8_t)name[i]) * 16777619;
	return (h ^ h >> 16) % GT_LABELS_MAX;
}

static bool is(const struct label *l, const char *name, size_t len)
{
	return __builtin_memcmp(l->name, name, len) == 0 && l->name[len] == 0;
}

/* Whether the row has this name, perhaps because it was free. */
static bool has(struct label *l, const char *name, size_t len)
{
	uint32_t seen = atomic_load_explicit(&l->state, memory_order_acquire);

	if (seen == FREE && atomic_compare_exchange_strong(&l->state, &seen, TAKEN)) {
		__builtin_memcpy(l->name, name, len);
		l->name[len] = 0;
		atomic_store_explicit(&l->state, READY, memory_order_release);
		return true;
	}
	return seen == READY && is(l, name, len);
}

gt_label_string_t gt_label_of(const char *name, uint32_t gen)
{
	size_t len = length(name);
	uint32_t at = hash(name, len);

	if (len == 0)
		return (gt_label_string_t){0};
	for (int i = 0; i < PROBES; i++, at = (at + 1) % GT_LABELS_MAX) {
		if (has(&labels[gen & 1][at], name, len))
			return (gt_label_string_t){FIRST_STRING + at};
	}
	gt_drop(GT_DROP_STRINGS);
	return (gt_label_string_t){0};
}

const char *gt_label_at(uint32_t place, uint32_t gen, gt_label_string_t *string)
{
	const struct label *l = &labels[gen & 1][place];

	if (atomic_load(&l->state) != READY)
		return NULL;
	string->v = FIRST_STRING + place;
	return l->name;
}

void gt_labels_forget(uint32_t gen)
{
	for (uint32_t i = 0; i < GT_LABELS_MAX; i++) {
		if (atomic_load_explicit(&labels[gen & 1][i].state, memory_order_relaxed) != FREE)
			atomic_store(&labels[gen & 1][i].state, FREE);
	}
}
