/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One trace among those that are read: its first event is there at once, and its facts come before their events.
 */
#include "decoder/source.h"

#include "test/lib/own.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>

static struct gt_builder b;
static struct gt_source source;
static int facts;

static void tear_down(void)
{
	gt_source_close(&source);
	gt_build_free(&b);
}

TestSuite(source, .fini = tear_down);

static void count(void *arg, uint64_t gen, const struct gt_fact_record *fact)
{
	(void)gen;
	(void)fact;
	++*(int *)arg;
}

static void clock_fact(uint64_t gen, uint64_t monotonic)
{
	struct gt_fact_record fact = {.number = GT_FACT_Clock, .field = {{.u = 0}, {.u = monotonic}}};

	gt_build_facts(&b, gen, GT_NONE);
	gt_build_fact(&b, &fact);
	gt_build_end(&b);
}

Test(source, what_the_facts_say_is_known_with_the_first_event)
{
	static const struct gt_fact_record identity[] = {
		{.number = GT_FACT_Process,
		 .field = {{.u = 123}, {.u = 99}, {.t = GT_TEXT("app")}, {.t = GT_TEXT("0.1.0")}}},
		{.number = GT_FACT_Origin, .field = {{.u = 700}, {.u = 600}, {.t = GT_TEXT("parent.trace")}}},
		{.number = GT_FACT_ThreadName, .field = {{.u = 1}, {.u = 123}, {.t = GT_TEXT("main")}}},
	};

	gt_build_start(&b);
	gt_build_end(&b);
	clock_fact(1, 5000);
	gt_build_facts(&b, 1, GT_NONE);
	for (int i = 0; i < 3; i++)
		gt_build_fact(&b, &identity[i]);
	gt_build_end(&b);
	gt_source_open(&source, gt_build_path(&b), NULL, count, &facts);
	cr_assert_eq(source.state, 1);
	cr_expect_eq(source.ev.type, GT_EV_ProcStatus);
	cr_expect(source.identity.pid == 123 && source.identity.parent_pid == 99);
	cr_expect(source.identity.started == 700 && source.identity.parent_started == 600);
	cr_expect_str_eq(source.identity.program, "app");
	cr_expect_str_eq(source.identity.version, "0.1.0");
	cr_expect_str_eq(source.identity.forked_from, "parent.trace");
	cr_expect_str_eq(source.label, "app[123]");
	cr_expect_str_eq(gt_lives_name(source.lives, 1), "main");
	cr_expect(source.anchor.known && source.anchor.monotonic == 5000);
	cr_expect_eq(facts, 4);
}

Test(source, facts_of_a_generation_come_with_it)
{
	gt_build_start(&b);
	gt_build_end(&b);
	clock_fact(1, 5000);
	gt_build_frequency(&b, 2, 1000000000);
	gt_build_batch(&b, 2, 1, 1000);
	gt_add_GoStatus(&b, 0, 1, 1, GT_G_Running);
	gt_build_end(&b);
	clock_fact(2, 6000);
	gt_source_open(&source, gt_build_path(&b), NULL, NULL, NULL);
	while (source.state == 1 && source.ev.kind != GT_KIND_SYNC)
		gt_source_next(&source);
	cr_expect_eq(source.anchor.monotonic, 5000, "the end of a generation belongs to it");
	gt_source_next(&source);
	cr_expect_eq(source.anchor.monotonic, 6000);
	gt_source_next(&source);
	gt_source_next(&source);
	cr_expect_eq(source.state, 0);
	gt_source_next(&source);
	cr_expect_eq(source.state, 0);
}

Test(source, a_trace_that_says_nothing_is_known_by_its_path)
{
	gt_build_start(&b);
	gt_build_end(&b);
	gt_source_open(&source, gt_build_path(&b), NULL, NULL, NULL);
	cr_expect_str_eq(source.label, source.path);
	cr_expect_not(source.anchor.known);
}

Test(source, damage_and_absence)
{
	gt_build_start(&b);
	gt_add_GoStart(&b, 1, 1, 9);
	gt_build_end(&b);
	gt_source_open(&source, gt_build_path(&b), NULL, NULL, NULL);
	gt_source_next(&source);
	gt_source_next(&source);
	cr_expect_eq(source.state, -1);
	cr_expect_eq(source.err.code, GT_ERR_ORDER);
	gt_source_close(&source);
	gt_source_open(&source, "/nonexistent/trace", NULL, NULL, NULL);
	cr_expect_eq(source.state, -1);
	cr_expect_eq(source.err.code, GT_ERR_IO);
	gt_source_next(&source);
	cr_expect_eq(source.state, -1);
}

Test(source, what_a_thread_said_last_stands_first_in_its_batch)
{
	static const struct gt_fact_record names[] = {
		{.number = GT_FACT_ThreadName, .field = {{.u = 1}, {.u = 1}, {.t = GT_TEXT("new")}}},
		{.number = GT_FACT_ThreadName, .field = {{.u = 1}, {.u = 1}, {.t = GT_TEXT("old")}}},
	};

	gt_build_start(&b);
	gt_build_end(&b);
	gt_build_facts(&b, 1, 1);
	gt_build_fact(&b, &names[0]);
	gt_build_fact(&b, &names[1]);
	gt_build_end(&b);
	gt_source_open(&source, gt_build_path(&b), NULL, NULL, NULL);
	cr_expect_str_eq(gt_lives_name(source.lives, 1), "new");
}

/* G 1 waits with a stack of one call, of a file that the facts name. */
static void build_call(void)
{
	struct gt_fact_record module = gt_own_fact();

	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 2);
	gt_build_end(&b);
	gt_build_batch(&b, 1, GT_NONE, 0);
	gt_build_byte(&b, GT_FR_Stacks);
	gt_build_byte(&b, GT_FR_Stack);
	gt_build_bytes(&b, "\2\1", 2);
	gt_build_varint(&b, gt_own_pc());
	gt_build_bytes(&b, "\0\0\0", 3);
	gt_build_end(&b);
	gt_build_facts(&b, 1, GT_NONE);
	gt_build_fact(&b, &module);
	gt_build_end(&b);
}

static void read_to_block(struct gt_symbols *symbols)
{
	gt_source_open(&source, gt_build_path(&b), symbols, NULL, NULL);
	while (source.ev.type != GT_EV_GoBlock) {
		gt_source_next(&source);
		cr_assert_eq(source.state, 1);
	}
	gt_source_name(&source);
}

Test(source, full_names_are_there_for_who_wants_them)
{
	struct gt_symbols *symbols = gt_symbols_new(NULL);

	build_call();
	read_to_block(symbols);
	cr_assert_eq(source.ev.stack->nframes, 2);
	gt_expect_string(source.ev.stack->frames[1]->func, "gt_own_pc");
	cr_expect_eq(source.ev.stack, source.ev.transition_stack);
	gt_source_close(&source);
	gt_symbols_free(symbols);
}

Test(source, names_are_those_of_the_trace_for_who_does_not)
{
	build_call();
	read_to_block(NULL);
	cr_assert_eq(source.ev.stack->nframes, 1);
	gt_expect_string(source.ev.stack->frames[0]->func, "");
}
