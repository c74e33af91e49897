/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A row is claimed, filled, and published by its address; its rule, in brief and whole, never changes again. When its
 * module is gone it is buried in place and not used any more, so that whoever still reads it can't see half of another
 * one. Two threads may learn the same address at the same time: then it has two rows, which say the same; so has one that was
 * learned among fewer rows.
 */
#include "rules.h"

#include "elf_note.h"
#include "heap.h"
#include "thread.h"

enum {
	HEADERS = 4096, /* a page: what of a file is surely there */
	SEGMENTS = 32,
	NOTICED = 1024,
	NOTICE_PROBES = 8,
};

enum staying { PROGRAM, LIBC, OWN, STAYING };

/* Addresses of no code. */
enum { FREE, CLAIMED, BURIED };

/* The parts, the first is the smallest; between two lie rows to search on. */
enum {
	ROWS_SOME = 1 << 11,
	ROWS_MORE = 1 << 13,
	SOME = GT_RULE_ROWS_FEW + GT_RULE_PROBES,
	MORE = SOME + ROWS_SOME + GT_RULE_PROBES,
	ALL = MORE + ROWS_MORE + GT_RULE_PROBES,
	ROWS = ALL + GT_RULE_ROWS_ALL + GT_RULE_PROBES,
};

static struct gt_rule_row rows[ROWS] __attribute__((aligned(64)));

static const struct gt_rule_part parts[] = {
	{rows, GT_RULE_ROWS_FEW - 1},
	{rows + SOME, ROWS_SOME - 1},
	{rows + MORE, ROWS_MORE - 1},
	{rows + ALL, GT_RULE_ROWS_ALL - 1},
};
static const struct gt_rule_part *const largest = parts + sizeof(parts) / sizeof(*parts) - 1;

_Atomic(const struct gt_rule_part *) gt_rule_part = parts;

static struct {
	struct gt_rule *rule; /* of each row */
	gt_find_object_fn *find;
	struct gt_starts starts;
	struct gt_loaded stays[STAYING]; /* what is never unloaded */
	_Atomic uint64_t noticed[NOTICED];
	_Atomic uint32_t changes;
	_Atomic uint32_t kept; /* how many rules, in all parts */
} rules;

/* The beginning of the build id in a stretch of notes; 0: there is none. */
static uint32_t build_id_in(const char *notes, uint64_t size)
{
	const uint8_t *id;
	uint32_t len, start;

	id = gt_elf_note_build_id((const uint8_t *)notes, size, &len);
	if (!id || len < sizeof(start))
		return 0;
	__builtin_memcpy(&start, id, sizeof(start));
	return start;
}

/* From the headers in memory: the code is on the caller's stack, so that it is not unloaded meanwhile. */
static uint32_t build_id_of(const struct dl_find_object *found)
{
	const char *start = found->dlfo_map_start, *bias = NULL;
	uint64_t size = (uint64_t)((const char *)found->dlfo_map_end - start);
	const Elf64_Ehdr *head = found->dlfo_map_start;
	const Elf64_Phdr *segment = (const void *)(start + sizeof(*head));

	if (size < HEADERS || __builtin_memcmp(head->e_ident, ELFMAG, SELFMAG) != 0 || head->e_phoff != sizeof(*head))
		return 0;
	for (int i = 0; i < head->e_phnum && i < SEGMENTS; i++, segment++) {
		if (segment->p_type == PT_LOAD && !bias)
			bias = start - segment->p_vaddr / HEADERS * HEADERS;
		if (segment->p_type == PT_NOTE && bias && segment->p_memsz < HEADERS &&
		    (uint64_t)(bias + segment->p_vaddr - start) < size - HEADERS) {
			uint32_t id = build_id_in(bias + segment->p_vaddr, segment->p_memsz);

			if (id)
				return id;
		}
	}
	return 0;
}

