/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Samples on their way to the file: as Go's tracer writes them, each generation's apart, and what does not fit is counted. Until the
 * file has them they are in the live file.
 */
#include "shim/samples.h"
#include "shim/batch.h"
#include "shim/live.h"
#include "shim/sink.h"
#include "shim/thread.h"
#include "test/lib/live.h"
#include "test/lib/tempdir.h"
#include "test/lib/wire.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/resource.h>

static void start(void)
{
	cr_assert_eq(gt_sink_create(gt_temp_path("trace")), 0);
	gt_test_live(1 << 20);
	cr_assert(gt_batch_start());
	gt_samples_start();
	cr_assert(gt_sink_open());
}

static void finish(struct gt_wire *w)
{
	gt_sink_close(true);
	gt_wire_read(w, gt_temp_path("trace"));
}

static bool put(uint32_t gen, uint64_t time)
{
	return gt_samples_put(
		gen, &(struct gt_live_sample){.time = time * GT_UNIT_NS, .goid = 3, .proc = 2, .stack = 9, .tid = 5});
}

static const struct gt_live_samples *queue(uint32_t gen)
{
	return gt_live_at(gt_live_head()->samples[gen & 1]);
}

/* What somebody would find there now. */
static uint32_t found(uint32_t gen)
{
	const struct gt_live_samples *q = queue(gen);
	uint32_t n = 0;

	for (uint32_t i = q->tail; i != q->head; i++)
		n += q->place[i % GT_LIVE_SAMPLES_MAX].filled;
	return n;
}

Test(samples, a_batch_has_those_of_its_generation, .fini = gt_temp_clean)
{
	static const uint8_t want[] = {
		GT_FR_CPUSamples, GT_FR_CPUSample, 0xac, 2, 5, 2, 3, 9, GT_FR_CPUSample, 7, 5, 2, 3, 9};
	struct gt_wire w;

	start();
	cr_assert(put(4, 300) && put(5, 1) && put(4, 7));
	gt_samples_write(4);
	gt_samples_write(4);
	finish(&w);
	cr_assert_eq(w.batches, 1);
	cr_assert(w.batch[0].gen == 4 && w.batch[0].m == GT_NONE);
	cr_assert_eq(w.batch[0].len, sizeof(want));
	cr_assert_eq(memcmp(w.batch[0].bytes, want, sizeof(want)), 0);
	gt_wire_free(&w);
}

Test(samples, what_is_too_much_is_counted, .fini = gt_temp_clean)
{
	start();
	for (int i = 0; i < GT_LIVE_SAMPLES_MAX; i++) {
		cr_assert_eq(gt_samples_are_many(1), i >= GT_SAMPLES_MANY);
		cr_assert(put(1, 1));
	}
	cr_assert_not(put(1, 1));
	cr_assert_eq(gt_drops[GT_DROP_SAMPLES], 1);
	cr_assert(put(2, 1));
	gt_samples_write(1);
	cr_assert(gt_samples_are_many(1), "the file does not have them yet");
	gt_sink_close(true);
	gt_samples_written(1);
	cr_assert_not(gt_samples_are_many(1));
	cr_assert(put(1, 1));
}

Test(samples, what_was_not_written_is_no_part_of_the_next_one, .fini = gt_temp_clean)
{
	struct gt_wire w;

	start();
	put(1, 1);
	gt_samples_forget(1);
	gt_samples_write(3);
	put(3, 2);
	gt_samples_write(3);
	finish(&w);
	cr_assert_eq(w.batches, 1);
	cr_assert_eq(w.batch[0].bytes[2], 2);
	gt_wire_free(&w);
}

Test(samples, they_are_in_the_live_file_until_the_file_has_them, .fini = gt_temp_clean)
{
	start();
	cr_assert(put(4, 300) && put(4, 7));
	cr_assert_eq(found(4), 2);
	cr_assert(queue(4)->place[1].time == 7 * GT_UNIT_NS && queue(4)->place[1].tid == 5);
	gt_samples_write(4);
	cr_assert(put(4, 8));
	cr_assert_eq(found(4), 3);
	gt_sink_close(false);
	gt_samples_written(4);
	cr_assert_eq(found(4), 1);
	gt_samples_forget(4);
	cr_assert_eq(found(4), 0);
}

Test(samples, numbers_go_round, .fini = gt_temp_clean)
{
	struct gt_wire w;

	start();
	for (int round = 0; round < 5; round++) {
		for (int i = 0; i < GT_SAMPLES_MANY * 3; i++)
			cr_assert(put(1, 1));
		cr_assert_eq(found(1), GT_SAMPLES_MANY * 3);
		gt_samples_written(1);
		gt_samples_forget(1);
	}
	put(1, 7);
	gt_samples_write(1);
	finish(&w);
	cr_assert(w.batches == 1 && w.batch[0].bytes[2] == 7);
	gt_wire_free(&w);
}

Test(samples, without_room_they_are_counted, .fini = gt_temp_clean)
{
	struct rlimit none = {GT_LIVE_FIRST, RLIM_INFINITY}, old;

	start();
	getrlimit(RLIMIT_FSIZE, &old);
	none.rlim_max = old.rlim_max;
	setrlimit(RLIMIT_FSIZE, &none);
	gt_samples_attach();
	setrlimit(RLIMIT_FSIZE, &old);
	cr_assert_not(put(1, 1));
	cr_assert_not(gt_samples_are_many(1));
	cr_assert_eq(gt_drops[GT_DROP_SAMPLES], 1);
	gt_samples_write(1);
	gt_samples_written(1);
	gt_samples_forget(1);
	gt_samples_attach();
	cr_assert(put(1, 1));
}
