/* SPDX-License-Identifier: BSD-3-Clause */
#include "names.h"

#include "callable.h"
#include "callers.h"
#include "format/spec.h"
#include "heap.h"
#include "modules.h"

enum { NAME_LEN = GT_CALLABLE_NAME, FIRST = 64, FIRST_PROBES = 8, PROBES = 256 };

static struct {
	struct gt_name *all;
	const struct gt_name **used;
	uint32_t uses, turn;
	uint32_t first; /* turn of this process: what was found before belongs to modules of its parent */
	uint32_t changes; /* gt_rules_changes() at the last reading of the map */
	uint32_t looked; /* turn in which the map was read for a name */
} names;

bool gt_names_start(void)
{
	if (!names.all)
		names.all = gt_heap_take((GT_NAMES_MAX + 1) * sizeof(*names.all));
	if (!names.used)
		names.used = gt_heap_take((GT_NAMES_MAX + 1) * sizeof(*names.used));
	gt_names_forget();
	names.first = names.turn;
	return names.all && names.used;
}

static const char *keep(const char *text)
{
	size_t len = __builtin_strlen(text) + 1;
	char *copy = gt_heap_take(len);

	if (copy)
		__builtin_memcpy(copy, text, len);
	return copy ? copy : "?";
}

void gt_names_notice(void)
{
	uint32_t changes = gt_rules_changes();

	if (names.changes == changes)
		return;
	gt_modules_refresh();
	names.changes = changes;
}

/*
 * New code may have been loaded since the map was read, perhaps where other code was. What a generation has on its stacks was there
 * before its names are looked up, so that one more reading finds it, or it is gone.
 */
static int module_of(uint64_t pc, uint32_t changes)
{
	int index = gt_modules_find(pc);

	if (names.changes == changes && (names.looked == names.turn || (index >= 0 && !gt_modules_at(index)->gone)))
		return index;
	gt_modules_refresh();
	names.changes = changes;
	names.looked = names.turn;
	return gt_modules_find(pc);
}

static void resolve(struct gt_name *name, uint32_t changes)
{
	char text[NAME_LEN] = "";

	name->module = module_of(name->pc, changes);
	name->changes = changes;
	if (!gt_callable_name(name->pc - 1, text, sizeof(text)))
		gt_modules_symbol(name->module, name->pc, text, sizeof(text));
	if (!name->text || __builtin_strcmp(name->text, text) != 0)
		name->text = keep(text);
}

/* Its row among the first so many, or one that is free. NULL: it is not to be found nearby. */
static struct gt_name *among(uint64_t pc, uint32_t rows, int probes)
{
	uint32_t at = (uint32_t)((pc * UINT64_C(0x9e3779b97f4a7c15)) >> 48) % rows;

	for (int i = 0; i < probes; i++, at = (at + 1) % rows) {
		if (names.all[at].pc == pc || names.all[at].pc == 0)
			return &names.all[at];
	}
	return NULL;
}

/* A process that ends soon knows few names: they share a page. The last row is for all that find no other. */
static struct gt_name *row_of(uint64_t pc)
{
	struct gt_name *name = among(pc, FIRST, FIRST_PROBES);

	if (!name)
		name = among(pc, GT_NAMES_MAX, PROBES);
	if (name)
		return name;
	names.all[GT_NAMES_MAX].text = "?";
	names.all[GT_NAMES_MAX].module = -1;
	return &names.all[GT_NAMES_MAX];
}

static void look_up(struct gt_name *name, uint64_t pc, bool is_inherited)
{
	uint32_t changes = gt_rules_changes();

	name->pc = pc;
	if (pc < GT_MARKS) {
		name->text = gt_mark_text[pc];
		name->module = -1;
	} else if (is_inherited || !name->text || name->changes != changes) {
		resolve(name, changes);
	}
}

const struct gt_name *gt_name_of(uint64_t pc)
{
	struct gt_name *name = row_of(pc);
	bool is_inherited = name->turn < names.first;

	if (name->turn == names.turn)
		return name;
	name->turn = names.turn;
	names.used[names.uses++] = name;
	if (name != &names.all[GT_NAMES_MAX])
		look_up(name, pc, is_inherited);
	return name;
}

uint32_t gt_name_index(const struct gt_name *name)
{
	return (uint32_t)(name - names.all);
}

const struct gt_name *const *gt_names_used(uint32_t *n)
{
	*n = names.uses;
	return names.used;
}

void gt_names_forget(void)
{
	names.turn++;
	names.uses = 0;
}
