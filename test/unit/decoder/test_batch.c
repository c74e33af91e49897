/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Batches as they stand in the file, damage in their heads, and where their payloads are.
 */
#include "decoder/batch.h"

#include "test/lib/decode.h"
#include "test/lib/text.h"
#include "test/lib/verdict.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct gt_input in;
static struct gt_error err;
static struct gt_builder b;
static struct gt_batch *batch;
static struct gt_arena arena;
static struct gt_room room;

static void set_up(void)
{
	gt_error_clear(&err);
}

static void tear_down(void)
{
	gt_arena_free(&arena);
	free(room.bytes);
	gt_input_close(&in);
	gt_build_free(&b);
}

TestSuite(batch, .init = set_up, .fini = tear_down);

static int next(void)
{
	batch = NULL;
	return gt_batch_read(&in, &arena, &batch, &err);
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
	cr_expect_eq(batch->first, 'a');
	cr_expect_eq(memcmp(gt_batch_payload(batch, &in, &room, &err), "abc", 3), 0);
	cr_expect(batch->next == NULL && batch->tied == NULL);
	cr_assert_eq(next(), 1);
	cr_expect(batch->gen == 4 && batch->m == -1);
	cr_expect_eq(batch->experiment, 255);
	cr_expect_eq(batch->len, 0);
	cr_expect_eq(batch->first, 0);
	cr_expect_not_null(gt_batch_payload(batch, &in, &room, &err));
	cr_assert_eq(next(), 0);
	cr_expect_null(batch);
	cr_expect_eq(err.code, GT_ERR_NONE);
}

Test(batch, what_it_holds)
{
	static const struct {
		uint8_t experiment, first;
		enum gt_batch_kind kind;
	} known[] = {
		{0, 0, GT_BATCH_EVENTS},
		{0, GT_EV_GoStart, GT_BATCH_EVENTS},
		{0, GT_FR_Strings, GT_BATCH_STRINGS},
		{0, GT_FR_Stacks, GT_BATCH_STACKS},
		{0, GT_FR_CPUSamples, GT_BATCH_SAMPLES},
		{0, GT_FR_Frequency, GT_BATCH_CLOCK},
		{0, GT_FR_Sync, GT_BATCH_CLOCK},
		{1, GT_FR_Strings, GT_BATCH_EXPERIMENT},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct gt_batch one = {.experiment = known[i].experiment, .first = known[i].first};

		cr_expect_eq(gt_batch_kind(&one), known[i].kind, "row %zu", i);
	}
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

Test(batch, payloads_of_a_pipe_are_kept_and_those_of_a_file_are_not)
{
	for (int regular = 0; regular <= 1; regular++) {
		gt_build_batch(&b, 1, 1, 1);
		gt_build_bytes(&b, "abc", 3);
		gt_build_end(&b);
		gt_build_batch(&b, 1, 1, 1);
		gt_build_bytes(&b, "defg", 4);
		gt_build_end(&b);
		gt_decode_open(&b, &in);
		in.regular = regular != 0;
		cr_assert(next() == 1 && next() == 1);
		cr_expect_eq(batch->data == NULL, in.regular);
		cr_expect_eq(memcmp(gt_batch_payload(batch, &in, &room, &err), "defg", 4), 0);
		cr_expect_eq(next(), 0);
		gt_input_close(&in);
		gt_build_free(&b);
	}
}

Test(batch, a_copy_outlives_the_arena)
{
	for (int regular = 0; regular <= 1; regular++) {
		struct gt_arena other = {0};
		struct gt_batch *copy;

		gt_build_batch(&b, 1, 77, 1);
		gt_build_bytes(&b, "abc", 3);
		gt_build_end(&b);
		gt_decode_open(&b, &in);
		in.regular = regular != 0;
		cr_assert_eq(next(), 1);
		copy = gt_batch_copy(batch, &other);
		gt_arena_free(&arena);
		cr_assert_not_null(copy);
		cr_expect_eq(copy->m, 77);
		cr_expect_eq(memcmp(gt_batch_payload(copy, &in, &room, &err), "abc", 3), 0);
		gt_arena_free(&other);
		gt_input_close(&in);
		gt_build_free(&b);
	}
}

Test(batch, a_file_that_has_become_shorter_since)
{
	char path[] = "/tmp/gtrace-test-XXXXXX";
	int fd = mkstemp(path);

	gt_build_batch(&b, 1, 1, 1);
	gt_build_bytes(&b, "abc", 3);
	gt_build_end(&b);
	cr_assert_eq(write(fd, b.bytes, b.len), (ssize_t)b.len);
	cr_assert_eq(gt_input_open(&in, path, &err), 0);
	cr_assert_eq(next(), 1);
	cr_assert_eq(ftruncate(fd, (off_t)b.len - 1), 0);
	cr_expect_null(gt_batch_payload(batch, &in, &room, &err));
	cr_expect_eq(err.code, GT_ERR_TRUNCATED);
	gt_expect_part(err.words, "2 of 3 bytes are there");
	unlink(path);
	close(fd);
}
