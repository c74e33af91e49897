/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Batches of the switcher: their heads, the lead that opens each, and how a long one is continued in another.
 */
#include "shim/batch.h"
#include "shim/format/facts.h"
#include "shim/sink.h"
#include "test/lib/live.h"
#include "test/lib/tempdir.h"
#include "test/lib/wire.h"

#include <criterion/criterion.h>
#include <string.h>

static void start(void)
{
	cr_assert_eq(gt_sink_create(gt_temp_path("trace")), 0);
	gt_test_live(1 << 20);
	cr_assert(gt_batch_start());
	cr_assert(gt_sink_open());
}

static void finish(struct gt_wire *w)
{
	gt_sink_close(true);
	gt_wire_read(w, gt_temp_path("trace"));
}

Test(batch, the_head_says_whose_and_when_and_the_lead_comes_first, .fini = gt_temp_clean)
{
	static const uint8_t want[] = {'L', 7, 0xac, 2, 3, 'a', 'b', 'c', 1, 2};
	struct gt_wire w;

	start();
	gt_batch_begin(5, GT_NONE, 300 * GT_UNIT_NS, "L", 1, false);
	gt_batch_byte(7);
	gt_batch_varint(300);
	gt_batch_text("abc", 10);
	gt_batch_bytes("\1\2", 2);
	gt_batch_end();
	finish(&w);
	cr_assert_eq(w.batches, 1);
	cr_assert_eq(w.batch[0].frame, GT_FR_EventBatch);
	cr_assert(w.batch[0].gen == 5 && w.batch[0].m == GT_NONE && w.batch[0].time == 300);
	cr_assert_eq(w.batch[0].len, sizeof(want));
	cr_assert_eq(memcmp(w.batch[0].bytes, want, sizeof(want)), 0);
	gt_wire_free(&w);
}

Test(batch, facts_travel_in_experimental_batches, .fini = gt_temp_clean)
{
	struct gt_wire w;

	start();
	gt_batch_begin(2, 77, 0, GT_FACTS_MAGIC, GT_FACTS_MAGIC_LEN, true);
	gt_batch_byte(1);
	gt_batch_end();
	finish(&w);
	cr_assert_eq(w.batches, 1);
	cr_assert_eq(w.batch[0].frame, GT_FR_ExperimentalBatch);
	cr_assert_eq(w.batch[0].experiment, GT_FACTS_EXPERIMENT);
	cr_assert_eq(w.batch[0].m, 77);
	cr_assert_eq(memcmp(w.batch[0].bytes, GT_FACTS_MAGIC "\1", 5), 0);
	gt_wire_free(&w);
}

Test(batch, nothing_but_a_lead_is_not_sent, .fini = gt_temp_clean)
{
	struct gt_wire w;

	start();
	gt_batch_begin(1, GT_NONE, 0, "L", 1, false);
	gt_batch_end();
	gt_batch_begin(1, GT_NONE, 0, NULL, 0, false);
	gt_batch_end();
	finish(&w);
	cr_assert_eq(w.batches, 0);
	gt_wire_free(&w);
}

Test(batch, a_text_is_cut_at_its_limit, .fini = gt_temp_clean)
{
	struct gt_wire w;

	start();
	gt_batch_begin(1, GT_NONE, 0, NULL, 0, false);
	gt_batch_text("abcdef", 3);
	gt_batch_text("", 3);
	gt_batch_end();
	finish(&w);
	cr_assert_eq(w.batch[0].len, 5);
	cr_assert_eq(memcmp(w.batch[0].bytes, "\3abc\0", 5), 0);
	gt_wire_free(&w);
}

/* Records of 1000 bytes, all of one letter: none may be cut in two. */
Test(batch, a_long_one_is_continued_in_another_with_its_lead, .fini = gt_temp_clean)
{
	enum { RECORDS = 200, SIZE = 1000 };
	char record[SIZE];
	struct gt_wire w;
	size_t seen = 0;

	start();
	gt_batch_begin(4, 9, 11 * GT_UNIT_NS, "LD", 2, false);
	for (int i = 0; i < RECORDS; i++) {
		memset(record, 'a' + i % 26, SIZE);
		gt_batch_room(SIZE);
		gt_batch_bytes(record, SIZE);
	}
	gt_batch_end();
	finish(&w);
	cr_assert_geq(w.batches, 4);
	for (size_t i = 0; i < w.batches; i++) {
		cr_assert(w.batch[i].gen == 4 && w.batch[i].m == 9 && w.batch[i].time == 11);
		cr_assert_leq(w.batch[i].len, GT_MAX_PAYLOAD);
		cr_assert_eq(memcmp(w.batch[i].bytes, "LD", 2), 0);
		cr_assert_eq((w.batch[i].len - 2) % SIZE, 0);
		for (size_t at = 2; at < w.batch[i].len; at += SIZE, seen++) {
			memset(record, 'a' + (int)(seen % 26), SIZE);
			cr_assert_eq(memcmp(w.batch[i].bytes + at, record, SIZE), 0);
		}
	}
	cr_assert_eq(seen, RECORDS);
	gt_wire_free(&w);
}

Test(batch, a_payload_may_be_as_long_as_the_format_allows, .fini = gt_temp_clean)
{
	struct gt_wire w;

	start();
	gt_batch_begin(1, 1, 0, NULL, 0, false);
	for (int i = 0; i < GT_MAX_PAYLOAD; i++) {
		gt_batch_room(1);
		gt_batch_byte((uint8_t)i);
	}
	gt_batch_room(1);
	gt_batch_byte(42);
	gt_batch_end();
	finish(&w);
	cr_assert_eq(w.batches, 2);
	cr_assert_eq(w.batch[0].len, GT_MAX_PAYLOAD);
	cr_assert_eq(w.batch[1].len, 1);
	cr_assert_eq(w.batch[1].bytes[0], 42);
	gt_wire_free(&w);
}
