/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The trace file: whose it is, how buffers become batches, and that a generation that cannot be written is cut off.
 */
#include "shim/sink.h"
#include "shim/format/facts.h"
#include "shim/format/header.h"
#include "shim/thread.h"
#include "test/lib/live.h"
#include "test/lib/tempdir.h"
#include "test/lib/wire.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const char *start(void)
{
	const char *path = gt_temp_path("trace");

	cr_assert_eq(gt_sink_create(path), 0);
	gt_test_live(4 << 20);
	gt_buf_reserve(1 << 20);
	return path;
}

/* A buffer of thread 7 and generation 3 with these bytes as events, and `facts` bytes of facts. */
static struct gt_buf *filled(const char *events, size_t facts)
{
	struct gt_buf *b = gt_buf_take(false, 3, 7, 1000);

	cr_assert_not_null(b);
	b->used = (uint32_t)strlen(events);
	memcpy(b->data, events, b->used);
	b->top -= (uint32_t)facts;
	memset((uint8_t *)b + b->top, 'F', facts);
	return b;
}

static void put(size_t len)
{
	static char bytes[100000];

	gt_sink_copy(bytes, len);
}

/* A generation of `len` bytes, whole or not. */
static void generation(size_t len, bool complete)
{
	cr_assert(gt_sink_open());
	put(len);
	gt_sink_close(complete);
}

Test(sink, a_new_file_holds_the_header, .fini = gt_temp_clean)
{
	struct gt_wire w;

	gt_wire_read(&w, start());
	cr_assert_eq(w.size, GT_HEADER_LEN);
	cr_assert_not(gt_sink_failed());
	cr_assert_eq(gt_sink_pending(), 0);
	gt_wire_free(&w);
}

Test(sink, a_file_of_somebody_else_is_not_touched, .fini = gt_temp_clean)
{
	const char *path = gt_temp_file("trace", "mine", 4);

	cr_assert_eq(gt_sink_create(path), -EEXIST);
	cr_assert_eq(gt_temp_size(path), 4);
	cr_assert_eq(gt_sink_create("/nonexistent/trace"), -ENOENT);
}

Test(sink, a_link_is_not_followed, .fini = gt_temp_clean)
{
	const char *link = gt_temp_path("link");

	cr_assert_eq(symlink(gt_temp_path("target"), link), 0);
	cr_assert_neq(gt_sink_create(link), 0);
	cr_assert_not(gt_temp_exists(gt_temp_path("target")));
}

Test(sink, a_file_that_may_not_hold_a_header_is_removed, .fini = gt_temp_clean)
{
	struct rlimit tiny = {GT_HEADER_LEN - 1, GT_HEADER_LEN - 1};

	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &tiny), 0);
	cr_assert_eq(gt_sink_create(gt_temp_path("trace")), -EFBIG);
	cr_assert_eq(gt_temp_count(), 0);
}

Test(sink, a_buffer_becomes_a_batch_with_its_facts_right_behind, .fini = gt_temp_clean)
{
	const char *path = start();
	struct gt_wire w;

	cr_assert(gt_sink_open());
	gt_sink_buf(filled("events", 3));
	gt_sink_buf(filled("more", 0));
	gt_sink_close(true);
	gt_wire_read(&w, path);
	cr_assert_eq(w.batches, 3);
	for (int i = 0; i < 3; i++)
		cr_assert(w.batch[i].gen == 3 && w.batch[i].m == 7 && w.batch[i].time == 1000 / GT_UNIT_NS);
	cr_assert_eq(w.batch[0].frame, GT_FR_EventBatch);
	cr_assert_eq(w.batch[0].len, 6);
	cr_assert_eq(memcmp(w.batch[0].bytes, "events", 6), 0);
	cr_assert_eq(w.batch[1].frame, GT_FR_ExperimentalBatch);
	cr_assert_eq(w.batch[1].experiment, GT_FACTS_EXPERIMENT);
	cr_assert_eq(w.batch[1].len, GT_FACTS_MAGIC_LEN + 3);
	cr_assert_eq(memcmp(w.batch[1].bytes, GT_FACTS_MAGIC "FFF", 7), 0);
	cr_assert_eq(memcmp(w.batch[2].bytes, "more", 4), 0);
	gt_wire_free(&w);
}

