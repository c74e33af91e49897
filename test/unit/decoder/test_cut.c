/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which generations a window takes, and what comes along.
 */
#include "decoder/cut.h"

#include "decoder/source.h"
#include "test/lib/decode.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static struct gt_builder b;
static struct gt_splice splice;
static struct gt_window window;
static struct gt_error err;
static int fd = -1;

/* A generation in which M 1, P 0 and G 1 are and nothing happens, at this time and 10 ns later. */
static void generation(uint64_t gen, uint64_t time)
{
	struct gt_fact_record clock_fact = {.number = GT_FACT_Clock, .field = {{.u = 0}, {.u = 0}, {.u = 1}}};

	gt_build_frequency(&b, gen, 1000000000);
	gt_build_batch(&b, gen, 1, time);
	gt_add_ProcStatus(&b, 0, 0, GT_P_Running);
	gt_add_GoStatus(&b, 0, 1, 1, GT_G_Running);
	gt_add_HeapAlloc(&b, 10, gen);
	gt_build_end(&b);
	gt_build_facts(&b, gen, GT_NONE);
	gt_build_fact(&b, &clock_fact);
	gt_build_end(&b);
}

static void set_up(void)
{
	static const struct gt_fact_record name = {.number = GT_FACT_ThreadName,
						   .field = {{.u = 1}, {.u = 7}, {.t = GT_TEXT("main")}}};

	gt_error_clear(&err);
	fd = memfd_create("cut", MFD_CLOEXEC);
	gt_splice_start(&splice, fd, 23);
	gt_build_header(&b, 23);
	generation(1, 1000);
	gt_build_facts(&b, 1, GT_NONE);
	gt_build_fact(&b, &name);
	gt_build_end(&b);
	for (uint64_t gen = 2; gen <= 5; gen++)
		generation(gen, 1000 * gen);
}

static void tear_down(void)
{
	gt_splice_free(&splice);
	gt_build_free(&b);
	close(fd);
}

TestSuite(cut, .init = set_up, .fini = tear_down);

static int cut(void)
{
	struct gt_input in;
	int result;

	gt_decode_open(&b, &in);
	gt_input_header(&in, &err);
	result = gt_cut(&in, &window, &splice, &err);
	gt_input_close(&in);
	return result;
}

/* The numbers of the generations of the result, which is sound. */
static void expect_generations(const char *expected)
{
	char path[32], seen[64] = "";
	struct gt_error verdict;
	struct gt_trace_event ev;
	struct gt_reader *reader;
	int len = 0, more;

	cr_assert_eq(gt_splice_finish(&splice, &verdict), (long)splice.generations, "%s", verdict.words);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	reader = gt_reader_open(path, &verdict);
	while ((more = gt_reader_next(reader, &ev)) > 0) {
		if (ev.kind == GT_KIND_SYNC)
			len += snprintf(seen + len, sizeof(seen) - (size_t)len, "%d ", (int)ev.gen);
	}
	cr_expect_eq(more, 0);
	gt_reader_close(reader);
	cr_expect_str_eq(seen, expected);
}

Test(cut, without_a_window_everything_stays)
{
	cr_expect_eq(cut(), 0);
	expect_generations("1 2 3 4 5 ");
}

Test(cut, generations_that_overlap_the_window)
{
	window.from = (struct gt_when){GT_WHEN_RELATIVE, 1010};
	window.to = (struct gt_when){GT_WHEN_RELATIVE, 3000};
	cr_expect_eq(cut(), 0);
	expect_generations("2 3 4 ");
}

Test(cut, between_events_there_is_nothing)
{
	window.from = (struct gt_when){GT_WHEN_RELATIVE, 1011};
	window.to = (struct gt_when){GT_WHEN_RELATIVE, 1999};
	cr_expect_eq(cut(), 0);
	cr_expect_eq(splice.generations, 0);
}

Test(cut, times_of_the_wall_clock)
{
	window.from = (struct gt_when){GT_WHEN_WALL, 1000003500};
	cr_expect_eq(cut(), 0);
	expect_generations("4 5 ");
}

Test(cut, a_trace_that_knows_no_wall_clock)
{
	gt_build_free(&b);
	gt_build_start(&b);
	gt_build_end(&b);
	window.from = (struct gt_when){GT_WHEN_WALL, 0};
	cr_expect_eq(cut(), -1);
	gt_expect_part(err.words, "does not know the wall clock");
}

Test(cut, names_come_along)
{
	struct gt_source source;
	struct gt_error verdict;
	char path[32];

	window.from = (struct gt_when){GT_WHEN_RELATIVE, 3000};
	cr_expect_eq(cut(), 0);
	gt_splice_finish(&splice, &verdict);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	gt_source_open(&source, path, NULL, NULL, NULL);
	cr_expect_eq(source.ev.gen, 4);
	cr_expect_str_eq(gt_lives_name(source.lives, 1), "main");
	gt_source_close(&source);
}

Test(cut, what_stands_before_damage_is_copied)
{
	b.len--;
	window.from = (struct gt_when){GT_WHEN_RELATIVE, 2000};
	cr_expect_eq(cut(), -1);
	cr_expect_eq(err.code, GT_ERR_TRUNCATED);
	expect_generations("3 4 ");
}

Test(cut, behind_the_window_nothing_is_looked_at)
{
	b.len--;
	window.to = (struct gt_when){GT_WHEN_RELATIVE, 2500};
	cr_expect_eq(cut(), 0);
	expect_generations("1 2 3 ");
}

Test(cut, a_missing_generation_is_damage)
{
	generation(7, 7000);
	cr_expect_eq(cut(), -1);
	gt_expect_part(err.words, "generation 7 follows generation 5");
	expect_generations("1 2 3 4 5 ");
}

/* Instead of what set_up() has made. */
static void start_newer(void)
{
	gt_splice_free(&splice);
	gt_splice_start(&splice, fd, GT_GO_END);
	gt_build_free(&b);
	gt_build_header(&b, GT_GO_END);
}

Test(cut, a_newer_trace_says_the_wall_clock_and_where_generations_end)
{
	start_newer();
	for (uint64_t gen = 1; gen <= 4; gen++) {
		gt_build_sync(&b, gen, 1000 * gen);
		gt_build_batch(&b, gen, 1, 1000 * gen + 20);
		gt_add_ProcStatus(&b, 0, 0, GT_P_Running);
		gt_build_end(&b);
		gt_build_byte(&b, GT_FR_EndOfGeneration);
	}
	window.from = (struct gt_when){GT_WHEN_WALL, INT64_C(1002000000000)};
	window.to = (struct gt_when){GT_WHEN_WALL, INT64_C(1003500000000)};
	cr_expect_eq(cut(), 0);
	expect_generations("2 3 3 ");
}

Test(cut, a_newer_generation_that_does_not_end)
{
	start_newer();
	for (uint64_t gen = 1; gen <= 2; gen++) {
		gt_build_sync(&b, gen, 1000 * gen);
		if (gen == 1)
			gt_build_byte(&b, GT_FR_EndOfGeneration);
	}
	cr_expect_eq(cut(), -1);
	gt_expect_part(err.words, "the file ends in generation 2");
	expect_generations("1 1 ");
}
