/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is copied: .eh_frame_hdr and .eh_frame, from the lowest to the highest byte that the sorted table names. The copy
 * keeps the distances inside, and all that rules are made of are distances.
 */
#include "afar.h"

#include "heap.h"
#include "os.h"
#include "peek.h"

enum {
	MIRRORS = 32,
	MIRROR_MOST = 64 << 20,
	KNOWN = 1 << 13,
	PAGE = 4096,
	HEAD = 12, /* of .eh_frame_hdr: versions, where .eh_frame is, how many rows */
	ROW = 8,
};

struct mirror {
	struct dl_find_object there; /* map_start NULL: not in use */
	struct dl_find_object here; /* eh_frame NULL: it can't be had */
	uint64_t shift; /* from there to here */
	void *map;
	size_t bytes;
	uint32_t serial; /* never twice */
	uint32_t round; /* in which it was seen to be the same still */
};

struct known {
	uint64_t pc;
	uint32_t mirror; /* its serial number, from 1 on */
	struct gt_rule rule;
};

static struct {
	struct mirror mirror[MIRRORS];
	struct known *known;
	uint32_t round;
	uint32_t serial;
} afar;

void gt_afar_begin(void)
{
	afar.round++;
}

static void drop(struct mirror *m)
{
	if (m->map)
		gt_os_unmap(m->map, m->bytes);
	__builtin_memset(m, 0, sizeof(*m));
}

static uint64_t max(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Where the last entry begins that the table of `rows` names, whose copy stands at `row`. */
static uint64_t last_entry(uint64_t head, const int32_t (*row)[2], uint32_t rows)
{
	uint64_t last = head;

	for (uint32_t i = 0; i < rows; i++)
		last = max(last, head + (uint64_t)(int64_t)row[i][1]);
	return last;
}

/* Copies the tables into m->map, whose first byte stands for `lo`. Where they end; 0: something is wrong with them. */
static uint64_t fetch(struct mirror *m, uint64_t lo, uint64_t hi)
{
	uint64_t head = (uint64_t)m->there.dlfo_eh_frame, table = head + HEAD, last;
	uint8_t *at = (uint8_t *)(head + m->shift);
	uint32_t rows, length;

	if (!gt_peek_afar(head, at, HEAD))
		return 0;
	__builtin_memcpy(&rows, at + HEAD - sizeof(rows), sizeof(rows));
	if (rows > (hi - table) / ROW || !gt_peek_afar(table, at + HEAD, (size_t)rows * ROW))
		return 0;
	last = last_entry(head, (const void *)(at + HEAD), rows);
	if (last < lo || last >= hi || !gt_peek_afar(last, &length, sizeof(length)) || length > hi - last)
		return 0;
	hi = max(last + sizeof(length) + length, table + (uint64_t)rows * ROW);
	return gt_peek_afar(lo, m->map, hi - lo) ? hi : 0;
}

static void make(struct mirror *m)
{
	uint64_t head = (uint64_t)m->there.dlfo_eh_frame, hi = (uint64_t)m->there.dlfo_map_end, lo;
	int32_t frames; /* .eh_frame, counted from here */

	if (!head || !gt_peek_afar(head + 4, &frames, sizeof(frames)))
		return;
	lo = head + 4 + (uint64_t)(int64_t)frames;
	lo = (lo < head ? lo : head) / PAGE * PAGE;
	if (lo < (uint64_t)m->there.dlfo_map_start || head + HEAD > hi || hi - lo > MIRROR_MOST)
		return;
	m->bytes = hi - lo;
	m->map = gt_os_map(m->bytes);
	if (!m->map)
		return;
	m->shift = (uint64_t)m->map - lo;
	hi = fetch(m, lo, hi);
	if (hi) {
		m->here = m->there;
		m->here.dlfo_map_start = m->map;
		m->here.dlfo_map_end = (void *)(hi + m->shift);
		m->here.dlfo_eh_frame = (void *)(head + m->shift);
	}
}

/* Tables of other code differ in their first page: in how many rows there are, and where functions begin. */
static bool is_same_still(const struct mirror *m)
{
	static uint8_t now[PAGE];
	uint64_t head = (uint64_t)m->there.dlfo_eh_frame;
	size_t len = (size_t)((uint64_t)m->here.dlfo_map_end - m->shift - head);

	if (!m->here.dlfo_eh_frame) /* nothing to compare, nothing to lose */
		return true;
	len = len < sizeof(now) ? len : sizeof(now);
	return gt_peek_afar(head, now, len) && __builtin_memcmp(now, (const void *)(head + m->shift), len) == 0;
}

static struct mirror *find(const struct dl_find_object *found)
{
	for (int i = 0; i < MIRRORS; i++) {
		struct mirror *m = &afar.mirror[i];

		if (m->there.dlfo_map_start == found->dlfo_map_start && m->there.dlfo_map_end == found->dlfo_map_end &&
		    m->there.dlfo_eh_frame == found->dlfo_eh_frame)
			return m;
	}
	return NULL;
}

static struct mirror *mirror_of(const struct dl_find_object *found)
{
	struct mirror *m = find(found);

	if (m && (m->round == afar.round || is_same_still(m))) {
		m->round = afar.round;
		return m;
	}
	if (!m)
		m = &afar.mirror[afar.serial % MIRRORS];
	drop(m);
	m->there = *found;
	m->serial = ++afar.serial;
	m->round = afar.round;
	make(m);
	gt_rules_note_change();
	return m;
}

static struct known *row_of(uint64_t pc)
{
	if (!afar.known)
		afar.known = gt_heap_take(KNOWN * sizeof(*afar.known));
	return afar.known ? &afar.known[(pc * UINT64_C(0x9e3779b97f4a7c15)) >> 51] : NULL;
}

const struct gt_rule *gt_rule_afar(uint64_t pc, struct gt_rules_work *work)
{
	static const struct gt_rule none;
	struct dl_find_object found;
	const struct mirror *m;
	struct known *known;
	uint64_t function;

	if (gt_rules_stays(pc))
		return gt_rule_of(pc, work);
	known = gt_function_loaded(pc, &found) ? row_of(pc) : NULL;
	if (!known)
		return &none;
	m = mirror_of(&found);
	if (!m->here.dlfo_eh_frame)
		return &none;
	if (known->pc != pc || known->mirror != m->serial) {
		gt_cfi_rule(&m->here, pc + m->shift, &known->rule, &function, &work->cfi);
		known->pc = pc;
		known->mirror = m->serial;
	}
	return &known->rule;
}
