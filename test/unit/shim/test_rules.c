/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A rule is learned once, knows whose code it is for, and goes with its module.
 */
#include "shim/rules.h"
#include "shim/thread.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static struct gt_rules_work work;

static __attribute__((noinline)) int function(int x)
{
	__asm__ volatile("" : "+r"(x));
	return x + 1;
}

static void start(gt_find_object_fn *find, struct gt_starts starts)
{
	starts.libc = (const void *)pthread_create;
	cr_assert(gt_rules_start(find, &starts));
	gt_rules_begin(&work);
}

static struct gt_rule rule_of(const void *pc)
{
	gt_rules_begin(&work);
	return *gt_rule_of((uint64_t)pc, &work);
}

Test(rules, the_second_time_it_stands_in_the_table)
{
	const struct gt_rule *rule;

	start(_dl_find_object, (struct gt_starts){0});
	rule = gt_rule_of((uint64_t)function, &work);
	cr_assert_eq(rule, &work.rule, "learned");
	cr_assert(rule->kind == GT_RULE_FRAME && rule->sp.offset == 8);
	rule = gt_rule_of((uint64_t)function, &work);
	cr_assert_neq(rule, &work.rule, "known");
	cr_assert(rule->kind == GT_RULE_FRAME && rule->sp.offset == 8);
}

/*
 * More than one address begins to be searched in the same row. Those that were kept in fewer rows are learned again when these
 * are asked for next, all others are there.
 */
Test(rules, many_are_kept_and_none_is_taken_for_another)
{
	enum { RULES = 20000, STRIDE = 13, IN_FEWER_ROWS = 2048 };
	static struct gt_cfi_work cfi;
	const struct gt_rule *rule;
	struct dl_find_object libc;
	struct gt_rule want;
	uint64_t pc, function;

	start(_dl_find_object, (struct gt_starts){0});
	pc = (uint64_t)qsort;
	cr_assert_eq(_dl_find_object((void *)pc, &libc), 0);
	for (int i = 0; i < 2 * RULES; i++, pc += STRIDE) {
		if (i == RULES)
			pc = (uint64_t)qsort;
		rule = gt_rule_of(pc, &work);
		cr_assert(rule == &work.rule || i >= RULES);
		cr_assert(rule != &work.rule || i < RULES + IN_FEWER_ROWS, "it is not there: %d", i);
		gt_cfi_rule(&libc, pc, &want, &function, &cfi);
		want.flags |= GT_RULE_LIBC;
		want.module = rule->module;
		cr_assert_eq(memcmp(rule, &want, sizeof(want)), 0);
	}
	cr_assert_eq(atomic_load(&gt_drops[GT_DROP_RULES]), 0);
	cr_assert_eq(gt_rule_part_now().mask, GT_RULE_ROWS_ALL - 1);
}

Test(rules, a_few_lie_in_a_few_pages)
{
	enum { FEW = GT_RULE_ROWS_FEW / 4, STRIDE = 997 };

	start(_dl_find_object, (struct gt_starts){0});
	for (int i = 0; i < 2 * FEW; i++) {
		uint64_t pc = (uint64_t)qsort + (uint64_t)(i % FEW) * STRIDE;

		cr_assert_eq(gt_rule_of(pc, &work) == &work.rule, i < FEW);
		cr_assert_eq(gt_rule_part_now().mask, GT_RULE_ROWS_FEW - 1);
	}
}

static struct gt_brief brief_of(const void *pc)
{
	gt_rules_begin(&work);
	gt_rule_of((uint64_t)pc, &work);
	return gt_rule_row((uint64_t)pc)->brief;
}

extern const char with_frame[];
__asm__(".text\n"
	"with_frame: .cfi_startproc\n"
	"push %rbp\n .cfi_def_cfa_offset 16\n .cfi_offset 6, -16\n"
	"mov %rsp, %rbp\n .cfi_def_cfa_register 6\n"
	"pop %rbp\n .cfi_def_cfa 7, 8\n"
	"ret\n .cfi_endproc\n");

