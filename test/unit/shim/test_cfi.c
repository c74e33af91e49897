/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The rules of real code are those that libunwind finds; what is broken gives none.
 */
#include "shim/cfi.h"
#include "test/lib/unwinder.h"

#include <criterion/criterion.h>
#include <link.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct gt_cfi_work work;

struct counts {
	long same, frames, ends, loads, by_fp, signals, unknown, beyond;
};

static bool same_place(struct gt_place a, struct gt_place b)
{
	return a.base == b.base && a.offset == b.offset;
}

static bool uses_load(const struct gt_rule *r)
{
	return r->sp.base == GT_BASE_LOAD || r->ra.base == GT_BASE_LOAD ||
	       (r->flags & GT_RULE_FP_SAVED && r->fp.base == GT_BASE_LOAD);
}

static bool same_frame(const struct gt_rule *a, const struct gt_rule *b)
{
	int flags = GT_RULE_FP_SAVED | GT_RULE_FP_LOST | GT_RULE_SIGNAL;

	return (a->flags & flags) == (b->flags & flags) && same_place(a->sp, b->sp) && same_place(a->ra, b->ra) &&
	       (!(a->flags & GT_RULE_FP_SAVED) || same_place(a->fp, b->fp)) &&
	       (!uses_load(a) || same_place(a->load, b->load));
}

static void count(struct counts *counts, const struct gt_rule *rule)
{
	counts->same++;
	counts->frames += rule->kind == GT_RULE_FRAME;
	counts->ends += rule->kind == GT_RULE_END;
	counts->unknown += rule->kind == GT_RULE_NONE;
	counts->loads += rule->kind == GT_RULE_FRAME && uses_load(rule);
	counts->by_fp += rule->kind == GT_RULE_FRAME && rule->sp.base == GT_BASE_FP;
	counts->signals += rule->kind == GT_RULE_FRAME && (rule->flags & GT_RULE_SIGNAL) != 0;
}

static void compare(const struct dl_find_object *object, uint64_t pc, struct counts *counts)
{
	struct gt_rule ours, theirs;
	uint64_t function;

	gt_cfi_rule(object, pc, &ours, &function, &work);
	if (!gt_unwinder_rule(object, pc, &theirs))
		cr_skip("the tests were built without libunwind");
	/* Where vector registers are saved libunwind gives up. */
	if (theirs.kind == GT_RULE_NONE && ours.kind == GT_RULE_FRAME) {
		counts->beyond++;
		return;
	}
	cr_assert_eq(ours.kind, theirs.kind, "%s+%lx: kind %d, not %d", object->dlfo_link_map->l_name,
		     pc - (uint64_t)object->dlfo_map_start, ours.kind, theirs.kind);
	cr_assert(ours.kind != GT_RULE_FRAME || same_frame(&ours, &theirs),
		  "%lx: sp %d%+d ra %d%+d fp %d%+d flags %x, not sp %d%+d ra %d%+d fp %d%+d flags %x", pc, ours.sp.base,
		  ours.sp.offset, ours.ra.base, ours.ra.offset, ours.fp.base, ours.fp.offset, ours.flags,
		  theirs.sp.base, theirs.sp.offset, theirs.ra.base, theirs.ra.offset, theirs.fp.base, theirs.fp.offset,
		  theirs.flags);
	count(counts, &ours);
}

/* Every seventh byte of all code: instructions of all lengths and all kinds of rows are met. */
static int compare_module(struct dl_phdr_info *info, size_t size, void *arg)
{
	enum { STRIDE = 7 };
	struct dl_find_object object;

	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
		uint64_t start = info->dlpi_addr + segment->p_vaddr;

		if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X) ||
		    _dl_find_object((void *)start, &object) != 0)
			continue;
		for (uint64_t pc = start; pc < start + segment->p_memsz; pc += STRIDE)
			compare(&object, pc, arg);
	}
	return 0;
}

Test(cfi, all_code_that_is_loaded_has_the_rules_of_libunwind)
{
	struct counts counts = {0};

	dl_iterate_phdr(compare_module, &counts);
	cr_assert_gt(counts.frames, 500000);
	cr_assert_gt(counts.by_fp, 200);
	cr_assert_gt(counts.ends, 0);
	cr_assert_gt(counts.loads, 0, "no expression was met");
	cr_assert_gt(counts.unknown, 0);
	cr_assert_lt(counts.beyond, counts.frames / 1000);
}

static void handler(int signal)
{
	(void)signal;
}

/* libc tells the kernel where a handler returns to: there begins what no call has led to. */
Test(cfi, the_return_from_a_handler_leads_to_what_was_interrupted)
{
	struct {
		void (*handler)(int);
		unsigned long flags;
		uint64_t restorer, mask;
	} kernel;
	struct dl_find_object libc;
	struct counts counts = {0};

	signal(SIGUSR1, handler);
	cr_assert_eq(syscall(SYS_rt_sigaction, SIGUSR1, NULL, &kernel, sizeof(kernel.mask)), 0);
	cr_assert_eq(_dl_find_object((void *)kernel.restorer, &libc), 0);
	compare(&libc, kernel.restorer - 1, &counts);
	cr_assert(counts.signals == 1 && counts.loads == 1);
}

