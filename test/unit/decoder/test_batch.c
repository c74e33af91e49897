/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Batches as they stand in the file, damage in their heads, and the facts that are tied to one.
 */
#include "decoder/batch.h"

#include "test/lib/decode.h"
#include "test/lib/text.h"
#include "test/lib/verdict.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

static struct gt_input in;
static struct gt_error err;
static struct gt_builder b;
static struct gt_batch *batch;

static void set_up(void)
{
	gt_error_clear(&err);
}

static void tear_down(void)
{
	gt_batch_free(batch);
	gt_input_close(&in);
	gt_build_free(&b);
}

TestSuite(batch, .init = set_up, .fini = tear_down);

static int next(void)
{
	gt_batch_free(batch);
	batch = NULL;
	return gt_batch_read(&in, &batch, &err);
}

/* The file is read up to damage of this code, with `part` in the words and at this byte. */
static void damaged(enum gt_error_code code, const char *part, uint64_t offset)
{
	gt_decode_open(&b, &in);
	while (next() > 0)
		;
	cr_expect_null(batch);
	cr_expect_eq(err.code, code, "code %d: %s", err.code, err.words);
	gt_expect_part(err.words, part);
	cr_expect_eq(err.offset, offset, "byte %d", (int)err.offset);
	gt_input_close(&in);
	gt_build_free(&b);
	gt_error_clear(&err);
}

Test(batch, batches_come_in_the_order_of_the_file)
{
	gt_build_byte(&b, 'x');
	gt_build_batch(&b, 3, 77, 500);
	gt_build_bytes(&b, "abc", 3);
	gt_build_end(&b);
	gt_build_experiment(&b, 255, 4, GT_NONE);
	gt_build_end(&b);
	gt_decode_open(&b, &in);
	gt_input_byte(&in);
	cr_assert_eq(next(), 1);
	cr_expect(batch->gen == 3 && batch->m == 77 && batch->time == 500);
	cr_expect_eq(batch->offset, 1);
	cr_expect_eq(batch->experiment, 0);
	cr_expect_eq(batch->len, 3);
	cr_expect_eq(memcmp(batch->data, "abc", 3), 0);
	cr_expect(batch->next == NULL && batch->facts == NULL && batch->nfacts == 0);
	cr_assert_eq(next(), 1);
	cr_expect(batch->gen == 4 && batch->m == -1);
	cr_expect_eq(batch->experiment, 255);
	cr_expect_eq(batch->len, 0);
	cr_assert_eq(next(), 0);
	cr_expect_null(batch);
	cr_expect_eq(err.code, GT_ERR_NONE);
}

Test(batch, nothing_is_left_in_the_error_by_a_sound_batch)
{
	gt_build_batch(&b, 3, 77, 500);
	gt_build_end(&b);
	gt_decode_open(&b, &in);
	cr_assert_eq(next(), 1);
	cr_expect(err.gen == 0 && err.m == -1 && err.offset == 0);
}

Test(batch, bytes_that_start_no_batch)
{
	gt_build_batch(&b, 1, 1, 1);
	gt_build_end(&b);
	gt_build_byte(&b, 52);
	damaged(GT_ERR_FORMAT, "a batch cannot start with byte 52", 14);
	gt_build_byte(&b, 0);
	damaged(GT_ERR_FORMAT, "a batch cannot start with byte 0", 0);
}

Test(batch, the_file_may_end_between_batches_only)
{
	size_t whole;

	gt_build_batch(&b, 1, 1, 1);
	gt_build_bytes(&b, "abc", 3);
	gt_build_end(&b);
	whole = b.len;
	gt_build_free(&b);
	for (size_t len = 1; len < whole; len++) {
		gt_build_batch(&b, 1, 1, 1);
		gt_build_bytes(&b, "abc", 3);
		gt_build_end(&b);
		b.len = len;
		damaged(GT_ERR_TRUNCATED, len < whole - 3 ? "in the head of a batch" : "of 3 bytes", 0);
	}
}

Test(batch, an_experiment_may_not_be_cut_off)
{
	gt_build_experiment(&b, 1, 1, 1);
	gt_build_end(&b);
	b.len = 1;
	damaged(GT_ERR_TRUNCATED, "in the head of a batch", 0);
}

Test(batch, damage_names_generation_and_thread_as_far_as_they_are_known)
{
	gt_build_batch(&b, 9, 5, 1);
	gt_build_bytes(&b, "abc", 3);
	gt_build_end(&b);
	b.len--;
	gt_decode_open(&b, &in);
	cr_expect_eq(next(), -1);
	cr_expect_str_eq(err.words, "the file ends in a batch: 2 of 3 bytes are there");
	cr_expect(err.gen == 9 && err.m == 5);
}

