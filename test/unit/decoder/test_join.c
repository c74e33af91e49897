/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which parts go together, and which do not.
 */
#include "decoder/join.h"

#include "test/lib/decode.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>
#include <sys/mman.h>
#include <unistd.h>

static struct gt_splice splice;
static struct gt_join join;
static struct gt_error err;
static int fd = -1;

static void set_up(void)
{
	fd = memfd_create("join", MFD_CLOEXEC);
	gt_splice_start(&splice, fd, 23);
	join.splice = &splice;
}

static void tear_down(void)
{
	gt_join_free(&join);
	gt_splice_free(&splice);
	close(fd);
}

TestSuite(join, .init = set_up, .fini = tear_down);

/* What makes one part differ from another. */
struct part {
	uint64_t first, last; /* generations */
	uint64_t later; /* than usual */
	uint64_t pid, started; /* 0: not said */
	int minor; /* 0: 23 */
	int cut; /* bytes that are missing at the end */
};

static void identity(struct gt_builder *b, const struct part *part)
{
	struct gt_fact_record process = {.number = GT_FACT_Process, .field = {{.u = part->pid}, {.u = 1}}};
	struct gt_fact_record origin = {.number = GT_FACT_Origin, .field = {{.u = part->started}}};

	process.field[2].t = process.field[3].t = origin.field[2].t = gt_string_empty;
	gt_build_facts(b, part->first, GT_NONE);
	gt_build_fact(b, &process);
	gt_build_fact(b, &origin);
	gt_build_end(b);
}

static int add(struct part part)
{
	struct gt_builder b = {0};
	struct gt_input in;
	int result;

	gt_build_header(&b, part.minor != 0 ? part.minor : 23);
	if (part.pid != 0)
		identity(&b, &part);
	for (uint64_t gen = part.first; gen <= part.last; gen++) {
		gt_build_frequency(&b, gen, 1000000000);
		gt_build_batch(&b, gen, 1, 1000 * gen + part.later);
		gt_add_ProcStatus(&b, 0, 0, GT_P_Running);
		gt_add_GoStatus(&b, 0, 1, 1, GT_G_Running);
		gt_build_end(&b);
	}
	b.len -= (size_t)part.cut;
	gt_error_clear(&err);
	gt_decode_open(&b, &in);
	result = gt_join_add(&join, &in, gt_input_header(&in, &err), &err);
	gt_input_close(&in);
	gt_build_free(&b);
	return result;
}

static void expect_generations(long n)
{
	struct gt_error verdict;

	cr_expect_eq(splice.generations, (size_t)n);
	cr_expect_eq(gt_splice_finish(&splice, &verdict), n, "%s", verdict.words);
}

static void expect_refusal(struct part part, const char *words)
{
	cr_expect_eq(add(part), -1);
	cr_expect_eq(err.code, GT_ERR_ORDER);
	gt_expect_part(err.words, "does not go with the files before it: ");
	gt_expect_part(err.words, words);
}

Test(join, parts_that_follow_one_another)
{
	cr_expect_eq(add((struct part){.first = 3, .last = 5, .pid = 7, .started = 70}), 0);
	cr_expect_eq(add((struct part){.first = 6, .last = 6, .pid = 7, .started = 70}), 0);
	cr_expect_eq(add((struct part){.first = 7, .last = 9}), 0);
	expect_generations(7);
}

Test(join, generations_that_both_parts_have)
{
	cr_expect_eq(add((struct part){.first = 1, .last = 3, .pid = 7}), 0);
	cr_expect_eq(add((struct part){.first = 2, .last = 4, .pid = 7}), 0);
	expect_generations(4);
}

Test(join, what_was_carried_over_is_not_said_again)
{
	struct part second = {.first = 2, .last = 2, .pid = 7, .started = 70};
	off_t size, all;

	cr_expect_eq(add((struct part){.first = 1, .last = 1, .pid = 7, .started = 70}), 0);
	size = lseek(fd, 0, SEEK_CUR);
	cr_expect_eq(add(second), 0);
	all = lseek(fd, 0, SEEK_CUR);
	cr_expect(all - size < size - 16, "the second generation is %d bytes, the first %d", (int)(all - size),
		  (int)size - 16);
}

Test(join, a_gap)
{
	cr_expect_eq(add((struct part){.first = 1, .last = 2}), 0);
	expect_refusal((struct part){.first = 4, .last = 5}, "generation 4 cannot follow generation 2");
}

Test(join, a_part_in_the_wrong_place)
{
	cr_expect_eq(add((struct part){.first = 4, .last = 5}), 0);
	expect_refusal((struct part){.first = 1, .last = 3}, "generation 1 cannot follow generation 5");
}

Test(join, another_generation_of_the_same_number)
{
	cr_expect_eq(add((struct part){.first = 1, .last = 2}), 0);
	expect_refusal((struct part){.first = 2, .last = 3, .later = 5}, "its generation 2 is another one");
}

Test(join, another_process)
{
	cr_expect_eq(add((struct part){.first = 1, .last = 2, .pid = 7, .started = 70}), 0);
	expect_refusal((struct part){.first = 3, .last = 3, .pid = 8, .started = 70}, "it is of another process");
	expect_refusal((struct part){.first = 3, .last = 3, .pid = 7, .started = 71}, "it is of another process");
}

Test(join, an_older_trace_and_another_version)
{
	cr_expect_eq(add((struct part){.first = 1, .last = 2, .later = 9000}), 0);
	expect_refusal((struct part){.first = 3, .last = 3}, "it is older");
	expect_refusal((struct part){.first = 3, .last = 3, .later = 9000, .minor = 22}, "it is of another version");
}

Test(join, what_stands_before_damage_is_added)
{
	cr_expect_eq(add((struct part){.first = 1, .last = 3, .cut = 1}), -1);
	cr_expect_eq(err.code, GT_ERR_TRUNCATED);
	expect_generations(2);
}
