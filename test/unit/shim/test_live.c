/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The live file: where its parts are, what has blocks, and files that are refused.
 */
#include "shim/live.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *path(void)
{
	return gt_temp_path("live");
}

static struct gt_live_head *start(uint64_t bytes)
{
	cr_assert_eq(gt_live_start(path(), bytes, 0, 1), 0);
	return gt_live_head();
}

Test(live, it_says_what_it_is_and_its_parts_do_not_overlap, .fini = gt_temp_clean)
{
	const struct gt_live_head *h = start(4 << 20);
	struct stat st;

	cr_assert_eq(memcmp(h->magic, GT_LIVE_MAGIC, GT_LIVE_MAGIC_LEN), 0);
	cr_assert(h->version == GT_LIVE_VERSION && h->pid == (uint32_t)getpid() && h->drops == GT_DROPS);
	cr_assert_geq(h->facts[0], sizeof(*h));
	cr_assert_geq(h->facts[1], h->facts[0] + GT_LIVE_FACTS);
	cr_assert_geq(h->texts[1], h->facts[1] + GT_LIVE_FACTS);
	cr_assert_geq(h->texts[0], h->texts[1] + GT_LIVE_TEXTS);
	cr_assert_geq(h->stacks[1], h->texts[0] + GT_LIVE_TEXTS);
	cr_assert_geq(h->stacks[0], h->stacks[1] + GT_LIVE_STACKS);
	cr_assert_geq(h->samples[0], h->stacks[0] + GT_LIVE_STACKS);
	cr_assert_geq(h->samples[1], h->samples[0] + GT_LIVE_SAMPLES);
	cr_assert_geq(h->buffers, h->samples[1] + GT_LIVE_SAMPLES);
	cr_assert_eq(h->buffers % GT_BUF_SMALL, 0);
	cr_assert_eq(h->carved, h->buffers);
	cr_assert_eq(stat(path(), &st), 0);
	cr_assert_eq(st.st_mode & 07777, 0600);
}

static long blocks(void)
{
	struct stat st;

	cr_assert_eq(stat(path(), &st), 0);
	return (long)st.st_blocks;
}

/* Writes all that the tables of the generation say that there is room for. */
static void fill_tables(uint32_t gen)
{
	struct gt_live_stacks *stacks = gt_live_at(gt_live_head()->stacks[gen & 1]);
	struct gt_live_texts *texts = gt_live_at(gt_live_head()->texts[gen & 1]);

	cr_assert(stacks->used == 1 && stacks->room > 1000 && texts->used == 0 && texts->room > 1000);
	memset(stacks->word, 1, stacks->room * sizeof(stacks->word[0]));
	memset(texts->byte, 1, texts->room);
}

/* A store into a hole of a full disk would kill the program. */
Test(live, what_may_be_used_has_blocks, .fini = gt_temp_clean)
{
	struct gt_live_head *h = start(4 << 20);
	long before = blocks();

	memset(gt_live_at(h->facts[0]), 1, 2 * GT_LIVE_FACTS);
	fill_tables(1);
	memset(gt_live_at(h->buffers), 1, GT_LIVE_FIRST);
	cr_assert_eq(blocks(), before);
	cr_assert(gt_live_solid(h->buffers + GT_LIVE_FIRST, h->buffers + 2 * GT_LIVE_FIRST));
	cr_assert_geq(blocks() * 512, before * 512 + GT_LIVE_FIRST);
}

Test(live, tables_of_the_second_generation_come_when_it_does, .fini = gt_temp_clean)
{
	long first, both;

	start(4 << 20);
	first = blocks();
	cr_assert(gt_live_is_prepared(1) && !gt_live_is_prepared(2));
	fill_tables(1);
	gt_live_prepare(1);
	cr_assert_eq(blocks(), first);
	gt_live_prepare(2);
	cr_assert(gt_live_is_prepared(2));
	both = blocks();
	cr_assert_gt(both, first);
	fill_tables(2);
	cr_assert_eq(blocks(), both);
}

