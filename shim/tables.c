/* SPDX-License-Identifier: BSD-3-Clause */
#include "tables.h"

#include "batch.h"
#include "callable.h"
#include "format/spec.h"
#include "heap.h"
#include "label.h"
#include "modules.h"
#include "stacks.h"
#include "status.h"

/* String ids: the reasons first (status.h), then the function of each stack, then the path of each module, then labels (label.c). */
enum {
	STRING_FUNC = 64,
	STRING_MODULE = STRING_FUNC + GT_STACKS_MAX + 1,
	NAME_LEN = GT_MAX_STRING,
	FREQUENCY = 1000000000, /* the unit is a nanosecond: a reader then loses nothing to rounding */
	RECORD_ROOM = GT_MAX_STRING + 3 * GT_MAX_VARINT,
};

/* The generation that uses a module's path as a string. */
static uint32_t *module_used;

bool gt_tables_start(void)
{
	module_used = gt_heap_take(GT_MODULES_MAX * sizeof(*module_used));
	return module_used != NULL;
}

/* A function's name, looked up once. New code may have been loaded since the map was read. */
static void resolve(struct gt_stack_entry *e)
{
	char name[NAME_LEN] = "";
	uint64_t pc = e->pc;
	int module = gt_modules_find(pc);
	char *copy;

	if (module < 0) {
		gt_modules_refresh();
		module = gt_modules_find(pc);
	}
	if (!gt_callable_name(pc, name, sizeof(name)))
		gt_modules_symbol(module, pc, name, sizeof(name));
	copy = gt_heap_take(__builtin_strlen(name) + 1);
	if (copy)
		__builtin_memcpy(copy, name, __builtin_strlen(name) + 1);
	e->func = copy ? copy : "?";
	e->module = (uint32_t)(module + 1);
}

static void write_stack(uint32_t id, struct gt_stack_entry *e, uint32_t gen)
{
	if (!e->func)
		resolve(e);
	gt_batch_room(RECORD_ROOM);
	gt_batch_byte(GT_FR_Stack);
	gt_batch_varint(id);
	gt_batch_varint(1);
	gt_batch_varint(e->pc);
	gt_batch_varint(STRING_FUNC + id);
	gt_batch_varint(e->module ? STRING_MODULE + e->module : 0);
	gt_batch_varint(0);
	if (e->module)
		module_used[e->module - 1] = gen;
}

static void write_stacks(uint32_t gen)
{
	static const char lead = GT_FR_Stacks;

	gt_batch_begin(gen, GT_NONE, 0, &lead, 1, false);
	for (uint32_t id = 1; id <= GT_STACKS_MAX; id++) {
		if (gt_stack_entry(id)->used[gen & 1] == gen)
			write_stack(id, gt_stack_entry(id), gen);
	}
	gt_batch_end();
}

static void write_string(uint64_t id, const char *text)
{
	gt_batch_room(RECORD_ROOM);
	gt_batch_byte(GT_FR_String);
	gt_batch_varint(id);
	gt_batch_text(text, GT_MAX_STRING);
}

static void write_labels(uint32_t gen)
{
	for (uint32_t i = 0; i < GT_LABELS_MAX; i++) {
		gt_label_string_t string;
		const char *name = gt_label_at(i, gen, &string);

		if (name)
			write_string(string.v, name);
	}
}

static void write_strings(uint32_t gen)
{
	static const char lead = GT_FR_Strings;

	gt_batch_begin(gen, GT_NONE, 0, &lead, 1, false);
	for (int i = 0; i < GT_BLOCK_REASONS; i++)
		write_string(gt_block_string((enum gt_block_reason)i).v, gt_block_reason_text[i]);
	for (int i = 0; i < GT_STOP_REASONS; i++)
		write_string(gt_stop_string((enum gt_stop_reason)i).v, gt_stop_reason_text[i]);
	for (uint32_t id = 1; id <= GT_STACKS_MAX; id++) {
		if (gt_stack_entry(id)->used[gen & 1] == gen)
			write_string(STRING_FUNC + id, gt_stack_entry(id)->func);
	}
	for (int i = 0; i < gt_modules_count(); i++) {
		if (module_used[i] == gen)
			write_string((uint64_t)STRING_MODULE + 1 + (uint64_t)i, gt_modules_at(i)->path);
	}
	write_labels(gen);
	gt_batch_end();
}

static void write_frequency(uint32_t gen)
{
	gt_batch_begin(gen, GT_NONE, 0, NULL, 0, false);
	gt_batch_byte(GT_FR_Frequency);
	gt_batch_varint(FREQUENCY);
	gt_batch_end();
}

void gt_tables_write(uint32_t gen)
{
	write_stacks(gen);
	write_strings(gen);
	write_frequency(gen);
}