/* Never 0. */
static uint32_t mark_of(const struct dl_find_object *found)
{
	uint64_t mark = (uint64_t)found->dlfo_map_start * 3 ^ (uint64_t)found->dlfo_eh_frame * 5 ^
			(uint64_t)found->dlfo_map_end * 7;

	mark = (uint32_t)(mark >> 12 ^ mark >> 44) ^ build_id_of(found);
	return mark ? (uint32_t)mark : 1;
}

/* Whether something new is where it is: counts it once. A hint for who keeps names, so that races may count twice. */
static void notice(const struct gt_loaded *object)
{
	uint64_t start = (uint64_t)object->found.dlfo_map_start >> 12;
	uint64_t word = start << 32 | object->mark;
	uint32_t at = (uint32_t)(start * UINT64_C(0x9e3779b97f4a7c15) >> 54);

	for (int i = 0; i < NOTICE_PROBES; i++, at = (at + 1) % NOTICED) {
		uint64_t seen = atomic_load_explicit(&rules.noticed[at], memory_order_relaxed);

		if (seen == word)
			return;
		if (seen == 0 || seen >> 32 == (uint32_t)start)
			break;
	}
	atomic_store_explicit(&rules.noticed[at], word, memory_order_relaxed);
	atomic_fetch_add(&rules.changes, 1);
}

static bool is_object(const struct gt_loaded *a, enum staying b)
{
	return a->found.dlfo_map_start == rules.stays[b].found.dlfo_map_start;
}

static bool find_object(uint64_t pc, struct gt_loaded *object)
{
	if (!gt_object_find(rules.find, pc, &object->found)) {
		object->found.dlfo_map_start = object->found.dlfo_map_end = NULL;
		return false;
	}
	object->mark = mark_of(&object->found);
	object->flags = (is_object(object, OWN) ? GT_RULE_OWN : 0) | (is_object(object, LIBC) ? GT_RULE_LIBC : 0);
	notice(object);
	return true;
}

bool gt_rules_start(gt_find_object_fn *find, const struct gt_starts *starts)
{
	if (!find)
		return false;
	rules.find = find;
	rules.starts = *starts;
	find_object((uint64_t)starts->own, &rules.stays[OWN]);
	find_object((uint64_t)starts->libc, &rules.stays[LIBC]);
	find_object((uint64_t)starts->program, &rules.stays[PROGRAM]);
	rules.rule = gt_heap_take(ROWS * sizeof(*rules.rule));
	return rules.rule != NULL;
}

struct gt_rule_row *gt_rule_row(uint64_t pc)
{
	struct gt_rule_row *row = gt_rule_first(gt_rule_part_now(), pc);

	for (int i = 0; i < GT_RULE_PROBES; i++, row++) {
		uint64_t seen = atomic_load_explicit(&row->pc, memory_order_acquire);

		if (seen == pc)
			return row;
		if (seen == FREE)
			break;
	}
	return NULL;
}

static bool is_at(struct gt_place place, enum gt_base base, int offset)
{
	return place.base == base && place.offset == offset;
}

static struct gt_brief brief_of(const struct gt_rule *rule)
{
	struct gt_brief brief = {rule->module, GT_BRIEF_NO, GT_BRIEF_NO};
	int ra = rule->ra.offset, fp = rule->fp.offset;
	bool is_saved = rule->flags & GT_RULE_FP_SAVED;

	if (rule->kind != GT_RULE_FRAME || rule->flags & (GT_RULE_START | GT_RULE_SIGNAL | GT_RULE_FP_LOST))
		return brief;
	if (is_saved && is_at(rule->sp, GT_BASE_FP, 16) && is_at(rule->ra, GT_BASE_FP, 8) &&
	    is_at(rule->fp, GT_BASE_FP, 0))
		brief.ra = GT_BRIEF_FRAMED;
	if (!(rule->flags & GT_RULE_PLAIN) || ra < 0 || ra % 8 || ra / 8 >= GT_BRIEF_FRAMED ||
	    rule->sp.offset != ra + 8 || (is_saved && (fp < 0 || fp % 8 || fp >= ra)))
		return brief;
	brief.ra = (uint16_t)(ra / 8);
	if (is_saved)
		brief.fp = (uint16_t)(fp / 8);
	return brief;
}