Test(live, tables_that_get_no_blocks_have_no_room, .fini = gt_temp_clean)
{
	struct gt_live_head *h = start(4 << 20);
	const struct gt_live_stacks *stacks = gt_live_at(h->stacks[0]);
	const struct gt_live_texts *texts = gt_live_at(h->texts[0]);

	gt_temp_clean(); /* out of reach */
	gt_live_prepare(2);
	cr_assert(!gt_live_is_prepared(2) && gt_live_error() == ENOENT);
	cr_assert(stacks->room == 0 && texts->room == 0);
}

Test(live, one_that_may_not_grow_is_refused_and_removed, .fini = gt_temp_clean)
{
	struct rlimit tiny = {4096, 4096};

	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &tiny), 0);
	cr_assert_lt(gt_live_start(path(), 4 << 20, 0, 1), 0);
	cr_assert_eq(gt_temp_count(), 0);
	cr_assert_null(gt_live_head());
}

Test(live, it_grows_no_further_than_the_program_may, .fini = gt_temp_clean)
{
	struct gt_live_head *h = start(64 << 20);
	struct rlimit limit = {h->buffers + (2 << 20), h->buffers + (2 << 20)};

	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	cr_assert_not(gt_live_solid(h->buffers + (1 << 20), h->buffers + (3 << 20)));
	cr_assert(gt_live_solid(h->buffers + (1 << 20), h->buffers + (2 << 20)));
}

Test(live, a_file_of_somebody_else_is_refused_and_left_alone, .fini = gt_temp_clean)
{
	size_t len;
	uint8_t *bytes;

	gt_temp_file("live", "mine", 4);
	cr_assert_eq(gt_live_start(path(), 4 << 20, 0, 1), -EEXIST);
	bytes = gt_temp_read(path(), &len);
	cr_assert_eq(len, 4);
	cr_assert_eq(memcmp(bytes, "mine", 4), 0);
	free(bytes);
}

Test(live, detaching_leaves_the_file_and_another_can_be_started, .fini = gt_temp_clean)
{
	size_t len;
	uint8_t *bytes;

	start(1 << 20);
	gt_live_detach();
	cr_assert_null(gt_live_head());
	bytes = gt_temp_read(path(), &len);
	cr_assert_eq(memcmp(bytes, GT_LIVE_MAGIC, GT_LIVE_MAGIC_LEN), 0);
	free(bytes);
	cr_assert_eq(gt_live_start(gt_temp_path("second"), 1 << 20, 0, 1), 0);
	gt_live_remove();
	cr_assert_not(gt_temp_exists(gt_temp_path("second")));
	cr_assert_eq(gt_live_head()->buffers, gt_live_head()->carved);
}

Test(live, a_new_one_takes_the_place_of_one_that_was_removed, .fini = gt_temp_clean)
{
	struct gt_live_head *h = start(1 << 20);

	h->dropped[GT_DROP_DISK] = 7;
	h->complete = 1234;
	h->carved += GT_BUF_SMALL;
	gt_live_remove();
	cr_assert(gt_live_renew(1));
	cr_assert(gt_temp_exists(path()));
	cr_assert_eq(gt_live_head(), h);
	cr_assert(h->dropped[GT_DROP_DISK] == 7 && h->complete == 1234 && h->carved == h->buffers);
	cr_assert_eq(memcmp(h->magic, GT_LIVE_MAGIC, GT_LIVE_MAGIC_LEN), 0);
	gt_live_drops()[GT_DROP_DISK]++;
	cr_assert_eq(h->dropped[GT_DROP_DISK], 8);
	gt_live_remove();
	cr_assert_not(gt_temp_exists(path()));
}

Test(live, where_somebody_has_a_file_by_now_there_is_none, .fini = gt_temp_clean)
{
	struct gt_live_head *h = start(1 << 20);

	gt_live_remove();
	gt_temp_file("live", "mine", 4);
	cr_assert_not(gt_live_renew(1));
	gt_live_remove();
	cr_assert(gt_temp_exists(path()));
	cr_assert_eq(memcmp(h->magic, GT_LIVE_MAGIC, GT_LIVE_MAGIC_LEN), 0);
}
