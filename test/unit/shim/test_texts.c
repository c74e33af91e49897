/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The tables of texts: one string for each text of a generation, kept texts for ever, and a full table is counted.
 */
#include "shim/texts.h"
#include "shim/format/event.h"
#include "shim/thread.h"
#include "test/lib/live.h"
#include "test/lib/record.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static void start(void)
{
	gt_test_live(1 << 20);
	cr_assert(gt_texts_start());
	gt_texts_attach();
}

static const char *text_of(uint64_t string, uint32_t gen)
{
	const char *text;
	uint64_t seen;
	uint32_t at = 0;

	while ((seen = gt_texts_next(gen, &at, &text))) {
		if (seen == string)
			return text;
	}
	return NULL;
}

Test(texts, one_string_per_text_in_each_generation, .init = start, .fini = gt_temp_clean)
{
	uint64_t one = gt_text_of("worker-1", 3);

	cr_assert_neq(one, 0);
	cr_assert_eq(gt_text_of("worker-1", 3), one);
	cr_assert_null(text_of(one, 4));
	cr_assert_eq(gt_text_of("worker-1", 4), one);
	cr_assert_neq(gt_text_of("worker-2", 4), one);
	cr_assert_neq(gt_text_of("worker-", 4), one);
	cr_assert_str_eq(text_of(one, 3), "worker-1");
	cr_assert_str_eq(text_of(one, 4), "worker-1");
	gt_texts_forget(3);
	cr_assert_null(text_of(one, 3));
	cr_assert_str_eq(text_of(one, 4), "worker-1");
	cr_assert_eq(gt_text_of("", 3), 0);
}

/* A text of `len` bytes whose last `tail` bytes are these. */
static const char *long_text(size_t len, const char *tail)
{
	static char text[2 * GT_MAX_STRING];

	memset(text, 'x', len);
	strcpy(text + len - strlen(tail), tail);
	return text;
}

Test(texts, a_long_one_is_cut_where_a_character_ends, .init = start, .fini = gt_temp_clean)
{
	static const struct {
		size_t len;
		const char *tail;
		size_t kept;
	} rows[] = {
		{1024, "", 1024},
		{1025, "", 1024},
		{1025, "\xc3\xa4", 1023},
		{1024, "\xc3\xa4", 1024},
		{1026, "\xc3\xa4", 1024},
		{1025, "\xf0\x9f\x98\x80", 1021},
		{1027, "\xf0\x9f\x98\x80", 1023},
		{1030, "\x80\x80\x80\x80\x80\x80\x80\x80\x80", 1024},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *text = long_text(rows[i].len, rows[i].tail);
		const char *seen = text_of(gt_text_of(text, 1), 1);

		cr_assert_eq(strlen(seen), rows[i].kept, "row %zu: %zu", i, strlen(seen));
		cr_assert_eq(memcmp(seen, text, rows[i].kept), 0);
		cr_assert(gt_text_is(gt_text_keep(text), text));
		gt_texts_forget(1);
	}
}

/* The same texts again find their rows, also when nothing else fits. */
Test(texts, a_full_table_is_counted, .init = start, .fini = gt_temp_clean)
{
	char name[16];
	int lost = 0;
	uint64_t first = gt_text_of("t0", 1);

	for (int i = 0; i < 2 * GT_TEXTS_MAX; i++) {
		snprintf(name, sizeof(name), "t%d", i);
		lost += gt_text_of(name, 1) == 0;
	}
	cr_assert_geq(lost, GT_TEXTS_MAX);
	cr_assert_eq(atomic_load(&gt_drops[GT_DROP_STRINGS]), lost);
	cr_assert(gt_texts_scarce(1));
	cr_assert_not(gt_texts_scarce(2));
	cr_assert(gt_texts_warn(1));
	cr_assert_not(gt_texts_warn(1), "once");
	cr_assert_not(gt_texts_warn(2));
	cr_assert_eq(gt_text_of("t0", 1), first);
	gt_texts_forget(1);
	cr_assert_not(gt_texts_scarce(1));
	cr_assert_not(gt_texts_warn(1));
	cr_assert_neq(gt_text_of(name, 1), 0);
}

Test(texts, so_are_texts_that_are_long_together, .init = start, .fini = gt_temp_clean)
{
	int lost = 0, n = 2 * GT_TEXTS_BYTES / GT_MAX_STRING;

	for (int i = 0; i < n; i++) {
		char tail[16];

		snprintf(tail, sizeof(tail), "t%d", i);
		lost += gt_text_of(long_text(1024, tail), 1) == 0;
	}
	cr_assert_geq(lost, n / 2);
	cr_assert_lt(lost, n / 2 + 8);
	cr_assert(gt_texts_scarce(1));
	cr_assert_eq(atomic_load(&gt_drops[GT_DROP_STRINGS]), lost);
}

Test(texts, kept_ones_stand_in_the_generations_that_use_them, .init = start, .fini = gt_temp_clean)
{
	uint32_t region = gt_text_keep("region"), empty = gt_text_keep("");
	uint64_t string;

	cr_assert_neq(region, 0);
	cr_assert_neq(empty, 0);
	cr_assert_eq(gt_text_keep("region"), region);
	string = gt_text_kept(region, 5);
	cr_assert_eq(gt_text_kept(region, 7), string);
	cr_assert_str_eq(text_of(string, 7), "region");
	cr_assert_null(text_of(string, 6));
	cr_assert_null(text_of(string, 5), "the mark of a parity is the last one");
	gt_texts_forget(7);
	cr_assert(gt_texts_start());
	gt_texts_attach();
	cr_assert(gt_text_is(region, "region"));
	cr_assert_not(gt_text_is(region, "reg"));
	cr_assert_not(gt_text_is(region, "regions"));
	cr_assert(gt_text_is(empty, ""));
	cr_assert_not(gt_text_is(empty, "region"));
	cr_assert_str_eq(text_of(gt_text_kept(empty, 9), 9), "");
	cr_assert(gt_text_is(0, "anything"));
	cr_assert_eq(gt_text_kept(0, 9), 0);
}

enum { NAMES = 500 };

static void *name_all(void *strings)
{
	for (int i = 0; i < NAMES; i++) {
		char name[16];

		snprintf(name, sizeof(name), "t%d", i);
		((uint64_t *)strings)[i] = gt_text_of(name, 1);
	}
	return NULL;
}

/* Two that add a text at a time may each have a row; both have the text. */
Test(texts, threads_meet_in_the_table, .init = start, .fini = gt_temp_clean)
{
	static uint64_t seen[2][NAMES];
	pthread_t thread[2];

	for (int i = 0; i < 2; i++)
		cr_assert_eq(pthread_create(&thread[i], NULL, name_all, seen[i]), 0);
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	for (int i = 0; i < 2 * NAMES; i++) {
		char name[16];

		snprintf(name, sizeof(name), "t%d", i / 2);
		cr_assert_str_eq(text_of(seen[i % 2][i / 2], 1), name);
	}
}
