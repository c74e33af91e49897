/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Units are found by their ranges, since not every compiler writes .debug_aranges, functions by an index that is made
 * when a unit is first asked.
 *
 * DANGER: a broken file may lead in circles. Siblings must come later in the file, depth has an end, and so has the number
 * of entries that are looked at in all.
 */
#include "debug_info.h"

#include "demangle.h"

#include "cli.h"
#include "ranges.h"

#include <dwarf.h>
#include <stdlib.h>

enum { DEPTH_MOST = 64, ENTRIES_MOST = 20000000 };

struct unit {
	struct unit *next;
	Dwarf_Die lines; /* who has the lines: the skeleton of a split unit */
	Dwarf_Die body;
	enum { BLANK, OUTER, ALL } indexed; /* which functions */
	struct gt_ranges functions;
};

struct gt_debug_info {
	Dwarf *dwarf;
	struct unit *units;
	struct gt_ranges ranges; /* of units */
	long entries; /* how many may still be looked at */
};

static bool add_ranges(struct gt_ranges *ranges, Dwarf_Die *die, void *what)
{
	Dwarf_Addr base, low, high;

	for (ptrdiff_t at = 0; (at = dwarf_ranges(die, at, &base, &low, &high)) > 0;) {
		if (!gt_ranges_add(ranges, low, high, what))
			return false;
	}
	return true;
}

static bool add_unit(struct gt_debug_info *info, uint8_t type, const Dwarf_Die *head, const Dwarf_Die *split)
{
	struct unit *unit;
	bool is_split = type == DW_UT_skeleton && dwarf_tag((Dwarf_Die *)split) == DW_TAG_compile_unit;

	if (type != DW_UT_compile && type != DW_UT_skeleton)
		return true;
	unit = gt_cli_alloc(1, sizeof(*unit));
	unit->lines = *head;
	unit->body = is_split ? *split : *head;
	unit->next = info->units;
	info->units = unit;
	return add_ranges(&info->ranges, &unit->lines, unit);
}

struct gt_debug_info *gt_debug_info_new(Dwarf *dwarf)
{
	struct gt_debug_info *info = gt_cli_alloc(1, sizeof(*info));
	Dwarf_Die head, split = {0};
	Dwarf_CU *cu = NULL;
	uint8_t type;

	info->dwarf = dwarf;
	info->entries = ENTRIES_MOST;
	while (dwarf_get_units(dwarf, cu, &cu, NULL, &type, &head, &split) == 0 && info->entries-- > 0) {
		if (!add_unit(info, type, &head, &split))
			break;
	}
	gt_ranges_sort(&info->ranges);
	return info;
}

void gt_debug_info_free(struct gt_debug_info *info)
{
	if (info == NULL)
		return;
	while (info->units != NULL) {
		struct unit *unit = info->units;

		info->units = unit->next;
		gt_ranges_free(&unit->functions);
		free(unit);
	}
	gt_ranges_free(&info->ranges);
	free(info);
}

/* The first child, or the next one, in `die`. False behind the last. */
static bool first_child(struct gt_debug_info *info, const Dwarf_Die *parent, Dwarf_Die *die)
{
	return info->entries-- > 0 && dwarf_child((Dwarf_Die *)parent, die) == 0;
}

static bool next_child(struct gt_debug_info *info, Dwarf_Die *die)
{
	Dwarf_Off before = dwarf_dieoffset(die);

	return info->entries-- > 0 && dwarf_siblingof(die, die) == 0 && dwarf_dieoffset(die) > before;
}

/* Whether functions may be in there. */
static bool holds_functions(int tag, bool all)
{
	switch (tag) {
	case DW_TAG_namespace:
	case DW_TAG_module:
	case DW_TAG_class_type:
	case DW_TAG_structure_type:
	case DW_TAG_union_type:
	case DW_TAG_enumeration_type:
		return true;
	case DW_TAG_subprogram:
	case DW_TAG_lexical_block:
		return all;
	default:
		return false;
	}
}

static void index_in(struct gt_debug_info *info, struct unit *unit, const Dwarf_Die *parent, int depth)
{
	Dwarf_Die die;
	bool more = depth < DEPTH_MOST && first_child(info, parent, &die);

	for (; more; more = next_child(info, &die)) {
		int tag = dwarf_tag(&die);

		if (tag == DW_TAG_subprogram && !add_ranges(&unit->functions, &die, die.addr))
			return;
		if (holds_functions(tag, unit->indexed == ALL) && dwarf_haschildren(&die) > 0)
			index_in(info, unit, &die, depth + 1);
	}
}

