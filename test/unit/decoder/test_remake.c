/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Tables made from a live file: what is mentioned is there, with what the file has for it.
 */
#include "decoder/remake.h"

#include "test/lib/decode.h"
#include "test/lib/left.h"
#include "test/lib/tempdir.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>
#include <string.h>

static struct gt_left left;
static struct gt_builder b, f;
static struct gt_mentions m;
static struct gt_generation *made;

static void start(void)
{
	gt_left_start(&left);
}

TestSuite(remake, .init = start, .fini = gt_temp_clean);

/* The generation with an event of M 1 and the tables that are made for it. */
static void make(uint32_t gen)
{
	struct gt_live live;
	struct gt_error err;
	struct gt_out out;

	gt_left_write(&left, gt_temp_path("live"));
	cr_assert_eq(gt_live_open(&live, gt_temp_path("live"), &err), 1);
	gt_out_open(&out, -1);
	gt_remake(&live, gen, gen, &m, &out);
	gt_build_header(&b, 23);
	gt_build_batch(&b, gen, 1, 100);
	gt_add_ProcStatus(&b, 1, 0, GT_P_Running);
	gt_build_end(&b);
	gt_build_bytes(&b, out.buf, out.len);
	gt_out_close(&out);
	gt_live_close(&live);
	gt_mentions_free(&m);
	gt_error_clear(&err);
	made = gt_decode_generation(&b, &err);
	cr_assert_not_null(made);
	cr_assert_eq(err.code, GT_ERR_NONE, "%s", err.words);
}

static void mention(uint64_t stack, uint64_t string)
{
	struct gt_builder e = {0};

	gt_add_GoBlock(&e, 1, string, stack);
	gt_mentions_events(&m, e.bytes, e.bytes + e.len);
	gt_build_free(&e);
}

static void module(uint64_t base, uint64_t end, const char *path)
{
	struct gt_fact_record fact = {.number = GT_FACT_Module, .field = {{.u = base}, {.u = end}}};

	fact.field[2].t = gt_string_empty;
	fact.field[3].t = (struct gt_string){path, strlen(path)};
	gt_build_fact(&f, &fact);
}

Test(remake, frames_are_named_by_their_place_in_their_file)
{
	static const uint64_t pc[] = {0x5010, 0x6000, 0x9999, GT_MARK_DEEPER};
	const struct gt_stack *stack;

	module(0x5000, 0x6000, "/usr/lib/libone.so");
	module(0x6000, 0x7000, "two");
	gt_left_facts(&left, &f);
	mention(gt_left_stack(&left, 3, pc, 4), 0);
	make(3);
	stack = gt_table_stack(made->table, 1);
	cr_assert(stack && stack->nframes == 4);
	gt_expect_string(stack->frames[0]->func, "libone.so+0x10");
	gt_expect_string(stack->frames[0]->file, "/usr/lib/libone.so");
	gt_expect_string(stack->frames[1]->func, "libone.so+0x1000");
	gt_expect_string(stack->frames[2]->func, "0x9999");
	gt_expect_string(stack->frames[2]->file, "");
	gt_expect_string(stack->frames[3]->func, "[deeper]");
}

Test(remake, strings_are_reasons_and_texts)
{
	uint64_t text = gt_left_text(&left, 2, 12, "label");

	mention(0, GT_STRING_BLOCK + GT_BLOCK_SYNC);
	mention(0, GT_STRING_STOP + GT_STOP_PREEMPTED);
	mention(0, text);
	make(2);
	gt_expect_string(gt_table_string(made->table, GT_STRING_BLOCK + GT_BLOCK_SYNC), "sync");
	gt_expect_string(gt_table_string(made->table, GT_STRING_STOP + GT_STOP_PREEMPTED), "preempted");
	gt_expect_string(gt_table_string(made->table, text), "label");
}

Test(remake, what_the_file_does_not_have_is_there_with_nothing_in_it)
{
	const struct gt_stack *stack;

	mention(4711, GT_STRING_TEXT + 3);
	make(2);
	stack = gt_table_stack(made->table, 4711);
	cr_assert(stack && stack->nframes == 1);
	gt_expect_string(stack->frames[0]->func, "[unknown]");
	gt_expect_string(gt_table_string(made->table, GT_STRING_TEXT + 3), "?");
}

/* How many facts there are of this number, with these numbers or with a path of that length; all batches must be whole. */
static int count(enum gt_fact number, uint64_t a, uint64_t b_, size_t path)
{
	struct gt_fact_record fact;
	int n = 0;

	for (const struct gt_batch *batch = made->facts; batch; batch = batch->next) {
		const uint8_t *p = batch->data + GT_FACTS_MAGIC_LEN, *end = batch->data + batch->len;

		while (gt_fact_next(&p, end, &fact))
			n += fact.number == number && fact.field[0].u == a && fact.field[1].u == b_ &&
			     (path == 0 || fact.field[3].t.len == path);
	}
	return n;
}

Test(remake, facts_are_said)
{
	module(0x5000, 0x6000, "one");
	gt_left_facts(&left, &f);
	make(2);
	cr_assert_eq(count(GT_FACT_Module, 0x5000, 0x6000, 3), 1);
}

Test(remake, more_facts_than_a_batch_holds_stay_whole)
{
	static char path[3000];

	memset(path, 'p', sizeof(path) - 1);
	for (uint64_t i = 0; i < 40; i++)
		module(0x1000 * i, 0x1000 * (i + 1), path);
	gt_left_facts(&left, &f);
	make(2);
	for (uint64_t i = 0; i < 40; i++)
		cr_assert_eq(count(GT_FACT_Module, 0x1000 * i, 0x1000 * (i + 1), sizeof(path) - 1), 1);
}
