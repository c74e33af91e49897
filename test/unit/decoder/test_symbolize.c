/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A trace of this program that gets full names: what is in it then, and what has stayed.
 */
#include "decoder/symbolize.h"

#include "decoder/reader.h"
#include "test/lib/decode.h"
#include "test/lib/own.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static struct gt_builder b;
static struct gt_symbols *symbols;
static struct gt_splice splice;
static struct gt_error err;
static struct gt_reader *reader;
static struct gt_trace_event ev;
static int fd = -1;

static void set_up(void)
{
	symbols = gt_symbols_new(NULL);
	gt_error_clear(&err);
	fd = memfd_create("symbolized", MFD_CLOEXEC);
	gt_splice_start(&splice, fd, 23);
}

static void tear_down(void)
{
	gt_reader_close(reader);
	gt_splice_free(&splice);
	gt_symbols_free(symbols);
	gt_build_free(&b);
	close(fd);
}

TestSuite(symbolize, .init = set_up, .fini = tear_down);

static int symbolize(void)
{
	struct gt_input in;
	int result;

	gt_decode_open(&b, &in);
	gt_input_header(&in, &err);
	result = gt_symbolize(&in, symbols, &splice, &err);
	gt_input_close(&in);
	return result;
}

/* Symbolizes the trace, which is sound, and opens the result, which is sound, too. */
static void symbolize_all(void)
{
	struct gt_error verdict;
	char path[32];

	cr_assert_eq(symbolize(), 0, "%s", err.words);
	cr_assert_eq(gt_splice_finish(&splice, &verdict), (long)splice.generations, "%s", verdict.words);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	reader = gt_reader_open(path, &err);
	cr_assert_not_null(reader, "%s", err.words);
}

/* Reads up to the next event of that type. */
static void next(int type)
{
	do
		cr_assert_eq(gt_reader_next(reader, &ev), 1, "%s", err.words);
	while (ev.type != type);
}

static void build_module(uint64_t gen)
{
	struct gt_fact_record fact = gt_own_fact();

	gt_build_facts(&b, gen, GT_NONE);
	gt_build_fact(&b, &fact);
	gt_build_end(&b);
}

/* `n` frames of that pc, as the recorder writes them when it knows no names. */
static void build_stack(uint64_t gen, uint64_t id, uint64_t pc, uint64_t n)
{
	gt_build_batch(&b, gen, GT_NONE, 0);
	gt_build_byte(&b, GT_FR_Stacks);
	gt_build_byte(&b, GT_FR_Stack);
	gt_build_varint(&b, id);
	gt_build_varint(&b, n);
	for (uint64_t i = 0; i < n; i++) {
		gt_build_varint(&b, pc);
		gt_build_bytes(&b, "\0\0\0", 3);
	}
	gt_build_end(&b);
}

/* G 1 creates G 2 and waits; stacks 1 and 2 are what it starts with, and three calls. */
static void build(void)
{
	gt_build_start(&b);
	gt_add_GoCreate(&b, 1, 2, 1, 2);
	gt_add_GoBlock(&b, 1, 5, 2);
	gt_build_end(&b);
	gt_build_string(&b, 1, 5, "sync", 4);
	build_stack(1, 1, (uint64_t)(uintptr_t)gt_own_pc + 1, 1);
	build_stack(1, 2, gt_own_pc(), 3);
	build_module(1);
}

Test(symbolize, stacks_have_full_names)
{
	build();
	symbolize_all();
	next(GT_EV_GoCreate);
	cr_assert_eq(ev.transition_stack->nframes, 1);
	gt_expect_string(ev.transition_stack->frames[0]->func, "gt_own_pc");
	cr_assert_eq(ev.stack->nframes, 6);
	for (size_t i = 0; i < 6; i++) {
		gt_expect_string(ev.stack->frames[i]->func, i % 2 == 0 ? "gt_own_inlined" : "gt_own_pc");
		cr_expect_eq(ev.stack->frames[i]->line, i % 2 == 0 ? gt_own_inlined_line : gt_own_pc_line);
		gt_expect_part(ev.stack->frames[i]->file->bytes, "own.c");
	}
}

Test(symbolize, all_else_stays)
{
	build();
	symbolize_all();
	next(GT_EV_GoBlock);
	gt_expect_string(ev.text[0], "sync");
	cr_expect_eq(ev.stack->id, 2);
	cr_expect_eq(ev.time, 104);
}

static void take_module(void *arg, uint64_t gen, const struct gt_fact_record *fact)
{
	*(uint64_t *)arg += fact->number == GT_FACT_Module ? gen : 0;
}

Test(symbolize, facts_stay)
{
	uint64_t gens = 0;

	build();
	symbolize_all();
	gt_reader_on_fact(reader, take_module, &gens);
	next(GT_EV_GoBlock);
	cr_expect_eq(gens, 1);
}

Test(symbolize, a_file_is_there_in_later_generations)
{
	build();
	gt_build_frequency(&b, 2, 1000000000);
	gt_build_batch(&b, 2, 1, 1000);
	gt_add_ProcStatus(&b, 1, 0, GT_P_Running);
	gt_add_GoStatus(&b, 1, 1, GT_NONE, GT_G_Waiting);
	gt_add_GoUnblock(&b, 1, 1, 1, 7);
	gt_build_end(&b);
	build_stack(2, 7, gt_own_pc(), 1);
	symbolize_all();
	cr_expect_eq(splice.generations, 2);
	next(GT_EV_GoUnblock);
	gt_expect_string(ev.stack->frames[0]->func, "gt_own_inlined");
}

/* What ends up with more frames than readers take. */
Test(symbolize, a_stack_that_gets_too_deep_says_so)
{
	build();
	build_stack(1, 3, gt_own_pc(), GT_MAX_FRAMES);
	gt_build_sample(&b, 1, 200, 1, 3);
	symbolize_all();
	do
		cr_assert_eq(gt_reader_next(reader, &ev), 1, "%s", err.words);
	while (ev.kind != GT_KIND_STACK_SAMPLE);
	cr_assert_eq(ev.stack->nframes, GT_MAX_FRAMES);
	gt_expect_string(ev.stack->frames[GT_MAX_FRAMES - 1]->func, "[deeper]");
}

Test(symbolize, a_trace_without_modules_stays_as_it_is)
{
	struct gt_stack_frame frame;

	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 2);
	gt_build_end(&b);
	build_stack(1, 2, gt_own_pc(), 1);
	symbolize_all();
	next(GT_EV_GoBlock);
	frame = *ev.stack->frames[0];
	cr_expect(frame.pc == gt_own_pc() && frame.line == 0 && frame.func->len == 0 && frame.file->len == 0);
}

Test(symbolize, what_stands_before_damage_is_copied)
{
	build();
	gt_build_frequency(&b, 2, 1000000000);
	gt_build_string(&b, 2, 5, "sync", 4);
	gt_build_string(&b, 2, 5, "again", 5);
	cr_expect_eq(symbolize(), -1);
	cr_expect_str_eq(err.words, "string 5 is said twice");
	cr_expect_eq(err.gen, 2);
	cr_expect_eq(splice.generations, 1);
}

Test(symbolize, a_file_that_ends_early_is_damaged)
{
	build();
	b.len -= 3;
	cr_expect_eq(symbolize(), -1);
	cr_expect_eq(err.code, GT_ERR_TRUNCATED);
	cr_expect_eq(splice.generations, 0);
}
