/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Live files as they are left: what is taken from them, and what is not believed.
 */
#include "decoder/live.h"

#include "shim/format/header.h"
#include "test/lib/left.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static struct gt_left left;
static struct gt_live live;
static struct gt_error err;
static struct gt_builder b, f;

static const char *path(void)
{
	return gt_temp_path("x.trace.live");
}

static void start(void)
{
	gt_left_start(&left);
}

TestSuite(live_file, .init = start, .fini = gt_temp_clean);

static int opened(void)
{
	gt_left_write(&left, path());
	gt_error_clear(&err);
	return gt_live_open(&live, path(), &err);
}

static struct gt_buf *yield(uint32_t gen, uint32_t tid, uint64_t time)
{
	gt_add_GoStop(&b, 1, 0, 0);
	return gt_left_buf(&left, gen, tid, time, &b, NULL);
}

Test(live_file, buffers_come_in_the_order_in_which_they_were_taken)
{
	static const struct gt_fact_record waker = {.number = GT_FACT_Waker, .position = 0, .field = {{.u = 71}}};
	struct gt_buf *second;

	gt_add_GoStop(&b, 1, 0, 0);
	gt_build_fact(&f, &waker);
	second = gt_left_buf(&left, 3, 7, 1000, &b, &f);
	yield(2, 8, 900);
	second->serial = 5;
	cr_assert_eq(opened(), 1);
	cr_assert_eq(live.nbufs, 2);
	cr_assert(live.bufs[0].gen == 2 && live.bufs[0].m == 8 && live.bufs[0].time == 900 && live.bufs[0].nfacts == 0);
	cr_assert(live.bufs[1].gen == 3 && live.bufs[1].m == 7 && live.bufs[1].time == 1000);
	cr_assert_eq(live.bufs[1].events[0], GT_EV_GoStop);
	cr_assert_eq(live.bufs[1].facts[0], GT_FACT_Waker);
	gt_live_close(&live);
}

/* The program was killed when the first byte of a longer number was there. */
Test(live_file, a_number_without_an_end_is_none)
{
	gt_add_GoSyscallBegin(&b, 1, 7, 9);
	b.bytes[b.len - 1] |= 0x80;
	gt_left_buf(&left, 1, 7, 10, &b, NULL);
	cr_assert_eq(opened(), 1);
	cr_assert_eq(live.nbufs, 1);
	cr_assert_eq(live.bufs[0].nevents, 4);
	cr_assert_eq(live.bufs[0].events[2], 7);
	cr_assert_eq(live.bufs[0].events[3], 0);
	gt_live_close(&live);
}

Test(live_file, a_place_that_was_taken_and_not_filled_is_passed_over)
{
	yield(1, 7, 10);
	left.len += GT_BUF_LARGE;
	yield(1, 8, 20);
	cr_assert_eq(opened(), 1);
	cr_assert_eq(live.nbufs, 2);
	cr_assert_eq(live.bufs[1].m, 8);
	gt_live_close(&live);
}

Test(live_file, lengths_that_cannot_be_are_no_buffers)
{
	yield(1, 1, 10)->used = GT_BUF_SMALL;
	yield(1, 2, 10)->top = 3;
	yield(1, 3, 10)->top = GT_BUF_SMALL + 1;
	yield(1, 4, 10)->used = 0;
	yield(1, 5, 10);
	cr_assert_eq(opened(), 1);
	cr_assert_eq(live.nbufs, 1);
	cr_assert_eq(live.bufs[0].m, 5);
	gt_live_close(&live);
}

Test(live_file, a_stack_is_found_by_its_id_and_by_no_other)
{
	static const uint64_t pc[] = {0x1001, 0x2002, 0x3003};
	uint64_t id = gt_left_stack(&left, 4, pc, 3);
	const uint64_t *found;
	size_t n;

	cr_assert_eq(opened(), 1);
	found = gt_live_stack(&live, 4, id, &n);
	cr_assert(found && n == 3 && memcmp(found, pc, sizeof(pc)) == 0);
	n = 7;
	cr_assert_null(gt_live_stack(&live, 4, 0, &n));
	cr_assert_null(gt_live_stack(&live, 4, id + 1, &n), "0x1001 addresses are more than there are");
	cr_assert_null(gt_live_stack(&live, 4, id + 100, &n));
	cr_assert_null(gt_live_stack(&live, 4, UINT64_MAX, &n));
	cr_assert_null(gt_live_stack(&live, 5, id, &n));
	cr_assert_eq(n, 7);
	gt_live_close(&live);
}