/* A page with a table of one function, which the test may break. */
static struct {
	struct {
		uint8_t kinds[4];
		int32_t frames;
		uint32_t count;
		int32_t function, entry;
	} head;
	struct {
		uint32_t length, id;
		uint8_t version;
		char letters[3];
		uint8_t code_align, data_align, ra, data_length, pointers;
		uint8_t instructions[15];
	} kind;
	struct {
		uint32_t length, kind;
		int32_t start;
		uint32_t size;
		uint8_t data_length;
		uint8_t instructions[27];
	} entry;
	uint8_t code[64];
} module __attribute__((aligned(16)));

#define PC ((uint64_t)module.code + 8)

static struct dl_find_object object;

static void make(const char *instructions, size_t len)
{
	memset(&module, 0, sizeof(module));
	memcpy(module.head.kinds, "\x01\x1b\x03\x3b", 4);
	module.head.count = 1;
	module.head.function = (int32_t)(module.code - (uint8_t *)&module.head);
	module.head.entry = (int32_t)((uint8_t *)&module.entry - (uint8_t *)&module.head);
	module.kind.length = sizeof(module.kind) - 4;
	module.kind.version = 1;
	memcpy(module.kind.letters, "zR", 3);
	module.kind.code_align = 1;
	module.kind.data_align = 0x78;
	module.kind.ra = 16;
	module.kind.data_length = 1;
	module.kind.pointers = 0x1b;
	memcpy(module.kind.instructions, "\x0c\x07\x08\x90\x01", 5);
	module.entry.length = sizeof(module.entry) - 4;
	module.entry.kind = (uint32_t)((uint8_t *)&module.entry.kind - (uint8_t *)&module.kind);
	module.entry.start = (int32_t)(module.code - (uint8_t *)&module.entry.start);
	module.entry.size = sizeof(module.code);
	memcpy(module.entry.instructions, instructions, len);
	object = (struct dl_find_object){.dlfo_map_start = &module,
					 .dlfo_map_end = (char *)&module + sizeof(module),
					 .dlfo_eh_frame = &module.head};
}

static struct gt_rule rule_at(uint64_t pc)
{
	struct gt_rule rule;
	uint64_t function;

	gt_cfi_rule(&object, pc, &rule, &function, &work);
	return rule;
}

#define MAKE(instructions) make(instructions, sizeof(instructions) - 1)

Test(cfi, a_function_that_has_pushed_nothing)
{
	struct gt_rule rule;

	MAKE("");
	rule = rule_at(PC);
	cr_assert_eq(rule.kind, GT_RULE_FRAME);
	cr_assert(rule.sp.base == GT_BASE_SP && rule.sp.offset == 8 && rule.ra.offset == 0);
	cr_assert_eq(rule.flags, GT_RULE_PLAIN);
	cr_assert_eq(gt_cfi_function_size(&object, (uint64_t)module.code), sizeof(module.code));
	cr_assert_eq(gt_cfi_function_size(&object, PC), 0);
}

/* push %rbp; mov %rsp, %rbp: one, then four bytes into the function. */
Test(cfi, rows_begin_where_they_say)
{
	struct gt_rule rule;

	MAKE("\x41\x0e\x10\x86\x02\x43\x0d\x06");
	rule = rule_at((uint64_t)module.code);
	cr_assert(rule.sp.base == GT_BASE_SP && rule.sp.offset == 8 && !(rule.flags & GT_RULE_FP_SAVED));
	rule = rule_at((uint64_t)module.code + 1);
	cr_assert(rule.sp.offset == 16 && rule.flags & GT_RULE_FP_SAVED && rule.fp.offset == 0);
	rule = rule_at((uint64_t)module.code + 4);
	cr_assert(rule.sp.base == GT_BASE_FP && rule.sp.offset == 16 && rule.ra.offset == 8 && rule.fp.offset == 0);
}

Test(cfi, what_was_remembered_comes_back)
{
	MAKE("\x0e\x20\x0a\x42\x0e\x08\x41\x0b");
	cr_assert_eq(rule_at((uint64_t)module.code + 1).sp.offset, 32);
	cr_assert_eq(rule_at((uint64_t)module.code + 2).sp.offset, 8);
	cr_assert_eq(rule_at((uint64_t)module.code + 3).sp.offset, 32);
	MAKE("\x0a\x0a\x0a\x0a\x0a");
	cr_assert_eq(rule_at(PC).kind, GT_RULE_NONE, "more than there is room for");
	MAKE("\x0b");
	cr_assert_eq(rule_at(PC).kind, GT_RULE_NONE, "nothing was remembered");
}

/* As GCC has it for a stack that is aligned: what lies 8 below the frame pointer. */
Test(cfi, a_frame_may_hang_on_a_word_in_memory)
{
	struct gt_rule rule;

	MAKE("\x0f\x03\x76\x78\x06");
	rule = rule_at(PC);
	cr_assert(rule.sp.base == GT_BASE_LOAD && rule.load.base == GT_BASE_FP && rule.load.offset == -8);
	cr_assert(rule.ra.base == GT_BASE_LOAD && rule.ra.offset == -8 && !(rule.flags & GT_RULE_PLAIN));
}

