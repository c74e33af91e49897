/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is carried over from generations that are left out.
 */
#include "decoder/carry.h"

#include "test/lib/decode.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct gt_builder b;
static struct gt_carry carry;
static struct gt_input in;
static struct gt_slice slice;

static void forget(void)
{
	gt_slice_free(&slice);
	gt_input_close(&in);
	gt_build_free(&b);
}

static void tear_down(void)
{
	forget();
	gt_carry_free(&carry);
	gt_build_free(&b);
}

TestSuite(carry, .fini = tear_down);

/* Reads the only generation that was built. */
static void read_slice(void)
{
	struct gt_error err;

	gt_decode_open(&b, &in);
	gt_error_clear(&err);
	cr_assert_eq(gt_input_header(&in, &err), 23);
	cr_assert_eq(gt_slice_read(&slice, &in, &err), 1);
}

static void take(const struct gt_fact_record *facts, int n)
{
	gt_build_header(&b, 23);
	gt_build_facts(&b, 1, GT_NONE);
	for (int i = 0; i < n; i++)
		gt_build_fact(&b, &facts[i]);
	gt_build_end(&b);
	read_slice();
	gt_carry_take(&carry, &slice);
	forget();
}

/* What comes out of the batches that were written, as "NUMBER:FIELD0,TEXT2 ". The number of batches. */
static int written(char *text, size_t size)
{
	struct gt_out out;
	int batches = 0;
	size_t len = 0;

	gt_build_header(&b, 23);
	gt_out_open(&out, -1);
	gt_carry_write(&carry, 5, &out);
	gt_build_bytes(&b, out.buf, out.len);
	gt_out_close(&out);
	read_slice();
	cr_expect_eq(slice.is.gen, 5);
	cr_expect(gt_carry_leads(&slice));
	text[0] = '\0';
	for (const struct gt_batch *batch = slice.first; batch != NULL; batch = batch->next, batches++) {
		const uint8_t *end, *p = gt_slice_facts(&slice, batch, &end);
		struct gt_fact_record f;

		while (len < size && gt_fact_next(&p, end, &f))
			len += (size_t)snprintf(text + len, size - len, "%d:%d,%.*s ", f.number, (int)f.field[0].u,
						f.number == GT_FACT_ThreadName ? (int)f.field[2].t.len : 0,
						f.number == GT_FACT_ThreadName ? f.field[2].t.bytes : "");
	}
	forget();
	return batches;
}

Test(carry, what_is_said_once_and_nothing_else)
{
	static const struct gt_fact_record facts[] = {
		{.number = GT_FACT_Process,
		 .field = {{.u = 123}, {.u = 99}, {.t = GT_TEXT("app")}, {.t = GT_TEXT("0.1.0")}}},
		{.number = GT_FACT_Clock, .field = {{.u = 4}}},
		{.number = GT_FACT_Wait, .field = {{.u = GT_PRIM_MUTEX}, {.u = 1}}},
		{.number = GT_FACT_Module,
		 .field = {{.u = 0x10}, {.u = 0x20}, {.t = GT_TEXT("ab")}, {.t = GT_TEXT("/x")}}},
	};
	char text[200];

	take(facts, 4);
	cr_expect_eq(written(text, sizeof(text)), 1);
	cr_expect_str_eq(text, "21:123, 17:16, ");
}

Test(carry, later_names_and_counts_replace_earlier_ones)
{
	static const struct gt_fact_record facts[] = {
		{.number = GT_FACT_ThreadName, .field = {{.u = 1}, {.u = 7}, {.t = GT_TEXT("old")}}},
		{.number = GT_FACT_ThreadName, .field = {{.u = 2}, {.u = 8}, {.t = GT_TEXT("other")}}},
		{.number = GT_FACT_Dropped, .field = {{.u = 1}, {.u = 5}}},
		{.number = GT_FACT_ThreadName, .field = {{.u = 1}, {.u = 7}, {.t = GT_TEXT("new")}}},
	};
	char text[200];

	take(facts, 4);
	take(facts + 2, 1);
	written(text, sizeof(text));
	cr_expect_str_eq(text, "16:2,other 16:1,new 19:1, ");
}

Test(carry, of_a_thread_the_first_record_is_the_newest)
{
	static const struct gt_fact_record facts[] = {
		{.number = GT_FACT_ThreadName, .field = {{.u = 1}, {.u = 7}, {.t = GT_TEXT("new")}}},
		{.number = GT_FACT_ThreadName, .field = {{.u = 1}, {.u = 7}, {.t = GT_TEXT("old")}}},
	};
	char text[200];

	gt_build_header(&b, 23);
	gt_build_facts(&b, 1, 7);
	gt_build_fact(&b, &facts[0]);
	gt_build_fact(&b, &facts[1]);
	gt_build_end(&b);
	read_slice();
	gt_carry_take(&carry, &slice);
	forget();
	written(text, sizeof(text));
	cr_expect_str_eq(text, "16:1,new ");
}

Test(carry, more_than_one_batch_can_hold)
{
	static char text[200000];
	struct gt_fact_record name = {.number = GT_FACT_ThreadName, .field = {{.u = 0}, {.u = 7}}};

	name.field[2].t = (struct gt_string){"a thread's name", 15};
	for (uint64_t i = 0; i < 50; i++) {
		struct gt_fact_record many[100];

		for (uint64_t k = 0; k < 100; k++) {
			many[k] = name;
			many[k].field[0].u = 1000 + i * 100 + k;
		}
		take(many, 100);
	}
	cr_expect_eq(written(text, sizeof(text)), 2);
	gt_expect_part(text, "16:1000,a thread's name ");
	gt_expect_part(text, "16:5999,a thread's name ");
}

Test(carry, damage_ends_a_batch_and_events_come_first_otherwise)
{
	char text[100];

	gt_build_start(&b);
	gt_build_end(&b);
	gt_build_facts(&b, 1, GT_NONE);
	gt_build_bytes(&b, "\x13\x02\x01\x05\x10\x7f\x01", 7);
	gt_build_end(&b);
	read_slice();
	cr_expect_not(gt_carry_leads(&slice));
	gt_carry_take(&carry, &slice);
	forget();
	written(text, sizeof(text));
	cr_expect_str_eq(text, "19:1, ");
}

Test(carry, nothing_is_no_batch)
{
	struct gt_out out;

	gt_out_open(&out, -1);
	gt_carry_write(&carry, 5, &out);
	gt_expect_text(&out, "");
}