/* The next larger part, in use from now on; NULL: there is none. */
static const struct gt_rule_part *use_more(const struct gt_rule_part *part)
{
	const struct gt_rule_part *next = part + 1;

	if (part == largest)
		return NULL;
	atomic_compare_exchange_strong(&gt_rule_part, &part, next); /* unless somebody else has just seen to it */
	return next;
}

static bool put(const struct gt_rule_part *part, uint64_t pc, const struct gt_rule *rule)
{
	struct gt_rule_row *row = gt_rule_first(*part, pc);

	for (int i = 0; i < GT_RULE_PROBES; i++, row++) {
		uint64_t seen = FREE;

		if (!atomic_compare_exchange_strong(&row->pc, &seen, CLAIMED))
			continue;
		rules.rule[row - rows] = *rule;
		row->brief = brief_of(rule);
		atomic_store_explicit(&row->pc, pc, memory_order_release);
		return true;
	}
	return false;
}

static void keep(uint64_t pc, const struct gt_rule *rule)
{
	const struct gt_rule_part *part = atomic_load_explicit(&gt_rule_part, memory_order_relaxed);

	if (atomic_fetch_add_explicit(&rules.kept, 1, memory_order_relaxed) > part->mask / 4 && part != largest)
		part = use_more(part);
	while (part && !put(part, pc, rule))
		part = use_more(part);
	if (!part)
		gt_drop(GT_DROP_RULES);
}

static bool is(uint64_t function, const void *known)
{
	return known && function == (uint64_t)known;
}

static void learn(uint64_t pc, struct gt_rules_work *work)
{
	struct gt_rule *rule = &work->rule;
	uint64_t function;

	gt_cfi_rule(&work->object->found, pc, rule, &function, &work->cfi);
	rule->flags |= work->object->flags;
	if (is(function, rules.starts.thread[0]) || is(function, rules.starts.thread[1]) ||
	    is(pc + 1, rules.starts.context[0]) || is(pc + 1, rules.starts.context[1]))
		rule->flags |= GT_RULE_START;
	if (is(function, rules.starts.libc_start))
		rule->flags |= GT_RULE_LIBC_START;
	rule->module = work->object->mark;
}

bool gt_rules_stays(uint64_t pc)
{
	for (int i = 0; i < STAYING; i++) {
		if (gt_loaded_holds(&rules.stays[i], pc))
			return true;
	}
	return false;
}

bool gt_rules_enter(uint64_t pc, struct gt_rules_work *work)
{
	for (int i = 0; i < STAYING; i++) {
		if (gt_loaded_holds(&rules.stays[i], pc)) {
			work->object = &rules.stays[i];
			return true;
		}
	}
	work->object = &work->passing;
	return find_object(pc, &work->passing);
}

const struct gt_rule *gt_rule_of(uint64_t pc, struct gt_rules_work *work)
{
	static const struct gt_rule none;
	uint64_t seen = pc;
	struct gt_rule_row *row;

	if (!gt_loaded_holds(work->object, pc) && !gt_rules_enter(pc, work))
		return &none;
	row = gt_rule_row(pc);
	if (row && row->brief.module == work->object->mark)
		return &rules.rule[row - rows];
	if (row)
		atomic_compare_exchange_strong(&row->pc, &seen, BURIED);
	learn(pc, work);
	keep(pc, &work->rule);
	return &work->rule;
}

void gt_rules_note_change(void)
{
	atomic_fetch_add(&rules.changes, 1);
}

uint32_t gt_rules_changes(void)
{
	return atomic_load(&rules.changes);
}
