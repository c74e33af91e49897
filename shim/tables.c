/* SPDX-License-Identifier: BSD-3-Clause */
#include "tables.h"

#include "batch.h"
#include "format/spec.h"
#include "heap.h"
#include "kinds.h"
#include "modules.h"
#include "names.h"
#include "samples.h"
#include "stacks.h"
#include "status.h"
#include "texts.h"

/* String ids: the reasons first (status.h), then kinds (kinds.c), then the name of each frame, then the path of each module,
 * then the program's own texts (texts.c). */
enum {
	STRING_NAME = 64,
	STRING_MODULE = STRING_NAME + GT_NAMES_MAX + 1,
	STRING_ROOM = GT_MAX_STRING + 3 * GT_MAX_VARINT,
	STACK_ROOM = (3 + 4 * GT_CALLERS_MAX) * GT_MAX_VARINT,
};

static void write_frame(uint64_t pc, uint32_t gen)
{
	const struct gt_name *name = gt_name_of(pc);

	gt_batch_varint(pc);
	gt_batch_varint(STRING_NAME + gt_name_index(name));
	gt_batch_varint(name->module >= 0 ? (uint64_t)STRING_MODULE + (uint64_t)name->module : 0);
	gt_batch_varint(0);
	if (name->module >= 0)
		gt_modules_at(name->module)->used = gen;
}

static void write_stacks(uint32_t gen)
{
	static const char lead = GT_FR_Stacks;
	const uint64_t *pc;
	uint32_t n, id = 0;

	gt_batch_begin(gen, GT_NONE, 0, &lead, 1, false);
	while ((id = gt_stacks_next(gen, id, &pc, &n))) {
		gt_batch_room(STACK_ROOM);
		gt_batch_byte(GT_FR_Stack);
		gt_batch_varint(id);
		gt_batch_varint(n);
		for (uint32_t i = 0; i < n; i++)
			write_frame(pc[i], gen);
	}
	gt_batch_end();
}

static void write_string(uint64_t id, const char *text)
{
	gt_batch_room(STRING_ROOM);
	gt_batch_byte(GT_FR_String);
	gt_batch_varint(id);
	gt_batch_text(text, GT_MAX_STRING);
}

static void write_texts(uint32_t gen)
{
	const char *text;
	uint64_t string;
	uint32_t at = 0;

	while ((string = gt_texts_next(gen, &at, &text)))
		write_string(string, text);
}

static void write_kinds(void)
{
	for (uint32_t i = 0; i < GT_KINDS_MAX; i++) {
		gt_kind_string_t string;
		const char *kind = gt_kind_at(i, &string);

		if (kind)
			write_string(string.v, kind);
	}
}

static void write_strings(uint32_t gen)
{
	static const char lead = GT_FR_Strings;
	const struct gt_name *const *used;
	uint32_t n;

	used = gt_names_used(&n);
	gt_batch_begin(gen, GT_NONE, 0, &lead, 1, false);
	for (int i = 0; i < GT_BLOCK_REASONS; i++)
		write_string(gt_block_string((enum gt_block_reason)i).v, gt_block_reason_text[i]);
	for (int i = 0; i < GT_STOP_REASONS; i++)
		write_string(gt_stop_string((enum gt_stop_reason)i).v, gt_stop_reason_text[i]);
	write_kinds();
	for (uint32_t i = 0; i < n; i++)
		write_string(STRING_NAME + gt_name_index(used[i]), used[i]->text);
	for (int i = 0; i < gt_modules_count(); i++) {
		if (gt_modules_at(i)->used == gen)
			write_string((uint64_t)STRING_MODULE + (uint64_t)i, gt_modules_at(i)->path);
	}
	write_texts(gen);
	gt_batch_end();
}

static void write_frequency(uint32_t gen)
{
	gt_batch_begin(gen, GT_NONE, 0, NULL, 0, false);
	gt_batch_byte(GT_FR_Frequency);
	gt_batch_varint(GT_FREQUENCY);
	gt_batch_end();
}

void gt_tables_write(uint32_t gen)
{
	write_stacks(gen);
	write_strings(gen);
	write_frequency(gen);
}

void gt_tables_forget(uint32_t gen)
{
	gt_samples_forget(gen); /* of these stacks */
	gt_stacks_forget(gen);
	gt_names_forget();
	gt_texts_forget(gen);
}
