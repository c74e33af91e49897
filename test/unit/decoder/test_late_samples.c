/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Samples that wait in a live file: those that are whole, once round, and without those that the trace file has.
 */
#include "decoder/late_samples.h"

#include "decoder/live.h"
#include "shim/format/varint.h"
#include "test/lib/left.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <string.h>

static struct gt_left left;
static struct gt_live live;
static struct gt_error err;
static uint8_t payload[GT_MAX_PAYLOAD];

static void start(void)
{
	gt_left_start(&left);
}

static void clean(void)
{
	gt_live_close(&live);
	gt_temp_clean();
}

TestSuite(late_samples, .init = start, .fini = clean);

static struct gt_live_samples *queue(int parity)
{
	return (void *)((uint8_t *)left.head + left.head->samples[parity]);
}

/* Opening reads them. */
static struct gt_late_samples *opened(int parity)
{
	gt_left_write(&left, gt_temp_path("x.trace.live"));
	cr_assert_eq(gt_live_open(&live, gt_temp_path("x.trace.live"), &err), 1);
	return &live.late[parity];
}

/* The time of each, up to `max` of them; how many there are. */
static size_t times(struct gt_late_samples *late, uint64_t *time, size_t max)
{
	size_t len, n = 0;

	while ((len = gt_late_samples_next(late, payload)) > 0) {
		const uint8_t *p = payload + 1, *end = payload + len;
		uint64_t v[5];

		cr_assert_eq(payload[0], GT_FR_CPUSamples);
		for (; p < end; n++) {
			cr_assert_eq(*p, GT_FR_CPUSample);
			p = gt_varint_get_all(p + 1, end, v, 5);
			cr_assert(p && v[1] == 5 && v[2] == GT_NONE && v[3] == 1);
			if (n < max)
				time[n] = v[0];
		}
	}
	return n;
}

static size_t count(struct gt_late_samples *late)
{
	return times(late, NULL, 0);
}

Test(late_samples, they_come_in_their_order)
{
	uint64_t time[3];

	gt_left_sample(&left, 2, 100, 0);
	gt_left_sample(&left, 3, 300, 0);
	gt_left_sample(&left, 2, 200, 0);
	cr_assert_eq(times(opened(0), time, 3), 2);
	cr_assert(time[0] == 100 && time[1] == 200);
	cr_assert_eq(times(&live.late[1], time, 3), 1);
	cr_assert_eq(time[0], 300);
}

Test(late_samples, what_was_not_whole_is_no_sample)
{
	uint64_t time[3];

	gt_left_sample(&left, 2, 100, 0);
	gt_left_sample(&left, 2, 200, 0)->filled = 0;
	gt_left_sample(&left, 2, 300, 0);
	cr_assert_eq(times(opened(0), time, 3), 2);
	cr_assert(time[0] == 100 && time[1] == 300);
}

Test(late_samples, numbers_go_round)
{
	queue(0)->head = queue(0)->tail = UINT32_MAX - 1;
	for (uint64_t i = 0; i < 5; i++)
		gt_left_sample(&left, 2, i, 0);
	cr_assert_eq(count(opened(0)), 5);
}

Test(late_samples, more_than_a_batch_takes)
{
	for (uint64_t i = 0; i < GT_LIVE_SAMPLES_MAX; i++)
		gt_left_sample(&left, 2, UINT64_C(1) << 40, 1 << 20);
	cr_assert_eq(count(opened(0)), GT_LIVE_SAMPLES_MAX);
}

Test(late_samples, ends_that_cannot_be_are_none)
{
	gt_left_sample(&left, 2, 1, 0);
	queue(0)->head = GT_LIVE_SAMPLES_MAX + 1;
	gt_left_sample(&left, 3, 1, 0);
	queue(1)->tail = 2;
	cr_assert_eq(count(opened(0)), 0);
	cr_assert_eq(count(&live.late[1]), 0);
}

Test(late_samples, a_place_outside_the_file_has_none)
{
	gt_left_sample(&left, 2, 1, 0);
	gt_left_sample(&left, 3, 1, 0);
	left.head->samples[0] = left.size;
	left.head->samples[1] = UINT64_MAX - 4;
	cr_assert_eq(count(opened(0)), 0);
	cr_assert_eq(count(&live.late[1]), 0);
}

static const uint8_t *record(uint64_t time, uint64_t tid, const uint8_t **end)
{
	static uint8_t bytes[64];
	uint8_t *p = bytes;

	*p++ = GT_FR_CPUSample;
	p = gt_varint_put(p, time);
	p = gt_varint_put(p, tid);
	for (int i = 0; i < 3; i++)
		p = gt_varint_put(p, 1);
	*end = p;
	return bytes;
}

static void written(struct gt_late_samples *late, uint64_t time, uint64_t tid)
{
	const uint8_t *end, *p = record(time, tid, &end);

	gt_late_samples_written(late, p, end);
}

Test(late_samples, those_that_the_file_has_are_left_out)
{
	struct gt_late_samples *late;
	uint64_t time[4];

	for (uint64_t i = 1; i <= 4; i++)
		gt_left_sample(&left, 2, i * 100, 0);
	late = opened(0);
	written(late, 300, 5);
	written(late, 200, 6);
	written(late, 100, 5);
	cr_assert_eq(times(late, time, 4), 2);
	cr_assert(time[0] == 200 && time[1] == 400, "another thread's is another one");
}

Test(late_samples, a_record_that_is_cut_is_not_in_the_file)
{
	struct gt_late_samples *late;
	const uint8_t *end, *p;

	gt_left_sample(&left, 2, 100, 0);
	late = opened(0);
	p = record(100, 5, &end);
	gt_late_samples_written(late, p, end - 1);
	cr_assert_eq(count(late), 1);
}
