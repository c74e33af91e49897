/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Files with names in them, and files without. Programs with separate debug files: test/e2e/symbols.
 */
#include "decoder/image.h"

#include "test/lib/capture.h"
#include "test/lib/own.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct gt_image *image;
static struct gt_place places[GT_PLACES_MOST];

static void tear_down(void)
{
	gt_image_free(image);
	gt_temp_clean();
}

TestSuite(image, .fini = tear_down);

static size_t find(uint64_t pc, enum gt_pc_kind kind)
{
	return gt_image_find(image, pc - gt_own()->base, kind, places);
}

static void open_own(void)
{
	image = gt_image_new(gt_own()->path.bytes, gt_own()->build_id.bytes, NULL);
}

Test(image, of_a_call_the_instruction_before_is_looked_up)
{
	open_own();
	cr_assert_eq(find(gt_own_pc(), GT_PC_RETURN), 2);
	cr_expect_str_eq(places[0].func, "gt_own_inlined");
	cr_expect_eq(places[0].line, gt_own_inlined_line);
	cr_expect_str_eq(places[1].func, "gt_own_pc");
}

Test(image, a_start_is_where_the_function_begins)
{
	open_own();
	cr_assert_eq(find((uint64_t)(uintptr_t)gt_own_pc + 1, GT_PC_START), 1);
	cr_expect_str_eq(places[0].func, "gt_own_pc");
}

/* As a compiler leaves them that puts one function directly behind another. */
__asm__(".text\n"
	".globl test_image_dies\n.type test_image_dies,@function\ntest_image_dies:\n"
	"call test_image_follows\n.size test_image_dies,.-test_image_dies\n"
	".globl test_image_follows\n.type test_image_follows,@function\ntest_image_follows:\n"
	"ret\n.size test_image_follows,.-test_image_follows\n");
void test_image_follows(void);

Test(image, behind_a_call_that_never_returns_another_function_begins)
{
	open_own();
	cr_assert_eq(find((uint64_t)(uintptr_t)test_image_follows, GT_PC_RETURN), 1);
	cr_expect_str_eq(places[0].func, "test_image_dies");
	cr_assert_eq(find((uint64_t)(uintptr_t)test_image_follows + 1, GT_PC_START), 1);
	cr_expect_str_eq(places[0].func, "test_image_follows");
}

static int find_twice(void *arg)
{
	(void)arg;
	printf("%zu", find(gt_own_pc(), GT_PC_RETURN));
	printf("%zu", find(gt_own_pc(), GT_PC_RETURN));
	return 0;
}

/* Nothing is found, and this is said, once. */
static void expect_words(const char *words)
{
	struct gt_captured captured;
	char expected[GT_CAPTURE_TEXT] = "";

	if (*words != '\0')
		snprintf(expected, sizeof(expected), "gtrace: %s; names from it are not used\n", words);
	gt_capture(find_twice, NULL, &captured);
	cr_expect_str_eq(captured.out, "00");
	cr_expect_str_eq(captured.err, expected);
}

Test(image, a_file_with_another_build_id_is_not_used)
{
	char words[5000];

	image = gt_image_new(gt_own()->path.bytes, "0123456789abcdef0123456789abcdef01234567", NULL);
	snprintf(words, sizeof(words),
		 "%s: build id differs from the one in the trace (%s, not 0123456789abcdef0123456789abcdef01234567)",
		 gt_own()->path.bytes, gt_own()->build_id.bytes);
	expect_words(words);
}

Test(image, a_file_that_has_a_build_id_is_not_one_that_had_none)
{
	char words[5000];

	image = gt_image_new(gt_own()->path.bytes, "", NULL);
	snprintf(words, sizeof(words), "%s: build id differs from the one in the trace (%s, not none)",
		 gt_own()->path.bytes, gt_own()->build_id.bytes);
	expect_words(words);
}

Test(image, a_file_that_is_not_there_is_not_spoken_of)
{
	image = gt_image_new("/nonexistent/app", "01", NULL);
	expect_words("");
}

Test(image, what_is_no_file_is_not_opened)
{
	mkfifo(gt_temp_path("pipe"), 0600);
	image = gt_image_new(gt_temp_path("pipe"), "01", NULL);
	expect_words("");
	gt_image_free(image);
	image = gt_image_new("[vdso]", "", NULL);
	expect_words("");
	gt_image_free(image);
	image = gt_image_new("", "", NULL);
	expect_words("");
}

Test(image, a_file_that_is_no_program_is_said)
{
	char words[5000];

	image = gt_image_new(gt_temp_file("text", "no program at all", 17), "01", NULL);
	snprintf(words, sizeof(words), "%s: not a valid ELF file", gt_temp_path("text"));
	expect_words(words);
}

/* Cut off anywhere, it may be of use or not, but does no harm. */
Test(image, a_file_that_is_cut_off_does_no_harm)
{
	size_t len;
	uint8_t *bytes = gt_temp_read(gt_own()->path.bytes, &len);
	struct gt_captured captured;

	for (size_t i = 0; i < 16; i++) {
		image = gt_image_new(gt_temp_file("cut", bytes, len * i / 16), gt_own()->build_id.bytes, NULL);
		gt_capture(find_twice, NULL, &captured);
		cr_expect_eq(captured.status, 0, "status %d, cut at %d/16", captured.status, (int)i);
		gt_image_free(image);
		remove(gt_temp_path("cut"));
	}
	image = NULL;
	free(bytes);
}

Test(image, files_lie_below_the_sysroot)
{
	char sysroot[4200];

	snprintf(sysroot, sizeof(sysroot), "%s", gt_own()->path.bytes);
	*strrchr(sysroot, '/') = '\0';
	image = gt_image_new(strrchr(gt_own()->path.bytes, '/'), gt_own()->build_id.bytes, sysroot);
	cr_assert_eq(find(gt_own_pc(), GT_PC_RETURN), 2);
}
