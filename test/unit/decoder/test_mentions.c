/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ids of stacks and strings in events, facts and samples: each once, whatever is damaged behind them.
 */
#include "decoder/mentions.h"

#include "test/lib/builder.h"

#include <criterion/criterion.h>

static struct gt_builder b;
static struct gt_mentions m;

static void tear_down(void)
{
	gt_mentions_free(&m);
	gt_build_free(&b);
}

TestSuite(mentions, .fini = tear_down);

static void expect(const struct gt_mentioned *mentioned, size_t n, const uint64_t *ids)
{
	cr_assert_eq(mentioned->n, n);
	for (size_t i = 0; i < n; i++)
		cr_assert_eq(mentioned->ids[i], ids[i]);
}

#define EXPECT(what, ...)                                                                                              \
	expect(&m.what, sizeof((uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t), (uint64_t[]){__VA_ARGS__})

Test(mentions, events_name_stacks_and_strings_each_once)
{
	gt_add_GoBlock(&b, 1, 7, 30);
	gt_add_GoStart(&b, 1, 5, 1);
	gt_add_GoBlock(&b, 1, 7, 31);
	gt_add_GoStop(&b, 1, 9, 30);
	gt_add_GoCreate(&b, 1, 4, 40, 0);
	gt_add_UserLog(&b, 1, 1, 1 << 17, 7, 50);
	gt_mentions_events(&m, b.bytes, b.bytes + b.len);
	EXPECT(stacks, 30, 31, 40, 50);
	EXPECT(strings, 7, 9, 1 << 17);
}

Test(mentions, what_stands_before_damage_counts)
{
	gt_add_GoBlock(&b, 1, 7, 30);
	gt_build_byte(&b, 200);
	gt_add_GoBlock(&b, 1, 8, 31);
	gt_mentions_events(&m, b.bytes, b.bytes + b.len);
	EXPECT(stacks, 30);
}

Test(mentions, a_cut_event_names_what_is_there)
{
	gt_add_GoBlock(&b, 1, 7, 300);
	for (size_t len = 0; len < b.len; len++) {
		gt_mentions_events(&m, b.bytes, b.bytes + len);
		cr_assert_eq(m.stacks.n, 0);
	}
	cr_assert_eq(m.strings.n, 1);
}

Test(mentions, a_fact_names_the_stack_of_a_long_call)
{
	static const struct gt_fact_record late = {.number = GT_FACT_SyscallStack, .position = 3, .field = {{.u = 70}}};
	static const struct gt_fact_record other = {.number = GT_FACT_Waker, .position = 3, .field = {{.u = 71}}};

	gt_build_fact(&b, &late);
	gt_build_fact(&b, &other);
	gt_mentions_facts(&m, b.bytes, b.bytes + b.len);
	EXPECT(stacks, 70);
}

Test(mentions, samples_name_stacks)
{
	for (uint64_t stack = 80; stack < 82; stack++) {
		gt_build_byte(&b, GT_FR_CPUSample);
		for (uint64_t i = 0; i < 4; i++)
			gt_build_varint(&b, i + 300);
		gt_build_varint(&b, stack);
	}
	gt_mentions_samples(&m, b.bytes, b.bytes + b.len);
	EXPECT(stacks, 80, 81);
}

Test(mentions, many_are_found_again)
{
	for (int round = 0; round < 2; round++) {
		for (uint64_t id = 1; id <= 5000; id++)
			gt_add_GoBlock(&b, 1, 0, id * id);
	}
	gt_mentions_events(&m, b.bytes, b.bytes + b.len);
	cr_assert_eq(m.stacks.n, 5000);
	cr_assert_eq(m.stacks.ids[4999], 25000000);
	cr_assert_eq(m.strings.n, 0);
}