Test(live_file, a_text_is_found_by_its_id)
{
	uint64_t one = gt_left_text(&left, 4, 0, "one"), two = gt_left_text(&left, 4, 4711, "two");
	size_t len;

	cr_assert_eq(opened(), 1);
	cr_assert(memcmp(gt_live_text(&live, 4, one, &len), "one", 3) == 0 && len == 3);
	cr_assert(memcmp(gt_live_text(&live, 4, two, &len), "two", 3) == 0 && len == 3);
	cr_assert_null(gt_live_text(&live, 4, one + 1, &len));
	cr_assert_null(gt_live_text(&live, 5, one, &len));
	cr_assert_null(gt_live_text(&live, 4, 7, &len));
	cr_assert_null(gt_live_text(&live, 4, UINT64_MAX, &len));
	gt_live_close(&live);
}

Test(live_file, the_facts_in_force_are_those_of_the_last_turn)
{
	static const struct gt_fact_record gone = {.number = GT_FACT_ModuleGone, .field = {{.u = 1}}};
	static const struct gt_fact_record drop = {.number = GT_FACT_Dropped, .field = {{.u = 1}, {.u = 2}}};

	gt_build_fact(&f, &gone);
	gt_left_facts(&left, &f);
	gt_build_fact(&f, &drop);
	gt_left_facts(&left, &f);
	cr_assert_eq(opened(), 1);
	cr_assert_gt(live.nfacts, 0);
	cr_assert_eq(live.facts[0], GT_FACT_Dropped);
	gt_live_close(&live);
}

Test(live_file, what_is_none_of_ours_is_no_error)
{
	left.head->magic[0] = 'x';
	cr_assert_eq(opened(), 0);
	cr_assert_eq(gt_live_open(&live, gt_temp_path("nothing"), &err), 0);
	cr_assert_eq(gt_live_open(&live, gt_temp_dir(), &err), 0);
	gt_temp_file("x.trace.live", "gtl", 3);
	cr_assert_eq(gt_live_open(&live, path(), &err), 0);
}

Test(live_file, another_version_is_said)
{
	left.head->version++;
	cr_assert_eq(opened(), -1);
	cr_assert_not_null(strstr(err.words, "another version"));
}

Test(live_file, a_head_that_cannot_be_is_said)
{
	left.head->carved = left.head->buffers - 1;
	cr_assert_eq(opened(), -1);
	cr_assert_not_null(strstr(err.words, "damaged"));
	gt_left_start(&left);
	left.head->buffers++;
	cr_assert_eq(opened(), -1);
	gt_temp_file("x.trace.live", GT_LIVE_MAGIC "123456", 14);
	gt_error_clear(&err);
	cr_assert_eq(gt_live_open(&live, path(), &err), -1);
}

Test(live_file, it_has_moved_when_a_generation_was_completed)
{
	struct gt_live_head head;
	int fd;

	cr_assert_eq(opened(), 1);
	cr_assert_not(gt_live_has_moved(&live));
	fd = open(path(), O_RDWR);
	cr_assert_eq(pread(fd, &head, sizeof(head), 0), (ssize_t)sizeof(head));
	head.complete++;
	cr_assert_eq(pwrite(fd, &head, sizeof(head), 0), (ssize_t)sizeof(head));
	close(fd);
	cr_assert(gt_live_has_moved(&live));
	gt_live_close(&live);
}

Test(live_file, it_is_written_while_its_process_has_it_in_memory)
{
	cr_assert_eq(opened(), 1);
	cr_assert_not(gt_live_is_written(&live), "there is no process 0");
	live.head->pid = (uint32_t)getpid();
	cr_assert_not(gt_live_is_written(&live), "we do not have it in memory");
	gt_live_close(&live);
}

/* A generation that was completed since it was opened is no reason to look again where whole ones alone are wanted. */
Test(live_file, a_ring_that_moves_on_is_read_up_to_what_is_complete)
{
	static const uint8_t bytes[30] = {1, 2, 3};
	struct gt_live_head now;
	uint64_t complete;
	int fd, to;

	gt_left_fly(&left, 5, bytes, sizeof(bytes), 10);
	cr_assert_eq(opened(), 1);
	now = *live.head;
	now.complete += 10;
	fd = open(path(), O_WRONLY);
	cr_assert_eq(pwrite(fd, &now, sizeof(now), 0), (ssize_t)sizeof(now));
	close(fd);
	to = open(gt_temp_path("to"), O_CREAT | O_RDWR, 0600);
	cr_assert_eq(gt_live_unroll(&live, false, to, &complete, &err), 0);
	cr_assert_eq(lseek(to, 0, SEEK_END), 0);
	cr_assert_eq(gt_live_unroll(&live, true, to, &complete, &err), 1);
	cr_assert_eq(complete, GT_HEADER_LEN + 20);
	cr_assert_eq(lseek(to, 0, SEEK_END), GT_HEADER_LEN + 20);
	close(to);
	gt_live_close(&live);
}