Test(sink, buffers_and_copies_beyond_any_queue_keep_their_order, .fini = gt_temp_clean)
{
	const char *path = start();
	static const char copy[] = {GT_FR_EventBatch, 3, 9, 0, 1, 'c'};
	struct gt_wire w;

	cr_assert(gt_sink_open());
	for (int i = 0; i < 100; i++) {
		gt_sink_buf(filled("b", 1));
		gt_sink_copy(copy, sizeof(copy));
	}
	gt_sink_close(true);
	gt_wire_read(&w, path);
	cr_assert_eq(w.batches, 300);
	for (size_t i = 0; i < w.batches; i += 3) {
		cr_assert_eq(w.batch[i].bytes[0], 'b');
		cr_assert_eq(w.batch[i + 1].frame, GT_FR_ExperimentalBatch);
		cr_assert_eq(w.batch[i + 2].bytes[0], 'c');
	}
	gt_wire_free(&w);
}

Test(sink, buffers_go_back_to_the_pool_also_when_the_disk_is_full, .fini = gt_temp_clean)
{
	struct rlimit limit = {1 << 20, 1 << 20};
	struct gt_buf *b;

	start();
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	for (int i = 0; i < 2; i++) {
		cr_assert(gt_sink_open());
		b = filled("events", 1);
		gt_sink_buf(b);
		for (int n = 0; i && n < 20; n++)
			put(100000);
		gt_sink_close(true);
		cr_assert_eq(gt_sink_failed(), i == 1);
		cr_assert_eq(gt_buf_take(false, 4, 8, 0), b);
	}
}

Test(sink, pending_is_what_no_complete_generation_holds, .fini = gt_temp_clean)
{
	const char *path = start();

	generation(100, false);
	cr_assert_eq(gt_sink_pending(), 100);
	cr_assert_eq(gt_temp_size(path), GT_HEADER_LEN + 100);
	generation(50, false);
	cr_assert_eq(gt_sink_pending(), 150);
	generation(1, true);
	cr_assert_eq(gt_sink_pending(), 0);
	cr_assert_eq(gt_temp_size(path), GT_HEADER_LEN + 151);
}

/* Without the look at the limit SIGXFSZ would end this process. */
Test(sink, what_cannot_be_written_is_cut_back_to_the_last_generation, .fini = gt_temp_clean)
{
	const char *path = start();
	struct rlimit limit = {1000, 1000};

	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	generation(500, true);
	generation(300, false);
	cr_assert_eq(gt_temp_size(path), GT_HEADER_LEN + 800);
	generation(300, true);
	cr_assert(gt_sink_failed());
	cr_assert_eq(gt_temp_size(path), GT_HEADER_LEN + 500);
	cr_assert_eq(gt_sink_error(), EFBIG);
}

Test(sink, a_generation_that_will_not_be_complete_is_cut_off, .fini = gt_temp_clean)
{
	const char *path = start();

	generation(500, true);
	generation(300, false);
	gt_sink_cut();
	cr_assert_eq(gt_temp_size(path), GT_HEADER_LEN + 500);
	cr_assert(gt_sink_failed());
}

Test(sink, another_file_in_its_place_is_left_alone, .fini = gt_temp_clean)
{
	const char *path = start();

	cr_assert_eq(unlink(path), 0);
	cr_assert_not(gt_sink_open());
	cr_assert_not(gt_sink_failed());
	usleep(20000); /* the inode comes back, and the clock of the file system ticks a few times in that time */
	gt_temp_file("trace", "new", 3);
	cr_assert_not(gt_sink_open());
	put(10);
	gt_sink_close(true);
	cr_assert_eq(gt_temp_size(path), 3);
}

static int descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	cr_assert_not_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

Test(sink, the_program_meets_no_descriptor_of_ours, .fini = gt_temp_clean)
{
	int before = descriptors();

	start();
	cr_assert_eq(descriptors(), before);
	generation(10, true);
	cr_assert_eq(descriptors(), before);
}