Test(batch, numbers_of_the_head_may_be_malformed)
{
	static const char eleven[] = "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80";
	static const char *const names[] = {"generation", "thread", "time", "size"};

	for (int i = 0; i < 4; i++) {
		gt_build_byte(&b, GT_FR_EventBatch);
		for (int k = 0; k < i; k++)
			gt_build_byte(&b, 1);
		gt_build_bytes(&b, eleven, sizeof(eleven));
		damaged(GT_ERR_FORMAT, names[i], 0);
	}
}

Test(batch, the_largest_payload)
{
	static const uint8_t zeros[65537];

	gt_build_batch(&b, 1, 1, 1);
	gt_build_bytes(&b, zeros, 65536);
	gt_build_end(&b);
	gt_build_experiment(&b, 1, 1, 1);
	gt_build_bytes(&b, zeros, 65537);
	gt_build_end(&b);
	damaged(GT_ERR_FORMAT, "a batch of 65537 bytes, 65536 are allowed", 14 + 65536);
}

Test(batch, a_size_that_no_memory_could_hold)
{
	gt_build_bytes(&b, "\1\1\1\1\xff\xff\xff\xff\xff\xff\xff\xff\xff\1", 14);
	damaged(GT_ERR_FORMAT, "a batch of 18446744073709551615 bytes", 0);
}

Test(batch, a_file_that_cannot_be_read)
{
	cr_assert_eq(gt_input_open(&in, "/proc/self/mem", &err), 0);
	cr_expect_eq(next(), -1);
	cr_expect_eq(err.code, GT_ERR_IO);
	gt_expect_part(err.words, strerror(EIO));
}

/* A batch of facts that are tied to an event each, except the Dropped ones. */
static struct gt_batch *facts_of(const struct gt_fact_record *facts, size_t n)
{
	struct gt_batch *from = NULL;

	gt_build_facts(&b, 1, 1);
	for (size_t i = 0; i < n; i++)
		gt_build_fact(&b, &facts[i]);
	gt_build_end(&b);
	gt_decode_open(&b, &in);
	cr_assert_eq(gt_batch_read(&in, &from, &err), 1);
	gt_input_close(&in);
	gt_build_free(&b);
	return from;
}

static void empty_batch(void)
{
	gt_build_batch(&b, 1, 1, 1);
	gt_build_end(&b);
	gt_decode_open(&b, &in);
	cr_assert_eq(next(), 1);
	gt_input_close(&in);
	gt_build_free(&b);
}

Test(batch, facts_are_tied_and_sorted_by_position)
{
	static const struct gt_fact_record facts[] = {
		{.number = GT_FACT_SleepTime, .position = 7, .field = {{.u = 5}}},
		{.number = GT_FACT_Wait, .position = 7, .field = {{.u = 1}, {.u = 2}}},
		{.number = GT_FACT_Dropped, .field = {{.u = 1}, {.u = 2}}},
		{.number = GT_FACT_Waker, .position = 300, .field = {{.u = 9}}},
		{.number = GT_FACT_SyscallResult, .position = 0, .field = {{.s = -9}}},
	};
	struct gt_batch *from = facts_of(facts, 5);

	empty_batch();
	cr_expect(gt_batch_tie(batch, from));
	cr_assert_eq(batch->nfacts, 4);
	gt_batch_sort_facts(batch);
	cr_expect_eq(batch->facts[0].number, GT_FACT_SyscallResult);
	cr_expect_eq(batch->facts[0].field[0].s, -9);
	cr_expect_eq(batch->facts[1].number, GT_FACT_Wait);
	cr_expect_eq(batch->facts[2].number, GT_FACT_SleepTime);
	cr_expect_eq(batch->facts[3].number, GT_FACT_Waker);
	cr_expect_eq(batch->facts[3].position, 300);
	gt_batch_free(from);
}

Test(batch, facts_of_several_batches_add_up)
{
	struct gt_fact_record fact = {.number = GT_FACT_Waker};
	struct gt_batch *from;

	empty_batch();
	for (uint64_t i = 0; i < 9; i++) {
		fact.position = 8 - i;
		from = facts_of(&fact, 1);
		cr_expect(gt_batch_tie(batch, from));
		gt_batch_free(from);
	}
	gt_batch_sort_facts(batch);
	cr_assert_eq(batch->nfacts, 9);
	for (uint64_t i = 0; i < 9; i++)
		cr_expect_eq(batch->facts[i].position, i);
}

Test(batch, nothing_to_free_or_to_sort_is_no_harm)
{
	gt_batch_free(NULL);
	empty_batch();
	gt_batch_sort_facts(batch);
	cr_expect_eq(batch->nfacts, 0);
}