Test(rules, most_rules_have_a_brief_form)
{
	struct gt_brief brief;

	start(_dl_find_object, (struct gt_starts){0});
	brief = brief_of((const void *)function);
	cr_assert(brief.ra == 0 && brief.fp == GT_BRIEF_NO && brief.module == work.object->mark);
	brief = brief_of(with_frame + 1);
	cr_assert(brief.ra == 1 && brief.fp == 0, "pushed");
	brief = brief_of(with_frame + 4);
	cr_assert(brief.ra == GT_BRIEF_FRAMED && brief.fp == GT_BRIEF_NO, "in use");
}

Test(rules, where_a_thread_starts_is_not_brief)
{
	start(_dl_find_object, (struct gt_starts){.thread = {(const void *)function}});
	cr_assert_eq(brief_of((const void *)function).ra, GT_BRIEF_NO);
}

Test(rules, without_a_search_there_are_none)
{
	struct gt_starts starts = {0};

	cr_assert_not(gt_rules_start(NULL, &starts));
}

Test(rules, an_address_in_no_module_has_none)
{
	start(_dl_find_object, (struct gt_starts){0});
	cr_assert_eq(rule_of((const void *)0x5000).kind, GT_RULE_NONE);
}

Test(rules, whose_code_it_is)
{
	start(_dl_find_object, (struct gt_starts){.own = (const void *)function});
	cr_assert_eq(rule_of((const void *)function).flags & (GT_RULE_OWN | GT_RULE_LIBC), GT_RULE_OWN);
	cr_assert_eq(rule_of((const void *)qsort).flags & (GT_RULE_OWN | GT_RULE_LIBC), GT_RULE_LIBC);
}

Test(rules, where_threads_start)
{
	start(_dl_find_object, (struct gt_starts){.thread = {(const void *)function},
						  .libc_start = (const void *)qsort,
						  .context = {(const char *)memcpy + 100}});
	cr_assert(rule_of((const char *)function + 1).flags & GT_RULE_START);
	cr_assert_not(rule_of((const void *)start).flags & GT_RULE_START);
	cr_assert(rule_of((const char *)qsort + 1).flags & GT_RULE_LIBC_START);
	cr_assert(rule_of((const char *)memcpy + 99).flags & GT_RULE_START);
}

/* A module of one page without tables, which another one with another build id replaces. */
static struct dl_find_object fake;

static int find_fake(void *address, struct dl_find_object *object)
{
	if (address < fake.dlfo_map_start || address >= fake.dlfo_map_end)
		return _dl_find_object(address, object);
	*object = fake;
	return 0;
}

static void put_module(char *at, char id)
{
	static const char header[] = "\177ELF\2\1\1";
	static const char note[] = "\4\0\0\0\4\0\0\0\3\0\0\0GNU";

	memcpy(at, header, sizeof(header));
	at[32] = 64; /* e_phoff */
	at[56] = 2; /* e_phnum */
	at[64] = 1; /* PT_LOAD */
	at[64 + 56] = 4; /* PT_NOTE at 0x200, 20 bytes */
	at[64 + 56 + 17] = 2;
	at[64 + 56 + 40] = 20;
	memcpy(at + 0x200, note, sizeof(note));
	at[0x210] = id;
}

Test(rules, code_in_the_place_of_other_code_is_noticed)
{
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint32_t changes, module;

	fake = (struct dl_find_object){.dlfo_map_start = page, .dlfo_map_end = page + 8192};
	put_module(page, 1);
	start(find_fake, (struct gt_starts){0});
	changes = gt_rules_changes();
	module = rule_of(page + 4096).module;
	cr_assert_eq(gt_rules_changes(), changes + 1, "it is new");
	cr_assert_eq(rule_of(page + 4096).module, module);
	cr_assert_eq(gt_rules_changes(), changes + 1, "it is the same");
	put_module(page, 2);
	cr_assert_neq(rule_of(page + 4096).module, module);
	cr_assert_eq(gt_rules_changes(), changes + 2, "it is another one");
}
