/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The ends of a trace that was stopped in the middle of a hand-over: what can be read stays, and nothing else.
 */
#include "decoder/prune.h"

#include "decoder/batch.h"
#include "decoder/reader.h"
#include "shim/format/header.h"
#include "test/lib/builder.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct gt_builder b;
static struct gt_pruned pruned;
static struct gt_error err;

enum { FIRST_EVENTS = 4 };

static void tear_down(void)
{
	gt_build_free(&b);
	gt_temp_clean();
}

TestSuite(prune, .fini = tear_down);

/* M 1 stops and goes on, once more than the two events of gt_build_start(). */
static void one(void)
{
	gt_build_start(&b);
	gt_add_GoStop(&b, 1, 0, 0);
	gt_add_GoStart(&b, 1, 1, 1);
}

/* Opens the batch of M 2, which has P 1 and wants to go on with G 2, that somebody must have woken: nobody has. */
static void other(void)
{
	gt_build_other(&b, 2, 5);
	gt_add_ProcStatus(&b, 1, 1, GT_P_Running);
	gt_add_GoStatus(&b, 1, 2, GT_NONE, GT_G_Waiting);
	gt_add_GoStart(&b, 1, 2, 2);
	gt_add_GoStop(&b, 1, 0, 0);
}

/* What stands behind the first `at` bytes, whose last generation begins at `from`, pruned. The descriptor of what is left. */
static int prune(size_t from, size_t at)
{
	int fd = memfd_create("test", MFD_CLOEXEC);
	struct gt_input file;

	gt_temp_file("x.trace", b.bytes, at);
	cr_assert_eq(gt_input_open(&file, gt_temp_path("x.trace"), &err), 0);
	cr_assert_eq(gt_input_header(&file, &err), 23);
	cr_assert_eq(write(fd, b.bytes + at, b.len - at), (ssize_t)(b.len - at));
	cr_assert_eq(gt_prune(&file, from, at, &fd, &pruned, &err), 0, "%s", err.words);
	gt_input_close(&file);
	return fd;
}

/* How many events a reader finds in what is left; it must be sound. */
static uint64_t events_behind(size_t from, size_t at)
{
	int fd = prune(from, at);
	off_t len = lseek(fd, 0, SEEK_END);
	uint8_t *bytes = malloc(at + (size_t)len);
	uint64_t n = 0, generations;
	struct gt_reader *reader;

	memcpy(bytes, b.bytes, at);
	cr_assert_eq(pread(fd, bytes + at, (size_t)len, 0), len);
	gt_temp_file("x.trace", bytes, at + (size_t)len);
	free(bytes);
	close(fd);
	reader = gt_reader_open(gt_temp_path("x.trace"), &err);
	cr_assert_not_null(reader);
	cr_assert_eq(gt_reader_check(reader, UINT64_MAX, &n, &generations), 0, "%s", err.words);
	gt_reader_close(reader);
	return n;
}

static uint64_t events(void)
{
	return events_behind(GT_HEADER_LEN, GT_HEADER_LEN);
}

/* What the facts of the trace say, as numbers. */
static int facts_of(enum gt_event type)
{
	struct gt_reader *reader = gt_reader_open(gt_temp_path("x.trace"), &err);
	struct gt_trace_event ev;
	int found = 0;

	while (gt_reader_next(reader, &ev) == 1)
		found += gt_event_fact(&ev, GT_FACT_Waker) != NULL && ev.type == type;
	gt_reader_close(reader);
	return found;
}

static void fact(uint64_t m, uint64_t position)
{
	struct gt_fact_record waker = {.number = GT_FACT_Waker, .position = position, .field = {{.u = 71}}};

	gt_build_facts(&b, 1, m);
	gt_build_fact(&b, &waker);
	gt_build_end(&b);
}

Test(prune, what_is_sound_stays_as_it_is)
{
	one();
	gt_build_end(&b);
	cr_assert_eq(events(), FIRST_EVENTS);
	cr_assert(pruned.events == 0 && pruned.threads == 0);
}

Test(prune, what_follows_from_nothing_goes_with_all_behind_it)
{
	one();
	other();
	gt_build_end(&b);
	cr_assert_eq(events(), FIRST_EVENTS + 2);
	cr_assert(pruned.events == 2 && pruned.threads == 1);
}

