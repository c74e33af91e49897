/* SPDX-License-Identifier: BSD-3-Clause */
#include "stack_table.h"

#include "callers.h"
#include "live.h"
#include "os.h"
#include "stacks.h"
#include "thread.h"

#include <sys/mman.h>

enum {
	SLOTS = 1 << 15,
	PROBES = 64,
	LOOKS = 2, /* a program that ends before has no use for it, and would wait at its end */
};

/*
 * All addresses are return addresses, or look like them: the code that is meant lies in front.
 *
 * A stack is a head and its addresses in the live file, and its id is where the head stands. The upper half of the head is
 * its slot. A slot holds the id and the upper half of the hash. The heads are enough to find all stacks, also those that
 * lost a race and have no slot.
 */
static struct table {
	_Atomic uint64_t *slot;
	struct gt_live_stacks *live;
	int looks; /* of the writer, while its pages are not all there */
} tables[2]; /* by generation parity */

enum { SLOT_BYTES = SLOTS * sizeof(*tables[0].slot) };

/* The slots of a parent that was forked while it took stacks are not empty: they get new pages. */
bool gt_stack_table_start(void)
{
	for (int i = 0; i < 2; i++) {
		if (tables[i].slot)
			GT_SYSCALL(SYS_madvise, tables[i].slot, SLOT_BYTES, MADV_DONTNEED, 0);
		else
			tables[i].slot = gt_os_map(SLOT_BYTES);
		if (!tables[i].slot)
			return false;
	}
	return true;
}

void gt_stacks_attach(void)
{
	for (int i = 0; i < 2; i++) {
		tables[i].live = gt_live_at(gt_live_head()->stacks[i]);
		tables[i].looks = 0;
	}
}

void gt_stack_table_populate(uint32_t gen)
{
	struct table *t = &tables[gen & 1];

	if (!gt_live_is_prepared(gen) || t->looks == LOOKS || ++t->looks < LOOKS)
		return;
	gt_os_populate(t->slot, SLOT_BYTES);
	gt_os_populate(t->live, sizeof(*t->live) + atomic_load(&t->live->room) * sizeof(t->live->word[0]));
}

static uint64_t hash_of(const uint64_t *pc, uint32_t n)
{
	uint64_t h = n;

	for (uint32_t i = 0; i < n; i++)
		h += pc[i] * gt_callers_key[i];
	return h ^ h >> 29;
}

static bool is_same(const struct table *t, uint32_t id, const uint64_t *pc, uint32_t n)
{
	uint64_t differ = (uint32_t)t->live->word[id] ^ n;

	for (uint32_t i = 0; i < n && !differ; i++)
		differ = t->live->word[id + 1 + i] ^ pc[i];
	return !differ;
}

/* Where the stack is written, not yet to be found. 0: the table is full. */
static uint32_t add(struct table *t, const uint64_t *pc, uint32_t n)
{
	struct gt_live_stacks *live = t->live;
	uint32_t room = atomic_load_explicit(&live->room, memory_order_relaxed);
	uint32_t id = atomic_load_explicit(&live->used, memory_order_relaxed);
	uint64_t *to;

	do {
		if (id + 1 + n > room)
			return 0;
	} while (!atomic_compare_exchange_weak_explicit(&live->used, &id, id + 1 + n, memory_order_relaxed,
							memory_order_relaxed));
	to = &live->word[id];
	*to++ = n | (uint64_t)SLOTS << 32;
	while (n--)
		*to++ = *pc++;
	return id;
}

static gt_stack_t lost(void)
{
	gt_drop(GT_DROP_STACKS);
	return (gt_stack_t){0};
}

gt_stack_t gt_stack_intern(uint32_t gen, const uint64_t *pc, uint32_t n)
{
	struct table *t = &tables[gen & 1];
	uint64_t hash = hash_of(pc, n);
	uint32_t at = (uint32_t)(hash >> 32) % SLOTS, id = 0;

	for (int i = 0; i < PROBES; i++, at = (at + 1) % SLOTS) {
		uint64_t seen = atomic_load_explicit(&t->slot[at], memory_order_acquire);

		if (seen == 0) {
			id = id ? id : add(t, pc, n);
			if (id == 0)
				return lost();
			t->live->word[id] = n | (uint64_t)at << 32;
			if (atomic_compare_exchange_strong(&t->slot[at], &seen, hash >> 32 << 32 | id))
				return (gt_stack_t){id};
			t->live->word[id] = n | (uint64_t)SLOTS << 32;
		}
		if (seen >> 32 == hash >> 32 && is_same(t, (uint32_t)seen, pc, n))
			return (gt_stack_t){(uint32_t)seen};
	}
	return lost();
}

uint32_t gt_stacks_next(uint32_t gen, uint32_t id, const uint64_t **pc, uint32_t *n)
{
	struct table *t = &tables[gen & 1];

	id = id ? id + 1 + (uint32_t)t->live->word[id] : 1;
	if (id >= atomic_load(&t->live->used))
		return 0;
	*n = (uint32_t)t->live->word[id];
	*pc = &t->live->word[id + 1];
	return id;
}

void gt_stacks_forget(uint32_t gen)
{
	struct table *t = &tables[gen & 1];
	uint32_t n, id = 0;
	const uint64_t *pc;

	while ((id = gt_stacks_next(gen, id, &pc, &n))) {
		uint32_t at = (uint32_t)(t->live->word[id] >> 32);

		if (at < SLOTS)
			atomic_store_explicit(&t->slot[at], 0, memory_order_relaxed);
	}
	if (gt_live_is_prepared(gen))
		atomic_store(&t->live->used, 1);
}

void gt_stacks_reserve(void)
{
	enum { WORD = sizeof(uint64_t), HEAD = sizeof(struct gt_live_stacks), MOST = (GT_LIVE_STACKS - HEAD) / WORD };

	for (uint32_t i = 0; i < 2; i++) {
		struct gt_live_stacks *live = tables[i].live;
		uint64_t at = gt_live_head()->stacks[i] + HEAD, room, want;

		if (!gt_live_is_prepared(i))
			continue;
		room = atomic_load(&live->room);
		want = 8 * room < MOST ? 8 * room : MOST;
		if (room < MOST && atomic_load(&live->used) > room / 4 &&
		    gt_live_solid(at + room * WORD, at + want * WORD))
			atomic_store(&live->room, (uint32_t)want);
	}
}