/* A function within another one costs a walk over all there is, so they come only when an address is in no other. */
static bool find_function(struct gt_debug_info *info, struct unit *unit, uint64_t pc, Dwarf_Die *function)
{
	void *found = gt_ranges_find(&unit->functions, pc);

	while (found == NULL && unit->indexed != ALL) {
		unit->indexed++;
		gt_ranges_free(&unit->functions);
		index_in(info, unit, &unit->body, 0);
		gt_ranges_sort(&unit->functions);
		found = gt_ranges_find(&unit->functions, pc);
	}
	return found != NULL && dwarf_die_addr_die(info->dwarf, found, function) != NULL;
}

/* The block or inlined function in `scope` that the address is in. */
static bool find_inner(struct gt_debug_info *info, const Dwarf_Die *scope, uint64_t pc, Dwarf_Die *inner)
{
	bool more = first_child(info, scope, inner);

	for (; more; more = next_child(info, inner)) {
		int tag = dwarf_tag(inner);

		if ((tag == DW_TAG_lexical_block || tag == DW_TAG_inlined_subroutine) && dwarf_haspc(inner, pc) > 0)
			return true;
	}
	return false;
}

/* The function and all that is inlined there, from the outside in. Their number. */
static size_t find_chain(struct gt_debug_info *info, const Dwarf_Die *function, uint64_t pc,
			 Dwarf_Die chain[GT_PLACES_MOST])
{
	Dwarf_Die scope = *function, inner;
	size_t n = 1;

	chain[0] = *function;
	for (int depth = 0; depth < 2 * GT_PLACES_MOST && find_inner(info, &scope, pc, &inner); depth++) {
		if (dwarf_tag(&inner) == DW_TAG_inlined_subroutine) {
			if (n == GT_PLACES_MOST)
				break;
			chain[n++] = inner;
		}
		scope = inner;
	}
	return n;
}

/* The linker's name says most, if it can be read: that of a coroutine's body cannot. */
static const char *name_of(Dwarf_Die *die)
{
	const char *plain = dwarf_diename(die), *name = NULL;
	char text[GT_MAX_STRING + 1];
	Dwarf_Attribute attr;

	if (dwarf_attr_integrate(die, DW_AT_linkage_name, &attr) != NULL ||
	    dwarf_attr_integrate(die, DW_AT_MIPS_linkage_name, &attr) != NULL)
		name = dwarf_formstring(&attr);
	if (name == NULL || (plain != NULL && gt_is_mangled(gt_demangle(name, text))))
		return plain;
	return name;
}

static void take_line(struct unit *unit, uint64_t pc, struct gt_place *place)
{
	Dwarf_Line *line = dwarf_getsrc_die(&unit->lines, pc);
	int number;

	if (line == NULL)
		return;
	place->file = dwarf_linesrc(line, NULL, NULL);
	if (place->file != NULL && dwarf_lineno(line, &number) == 0 && number > 0)
		place->line = (uint64_t)number;
}

/* Where the inlined function was called. */
static void take_call(Dwarf_Die *inlined, struct gt_place *place)
{
	Dwarf_Attribute attr;
	Dwarf_Word file, line;
	Dwarf_Files *files;
	Dwarf_Die cu;
	size_t n;

	if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_file, &attr), &file) != 0 ||
	    dwarf_diecu(inlined, &cu, NULL, NULL) == NULL || dwarf_getsrcfiles(&cu, &files, &n) != 0 || file >= n)
		return;
	place->file = dwarf_filesrc(files, file, NULL, NULL);
	if (place->file != NULL && dwarf_formudata(dwarf_attr(inlined, DW_AT_call_line, &attr), &line) == 0)
		place->line = line;
}

size_t gt_debug_info_find(struct gt_debug_info *info, uint64_t pc, struct gt_place places[GT_PLACES_MOST])
{
	struct unit *unit = gt_ranges_find(&info->ranges, pc);
	Dwarf_Die function, chain[GT_PLACES_MOST];
	size_t n = 1;

	if (unit == NULL)
		return 0;
	places[0] = (struct gt_place){0};
	take_line(unit, pc, &places[0]);
	if (!find_function(info, unit, pc, &function))
		return places[0].file != NULL;
	n = find_chain(info, &function, pc, chain);
	for (size_t i = 0; i < n; i++) {
		struct gt_place *place = &places[i];
		Dwarf_Die *die = &chain[n - 1 - i];

		if (i > 0) {
			*place = (struct gt_place){0};
			take_call(die + 1, place);
		}
		place->func = name_of(die);
	}
	return n;
}
