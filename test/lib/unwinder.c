/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * libunwind steps once, from registers that are no numbers but names: which register or loaded word, times 2^44, plus an
 * offset. No address is that large. It adds offsets to names and reads memory at them without noticing. A word that is read
 * at a name is a new name; where no name is, it reads the module's own tables. What it makes of them is the rule.
 */
#include "unwinder.h"

#if __has_include(<libunwind-x86_64.h>)
#define UNW_REMOTE_ONLY
#include <criterion/criterion.h>
#include <libunwind.h>
#include <string.h>

/* What perf uses, too: its search in a table of .eh_frame_hdr. */
extern int UNW_OBJ(dwarf_search_unwind_table)(unw_addr_space_t, unw_word_t, unw_dyn_info_t *, unw_proc_info_t *, int,
					      void *);

#define NAMES (UINT64_C(1) << 60)

enum {
	NAME_SHIFT = 44,
	OFFSET_MAX = 1 << 28,
	LOADS = 32,
	NAME_LOAD = 32, /* the first loaded word; below it are registers */
};

static struct {
	unw_addr_space_t space;
	uint64_t pc;
	const struct dl_find_object *object;
	uint64_t load_at[LOADS];
	int loads;
	uint64_t function; /* where it begins; 0: there is no information */
} unwinder;

static uint64_t name_of(int what)
{
	return NAMES + ((uint64_t)what << NAME_SHIFT);
}

/* Whether `value` is a name plus an offset. */
static bool is_name(uint64_t value, int *what, int64_t *offset)
{
	uint64_t half = UINT64_C(1) << (NAME_SHIFT - 1);

	if (value < NAMES - half)
		return false;
	*what = (int)((value - NAMES + half) >> NAME_SHIFT);
	*offset = (int64_t)(value - name_of(*what));
	return *what < NAME_LOAD + LOADS && *offset<OFFSET_MAX && * offset> - OFFSET_MAX;
}

static bool in_module(uint64_t at, size_t len)
{
	return at >= (uint64_t)unwinder.object->dlfo_map_start && at + len <= (uint64_t)unwinder.object->dlfo_map_end;
}

static int access_mem(unw_addr_space_t as, unw_word_t at, unw_word_t *value, int write, void *arg)
{
	int64_t offset;
	int what;

	(void)as, (void)arg;
	if (write)
		return -UNW_EINVAL;
	if (!is_name(at, &what, &offset)) {
		if (!in_module(at, sizeof(*value)))
			return -UNW_EINVAL;
		memcpy(value, (const void *)at, sizeof(*value));
		return 0;
	}
	if (unwinder.loads == LOADS)
		return -UNW_EINVAL;
	*value = name_of(NAME_LOAD + unwinder.loads);
	unwinder.load_at[unwinder.loads++] = at;
	return 0;
}

static int access_reg(unw_addr_space_t as, unw_regnum_t reg, unw_word_t *value, int write, void *arg)
{
	(void)as, (void)arg;
	if (write || reg < 0 || reg >= NAME_LOAD)
		return -UNW_EBADREG;
	*value = reg == UNW_X86_64_RIP ? unwinder.pc : name_of(reg);
	return 0;
}

static int access_fpreg(unw_addr_space_t as, unw_regnum_t reg, unw_fpreg_t *value, int write, void *arg)
{
	(void)as, (void)reg, (void)value, (void)write, (void)arg;
	return -UNW_EBADREG;
}

static int no_list(unw_addr_space_t as, unw_word_t *list, void *arg)
{
	(void)as, (void)list, (void)arg;
	return -UNW_ENOINFO;
}

/* .eh_frame_hdr as every linker writes it: a version, three encodings, a pointer, a count, and a sorted table. */
static bool find_table(unw_dyn_info_t *table)
{
	static const uint8_t usual[4] = {1, 0x1b, 0x03, 0x3b};
	const uint8_t *head = unwinder.object->dlfo_eh_frame;
	uint32_t count;

	if (!head || !in_module((uint64_t)head, 12) || memcmp(head, usual, sizeof(usual)) != 0)
		return false;
	memcpy(&count, head + 8, sizeof(count));
	memset(table, 0, sizeof(*table));
	table->format = UNW_INFO_FORMAT_REMOTE_TABLE;
	table->start_ip = (uint64_t)unwinder.object->dlfo_map_start;
	table->end_ip = (uint64_t)unwinder.object->dlfo_map_end;
	table->u.rti.segbase = (uint64_t)head;
	table->u.rti.table_data = (uint64_t)head + 12;
	table->u.rti.table_len = count; /* in words of two times four bytes */
	return in_module(table->u.rti.table_data, (size_t)count * 8);
}

static int find_proc_info(unw_addr_space_t as, unw_word_t ip, unw_proc_info_t *info, int need, void *arg)
{
	unw_dyn_info_t table;
	int error =
		find_table(&table) ? UNW_OBJ(dwarf_search_unwind_table)(as, ip, &table, info, need, arg) : -UNW_ENOINFO;

	unwinder.function = error ? 0 : info->start_ip;
	return error;
}

