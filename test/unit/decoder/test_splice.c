/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Traces put together, and read before anybody believes them.
 */
#include "decoder/splice.h"

#include "decoder/reader.h"
#include "test/lib/capture.h"
#include "test/lib/decode.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static struct gt_builder b;
static struct gt_splice made;
static struct gt_error err;
static int fd = -1;

static void set_up(void)
{
	fd = memfd_create("splice", MFD_CLOEXEC);
	gt_splice_start(&made, fd, 23);
	gt_error_clear(&err);
}

static void tear_down(void)
{
	gt_splice_free(&made);
	gt_build_free(&b);
	gt_temp_clean();
	close(fd);
}

TestSuite(splice, .init = set_up, .fini = tear_down);

/* Adds every generation that was built, but the `without`th. */
static void add_all(uint64_t without)
{
	struct gt_slice slice = {0};
	struct gt_input in;

	gt_decode_open(&b, &in);
	gt_input_header(&in, &err);
	while (gt_slice_read(&slice, &in, &err) > 0) {
		if (slice.is.gen != without)
			gt_splice_add(&made, &slice, NULL);
	}
	gt_slice_free(&slice);
	gt_input_close(&in);
}

/* Three generations; in the second, G 1 creates G 2. `missing`: an event of a goroutine that is not there. */
static void build(uint64_t missing)
{
	gt_build_start(&b);
	gt_build_second(&b);
	gt_add_ProcStatus(&b, 0, 0, GT_P_Running);
	gt_add_GoStatus(&b, 0, 1, 1, GT_G_Running);
	gt_add_GoCreate(&b, 5, 2, 0, 0);
	gt_build_end(&b);
	gt_build_frequency(&b, 3, 1000000000);
	gt_build_batch(&b, 3, 1, 2000);
	gt_add_ProcStatus(&b, 0, 0, GT_P_Running);
	gt_add_GoStatus(&b, 0, 1, 1, GT_G_Running);
	gt_add_GoStatus(&b, 0, 2 + missing, GT_NONE, GT_G_Runnable);
	gt_build_end(&b);
}

static void expect_sound(void)
{
	struct gt_error verdict;
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	cr_expect_eq(gt_check(path, &verdict), 0, "%s", verdict.words);
}

Test(splice, generations_make_a_trace)
{
	build(0);
	add_all(0);
	cr_expect_eq(gt_splice_finish(&made, &err), 3, "%s", err.words);
	expect_sound();
}

Test(splice, any_generation_may_be_the_first)
{
	build(0);
	add_all(1);
	cr_expect_eq(gt_splice_finish(&made, &err), 2, "%s", err.words);
	expect_sound();
}

Test(splice, a_gap_is_found_and_what_stands_before_it_stays)
{
	build(0);
	add_all(2);
	cr_expect_eq(gt_splice_finish(&made, &err), 0, "the reader looks at the next generation's number first");
	cr_expect_eq(err.code, GT_ERR_FORMAT);
}

Test(splice, what_is_not_sound_is_cut_off)
{
	build(5);
	add_all(0);
	cr_expect_eq(gt_splice_finish(&made, &err), 2);
	cr_expect_eq(err.code, GT_ERR_ORDER);
	cr_expect_eq(err.offset, 0);
	expect_sound();
}

Test(splice, a_full_disk_is_noticed)
{
	gt_splice_free(&made);
	gt_splice_start(&made, open("/dev/full", O_WRONLY), 23);
	build(0);
	add_all(0);
	cr_expect_eq(gt_splice_finish(&made, &err), -1);
	cr_expect_eq(made.error, ENOSPC);
}

/* Makes a file of what was built but the `without`th generation. 0: all of it is sound. */
static int deliver(void *without)
{
	struct gt_save save;
	bool good;

	gt_save_open(&save, gt_temp_path("out"));
	gt_splice_free(&made);
	gt_splice_start(&made, save.fd, 23);
	add_all((uint64_t)(uintptr_t)without);
	good = gt_splice_deliver(&made, "in", false, &save);
	gt_save_close(&save);
	return good ? 0 : 1;
}

static void expect_delivery(uint64_t without, int status, const char *words, bool there)
{
	const char *out = gt_temp_path("out"); /* the folder is made here, not in the child */
	struct gt_captured said;

	gt_capture(deliver, (void *)(uintptr_t)without, &said);
	cr_expect_eq(said.status, status);
	cr_expect_str_eq(said.err, words, "%s", said.err);
	cr_expect_eq(gt_temp_exists(out), there);
}

Test(splice, what_is_sound_gets_its_name)
{
	build(0);
	expect_delivery(0, 0, "", true);
	cr_expect_eq(gt_check(gt_temp_path("out"), &err), 0);
}

Test(splice, what_is_partly_sound_gets_its_name_and_is_spoken_of)
{
	build(5);
	expect_delivery(
		0, 1,
		"gtrace: in: GoStatus: goroutine 7 was not created (generation 3, thread 1, event 2 of its batch)\n",
		true);
	cr_expect_eq(gt_check(gt_temp_path("out"), &err), 0);
}

Test(splice, what_is_not_sound_gets_no_name)
{
	build(0);
	expect_delivery(2, 1, "gtrace: in: generation 3 follows generation 1 (generation 1)\n", false);
}
