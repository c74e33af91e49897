/* SPDX-License-Identifier: BSD-3-Clause */
#include "frame_entry.h"

#include <dwarf.h>
#include <stddef.h>

enum { REG_RA = 16 };

/* The parts of a pointer's encoding: what its bytes are, and from where it is counted or whether it must be loaded. */
enum { ENC_FORMAT = 0x0f, ENC_RELATION = 0xf0 };

uint64_t gt_get_pointer(struct gt_bytes *b, uint8_t encoding)
{
	uint64_t at = encoding & DW_EH_PE_pcrel ? (uint64_t)b->p : 0;

	if (encoding & ENC_RELATION & ~DW_EH_PE_pcrel)
		b->bad = true;
	switch (encoding & ENC_FORMAT) {
	case DW_EH_PE_absptr:
	case DW_EH_PE_udata8:
	case DW_EH_PE_sdata8:
		return at + gt_get(b, 8);
	case DW_EH_PE_udata4:
		return at + gt_get(b, 4);
	case DW_EH_PE_sdata4:
		return at + (uint64_t)(int64_t)(int32_t)gt_get(b, 4);
	default:
		b->bad = true;
		return 0;
	}
}

struct gt_bytes gt_bytes_at(const struct dl_find_object *object, uint64_t at)
{
	struct gt_bytes b = {(const uint8_t *)at, object->dlfo_map_end, false};

	if (at < (uint64_t)object->dlfo_map_start || at > (uint64_t)object->dlfo_map_end) {
		b.p = b.end;
		b.bad = true;
	}
	return b;
}

/* One entry of .eh_frame: a length, and so many bytes. The long form is for sections beyond 4 GB. */
static struct gt_bytes entry_at(const struct dl_find_object *object, uint64_t at)
{
	struct gt_bytes b = gt_bytes_at(object, at);
	uint64_t len = gt_get(&b, 4);

	if (len == 0xffffffff || len > (uint64_t)(b.end - b.p))
		b.bad = true;
	else
		b.end = b.p + len;
	return b;
}

static void augment(struct gt_frame_entry *f, const char *letters, struct gt_bytes data)
{
	for (; *letters && !data.bad; letters++) {
		switch (*letters) {
		case 'R':
			f->pointers = (uint8_t)gt_get(&data, 1);
			break;
		case 'P':
			gt_get_pointer(&data, (uint8_t)gt_get(&data, 1) & ENC_FORMAT);
			break;
		case 'L':
			gt_get(&data, 1);
			break;
		case 'S':
			f->is_signal = true;
			break;
		}
	}
}

static bool read_kind(struct gt_frame_entry *f, uint64_t at)
{
	struct gt_bytes b = entry_at(f->object, at);
	const char *letters;
	uint8_t version;

	if (gt_get(&b, 4) != 0)
		return false;
	version = (uint8_t)gt_get(&b, 1);
	letters = (const char *)b.p;
	while (gt_get(&b, 1) != 0)
		;
	f->code_align = gt_get_uleb(&b);
	f->data_align = gt_get_sleb(&b);
	if ((version == 1 ? gt_get(&b, 1) : gt_get_uleb(&b)) != REG_RA || (version != 1 && version != 3))
		return false;
	f->has_data = !b.bad && *letters == 'z';
	if (f->has_data)
		augment(f, letters + 1, gt_get_block(&b));
	else if (!b.bad && *letters)
		return false;
	f->first = b;
	return !b.bad;
}

static bool read_function(struct gt_frame_entry *f, uint64_t at)
{
	struct gt_bytes b = entry_at(f->object, at);
	uint64_t here = (uint64_t)b.p;

	if (b.bad || !read_kind(f, here - gt_get(&b, 4)))
		return false;
	f->function = gt_get_pointer(&b, f->pointers);
	f->size = gt_get_pointer(&b, f->pointers & ENC_FORMAT);
	if (f->has_data)
		gt_get_block(&b);
	f->own = b;
	return !b.bad && f->pc >= f->function && f->pc - f->function < f->size;
}

/* The entry of the last function that does not begin behind `pc`, in the sorted table that every linker writes. */
static bool find_entry(struct gt_frame_entry *f, uint64_t *at)
{
	static const uint8_t usual[4] = {1, DW_EH_PE_pcrel | DW_EH_PE_sdata4, DW_EH_PE_udata4,
					 DW_EH_PE_datarel | DW_EH_PE_sdata4};
	struct gt_bytes b = gt_bytes_at(f->object, (uint64_t)f->object->dlfo_eh_frame);
	uint64_t head = (uint64_t)b.p, lo = 0, hi;
	const int32_t(*row)[2];

	if (b.end - b.p < 12 || __builtin_memcmp(b.p, usual, sizeof(usual)) != 0)
		return false;
	b.p += 8;
	hi = gt_get(&b, 4);
	row = (const void *)b.p;
	if (hi > (uint64_t)(b.end - b.p) / sizeof(*row))
		return false;
	while (lo < hi) {
		uint64_t middle = lo + (hi - lo) / 2;

		if (head + (uint64_t)(int64_t)row[middle][0] <= f->pc)
			lo = middle + 1;
		else
			hi = middle;
	}
	if (lo == 0)
		return false;
	*at = head + (uint64_t)(int64_t)row[lo - 1][1];
	return true;
}

bool gt_frame_entry_find(struct gt_frame_entry *f)
{
	uint64_t at;

	return f->object->dlfo_eh_frame && find_entry(f, &at) && read_function(f, at);
}