/* A rule has room for one loaded word. When the frame pointer needs another one, it is lost, and no more than that. */
Test(cfi, a_second_word_for_the_frame_pointer_spoils_nothing)
{
	struct gt_rule rule;

	MAKE("\x0f\x03\x76\x78\x06\x10\x06\x03\x77\x10\x06");
	rule = rule_at(PC);
	cr_assert(rule.kind == GT_RULE_FRAME && rule.flags & GT_RULE_FP_LOST);
	cr_assert(rule.sp.base == GT_BASE_LOAD && rule.load.base == GT_BASE_FP && rule.load.offset == -8);
}

/* Cut to 32 bits each of them would look like one of every day. */
Test(cfi, offsets_and_registers_are_not_cut)
{
	MAKE("\x0e\x90\x80\x80\x80\x10");
	cr_assert_eq(rule_at(PC).kind, GT_RULE_NONE, "rsp + 2^32 + 16");
	MAKE("\x0c\x87\x80\x80\x80\x10\x08");
	cr_assert_eq(rule_at(PC).kind, GT_RULE_NONE, "register 2^32 + 7");
	MAKE("\x13\xfe\xff\xff\xff\x7d");
	cr_assert_eq(rule_at(PC).kind, GT_RULE_NONE, "rsp + 2^32 + 16, factored");
	MAKE("\x90\x81\x80\x80\x80\x02");
	cr_assert_eq(rule_at(PC).kind, GT_RULE_NONE, "the return address 2^32 + 8 below");
	MAKE("\x86\x82\x80\x80\x80\x02");
	cr_assert(rule_at(PC).kind == GT_RULE_FRAME && rule_at(PC).flags & GT_RULE_FP_LOST);
	MAKE("\x2f\x10\x81\x80\x80\x80\x02");
	cr_assert_eq(rule_at(PC).kind, GT_RULE_NONE, "and above");
}

Test(cfi, numbers_that_overflow_are_damage)
{
	MAKE("\x90\x81\x80\x80\x80\x80\x80\x80\x80\x20");
	cr_assert_eq(rule_at(PC).kind, GT_RULE_NONE, "(2^61 + 1) times -8");
	MAKE("\x0e\x88\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01");
	cr_assert_eq(rule_at(PC).kind, GT_RULE_NONE, "2^70 + 8");
	MAKE("\x0e\x88\x80\x80\x80\x80\x80\x80\x80\x80\x01\x0e\x10");
	cr_assert_eq(rule_at(PC).kind, GT_RULE_NONE, "2^63 + 8: no offset, also when it is not in force");
	MAKE("\x0e\x80\x80\x80\x80\x02\x41\x0e\x10");
	cr_assert_eq(rule_at((uint64_t)module.code).kind, GT_RULE_NONE, "half a gigabyte is far");
	cr_assert_eq(rule_at(PC).kind, GT_RULE_FRAME, "but not damage");
}

/* A pointer to the pointer: nobody promises that what it leads to is in the module. */
Test(cfi, indirect_pointers_are_refused)
{
	MAKE("");
	module.kind.pointers = 0x9b;
	cr_assert_eq(rule_at(PC).kind, GT_RULE_NONE);
}

Test(cfi, code_without_a_caller_is_the_end)
{
	MAKE("\x07\x10");
	cr_assert_eq(rule_at(PC).kind, GT_RULE_END);
}

Test(cfi, registers_that_a_walk_does_not_know)
{
	MAKE("\x0c\x0a\x08");
	cr_assert_eq(rule_at(PC).kind, GT_RULE_NONE, "r10 + 8");
	MAKE("\x09\x06\x03");
	cr_assert(rule_at(PC).flags & GT_RULE_FP_LOST, "rbp is in rbx");
}

/* Every byte of the tables turned round, and the module cut ever shorter: no rule or any, but nothing beyond the module. */
Test(cfi, damage_is_survived)
{
	MAKE("\x41\x0e\x10\x86\x02\x43\x0d\x06\x0f\x03\x76\x78\x06");
	for (size_t i = 0; i < sizeof(module) - sizeof(module.code); i++) {
		for (int bit = 0; bit < 8; bit++) {
			((uint8_t *)&module)[i] ^= (uint8_t)(1 << bit);
			rule_at(PC);
			gt_cfi_function_size(&object, PC);
			((uint8_t *)&module)[i] ^= (uint8_t)(1 << bit);
		}
	}
	for (size_t len = sizeof(module); len > 0; len--) {
		char *copy = malloc(len);

		memcpy(copy, &module, len);
		object = (struct dl_find_object){
			.dlfo_map_start = copy, .dlfo_map_end = copy + len, .dlfo_eh_frame = copy};
		rule_at((uint64_t)copy + offsetof(typeof(module), code) + 8);
		free(copy);
	}
}