Test(prune, batches_behind_go_with_their_facts)
{
	one();
	other();
	gt_build_end(&b);
	fact(2, 1);
	gt_build_batch(&b, 1, 2, 100);
	gt_add_GoStart(&b, 1, 2, 3);
	gt_add_GoStop(&b, 1, 0, 0);
	gt_build_end(&b);
	fact(2, 1);
	cr_assert_eq(events(), FIRST_EVENTS + 2);
	cr_assert(pruned.events == 4 && pruned.threads == 1);
	cr_assert_eq(facts_of(GT_EV_GoStatus), 1); /* and not two: those of what is gone are not told of what stays */
}

Test(prune, two_that_wait_for_each_other_go_both)
{
	one();
	other();
	gt_add_GoUnblock(&b, 1, 3, 1, 0);
	gt_build_other(&b, 3, 5);
	gt_add_ProcStatus(&b, 1, 2, GT_P_Running);
	gt_add_GoStatus(&b, 1, 3, GT_NONE, GT_G_Waiting);
	gt_add_GoStart(&b, 1, 3, 2);
	gt_build_end(&b);
	cr_assert_eq(events(), FIRST_EVENTS + 4);
	cr_assert(pruned.events == 4 && pruned.threads == 2);
}

Test(prune, generations_before_stay_and_those_behind_go)
{
	one();
	gt_build_end(&b);
	gt_build_running(&b, 2, 1000);
	gt_add_GoStart(&b, 1, 9, 9);
	gt_build_end(&b);
	gt_build_running(&b, 3, 2000);
	gt_build_end(&b);
	cr_assert_eq(events(), FIRST_EVENTS + 2);
	cr_assert_eq(pruned.events, 1 + 2, "in the one that is cut, and behind it");
}

/* Generation 1 has two events of gt_build_start(), two more, and G 2 is created in it. */
static void creates(void)
{
	one();
	gt_add_GoCreate(&b, 1, 2, 0, 0);
	gt_build_end(&b);
}

/* It starts in generation 3. */
static void starts_in_third(void)
{
	gt_build_frequency(&b, 3, 1000000000);
	gt_build_batch(&b, 3, 2, 2000);
	gt_add_ProcStatus(&b, 1, 1, GT_P_Running);
	gt_add_GoStatus(&b, 1, 2, GT_NONE, GT_G_Runnable);
	gt_add_GoStart(&b, 1, 2, 1);
	gt_build_end(&b);
}

/* Not even the last complete generation tells of everybody. */
Test(prune, what_follows_from_an_older_generation_stays)
{
	size_t from, at;

	creates();
	from = b.len;
	gt_build_running(&b, 2, 1000);
	gt_build_end(&b);
	at = b.len;
	starts_in_third();
	cr_assert_eq(events_behind(from, at), FIRST_EVENTS + 1 + 2 + 3);
	cr_assert_eq(pruned.events, 0);
}

/* A thread that an unfinished generation does not mention is known from the one before. */
Test(prune, it_goes_by_the_last_complete_generation)
{
	size_t at;

	creates();
	at = b.len;
	gt_build_running(&b, 2, 1000);
	gt_build_end(&b);
	starts_in_third();
	cr_assert_eq(events_behind(GT_HEADER_LEN, at), FIRST_EVENTS + 1 + 2 + 3);
	cr_assert_eq(pruned.events, 0);
}

Test(prune, what_was_complete_is_not_touched)
{
	size_t at;

	one();
	gt_add_GoStart(&b, 1, 9, 9);
	gt_build_end(&b);
	at = b.len;
	gt_build_running(&b, 2, 1000);
	gt_build_end(&b);
	close(prune(GT_HEADER_LEN, at));
	cr_assert_eq(pruned.events, 0);
}

/* A reader refuses a generation without events. */
Test(prune, a_generation_of_which_nothing_stays_goes)
{
	one();
	gt_build_end(&b);
	gt_build_frequency(&b, 2, 1000000000);
	gt_build_batch(&b, 2, 1, 1000);
	gt_add_GoStart(&b, 1, 9, 9);
	gt_build_end(&b);
	cr_assert_eq(events(), FIRST_EVENTS);
	cr_assert_eq(pruned.events, 1);
}

/* Its readers say what is wrong with it. */
Test(prune, what_is_broken_in_another_way_stays_as_it_is)
{
	int fd;

	one();
	gt_build_byte(&b, 77);
	gt_build_end(&b);
	fd = prune(GT_HEADER_LEN, GT_HEADER_LEN);
	cr_assert_eq(lseek(fd, 0, SEEK_END), (off_t)(b.len - GT_HEADER_LEN));
	cr_assert_eq(pruned.events, 0);
	close(fd);
}

Test(prune, nothing_stays_nothing)
{
	gt_build_header(&b, 23);
	close(prune(GT_HEADER_LEN, GT_HEADER_LEN));
	cr_assert_eq(pruned.events, 0);
}