/* What it was is in libunwind's own memory, and small. */
static void keep_info(unw_addr_space_t as, unw_proc_info_t *info, void *arg)
{
	(void)as, (void)info, (void)arg;
}

static unw_accessors_t accessors = {
	.find_proc_info = find_proc_info,
	.put_unwind_info = keep_info,
	.get_dyn_info_list_addr = no_list,
	.access_mem = access_mem,
	.access_reg = access_reg,
	.access_fpreg = access_fpreg,
};

/* From a name to a place counted from one of the two registers that a walk knows. */
static bool from_register(uint64_t value, struct gt_place *place)
{
	int64_t offset;
	int what;

	if (!is_name(value, &what, &offset) || (what != UNW_X86_64_RSP && what != UNW_X86_64_RBP))
		return false;
	place->base = what == UNW_X86_64_RSP ? GT_BASE_SP : GT_BASE_FP;
	place->offset = (int32_t)offset;
	return true;
}

/* The same, or counted from a word that was loaded: of those a rule has one. */
static bool place_of(uint64_t value, struct gt_place *place, struct gt_place *load, bool *has_load)
{
	struct gt_place at = {0};
	int64_t offset;
	int what;

	if (from_register(value, place))
		return true;
	if (!is_name(value, &what, &offset) || what < NAME_LOAD ||
	    !from_register(unwinder.load_at[what - NAME_LOAD], &at))
		return false;
	if (*has_load && memcmp(&at, load, sizeof(at)) != 0)
		return false;
	*has_load = true;
	*load = at;
	place->base = GT_BASE_LOAD;
	place->offset = (int32_t)offset;
	return true;
}

/* Where a value was loaded from. */
static bool loaded_from(uint64_t value, uint64_t *at)
{
	int64_t offset;
	int what;

	if (!is_name(value, &what, &offset) || what < NAME_LOAD || offset != 0)
		return false;
	*at = unwinder.load_at[what - NAME_LOAD];
	return true;
}

static void take_fp(unw_cursor_t *cursor, struct gt_rule *rule, bool *has_load)
{
	unw_word_t fp;
	uint64_t at;

	if (unw_get_reg(cursor, UNW_X86_64_RBP, &fp) == 0 && fp == name_of(UNW_X86_64_RBP))
		return;
	if (unw_get_reg(cursor, UNW_X86_64_RBP, &fp) == 0 && loaded_from(fp, &at) &&
	    place_of(at, &rule->fp, &rule->load, has_load))
		rule->flags |= GT_RULE_FP_SAVED;
	else
		rule->flags |= GT_RULE_FP_LOST;
}

static enum gt_rule_kind step(struct gt_rule *rule)
{
	unw_cursor_t cursor;
	unw_word_t ip, sp;
	bool has_load = false;
	uint64_t at;
	int more;

	if (!unwinder.space || unw_init_remote(&cursor, unwinder.space, NULL) < 0)
		return GT_RULE_NONE;
	more = unw_step(&cursor);
	if (more < 0 || unwinder.function == 0) /* where it has no information it guesses */
		return GT_RULE_NONE;
	if (more == 0)
		return GT_RULE_END;
	if (unw_get_reg(&cursor, UNW_REG_IP, &ip) < 0 || unw_get_reg(&cursor, UNW_REG_SP, &sp) < 0 ||
	    !loaded_from(ip, &at) || !place_of(at, &rule->ra, &rule->load, &has_load) ||
	    !place_of(sp, &rule->sp, &rule->load, &has_load))
		return GT_RULE_NONE;
	take_fp(&cursor, rule, &has_load);
	return GT_RULE_FRAME;
}

/* mov $SYS_rt_sigreturn, %rax; syscall: where handlers return to. libc's tables say that it begins a byte before that. */
static bool returns_from_signal(uint64_t function)
{
	static const uint8_t code[] = {0x48, 0xc7, 0xc0, 0x0f, 0x00, 0x00, 0x00, 0x0f, 0x05};

	return in_module(function + 1, sizeof(code)) && memcmp((const void *)(function + 1), code, sizeof(code)) == 0;
}

bool gt_unwinder_rule(const struct dl_find_object *object, uint64_t pc, struct gt_rule *rule)
{
	if (!unwinder.space)
		unwinder.space = unw_create_addr_space(&accessors, 0);
	cr_assert_not_null(unwinder.space);
	unw_set_caching_policy(unwinder.space, UNW_CACHE_NONE);
	memset(rule, 0, sizeof(*rule));
	unwinder.pc = pc;
	unwinder.object = object;
	unwinder.loads = 0;
	unwinder.function = 0;
	rule->kind = (uint8_t)step(rule);
	if (unwinder.function && returns_from_signal(unwinder.function))
		rule->flags |= GT_RULE_SIGNAL;
	return true;
}
#else
bool gt_unwinder_rule(const struct dl_find_object *object, uint64_t pc, struct gt_rule *rule)
{
	(void)object, (void)pc, (void)rule;
	return false;
}
#endif
