/* SPDX-License-Identifier: BSD-3-Clause */
#include "function.h"

#include "peek.h"

#include <stddef.h>

/* The head of .eh_frame_hdr with the encodings that linkers choose: DW_EH_PE_pcrel, udata4, datarel, sdata4. */
struct head {
	uint8_t version;
	uint8_t frame_encoding;
	uint8_t count_encoding;
	uint8_t table_encoding;
	int32_t frame;
	uint32_t count;
};

/* A row of the sorted table: both relative to the head. */
struct row {
	int32_t function;
	int32_t entry;
};

/* What a row leads to: an entry of .eh_frame whose place is relative to itself. */
struct entry {
	uint32_t length;
	uint32_t common;
	int32_t begin;
	uint32_t size;
};

enum { VERSION = 1, PCREL_SDATA4 = 0x1b, UDATA4 = 0x03, DATAREL_SDATA4 = 0x3b };

static gt_find_object_fn *find_object;

void gt_function_source(gt_find_object_fn *find)
{
	find_object = find;
}

bool gt_function_loaded(uint64_t address, struct gt_loaded *object)
{
	return find_object && find_object((void *)(uintptr_t)address, object) == 0;
}

static bool is_known(const struct head *h)
{
	return h->version == VERSION && h->frame_encoding == PCREL_SDATA4 && h->count_encoding == UDATA4 &&
	       h->table_encoding == DATAREL_SDATA4;
}

static bool find_row(uint64_t table, uint32_t rows, int64_t offset, struct row *found)
{
	uint32_t low = 0;

	while (rows) {
		uint32_t half = rows / 2;

		if (!gt_peek(table + (uint64_t)(low + half) * sizeof(*found), found, sizeof(*found)))
			return false;
		if (found->function == offset)
			return true;
		if (found->function < offset) {
			low += half + 1;
			rows -= half + 1;
		} else {
			rows = half;
		}
	}
	return false;
}

uint32_t gt_function_size(uint64_t pc)
{
	struct gt_loaded object;
	struct head head;
	struct row row;
	struct entry entry;
	uint64_t at;

	if (!gt_function_loaded(pc, &object) || !gt_peek(object.unwind_table, &head, sizeof(head)) || !is_known(&head))
		return 0;
	if (!find_row(object.unwind_table + sizeof(head), head.count, (int64_t)(pc - object.unwind_table), &row))
		return 0;
	at = object.unwind_table + (uint64_t)(int64_t)row.entry;
	if (!gt_peek(at, &entry, sizeof(entry)))
		return 0;
	return at + offsetof(struct entry, begin) + (uint64_t)(int64_t)entry.begin == pc ? entry.size : 0;
}
