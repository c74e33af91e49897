/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stacks as text: the same the first and the second time, and never those of another generation.
 */
#include "decoder/stack_text.h"

#include "test/lib/text.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static const struct gt_string func = {"main.f", 6}, file = {"/f.go", 5};
static const struct gt_stack_frame leaf = {.pc = 0xabc, .line = 7, .func = &func, .file = &file};
static const struct gt_stack_frame root = {.pc = 1, .line = 0, .func = &file, .file = &gt_string_empty};
static const struct gt_stack_frame *const frames[] = {&leaf, &root};
static struct gt_stack_texts texts;

static void tear_down(void)
{
	gt_stack_texts_free(&texts);
}

TestSuite(stack_text, .fini = tear_down);

static void prints(uint64_t gen, uint64_t id, size_t nframes, const char *expected)
{
	struct gt_stack stack = {.id = id, .nframes = nframes, .frames = frames};
	struct gt_out out;

	gt_out_open(&out, -1);
	gt_stack_text(&texts, gen, &stack, &out);
	gt_expect_text(&out, expected);
}

#define LEAF "\tmain.f @ 0xabc\n\t\t/f.go:7\n"
#define ROOT "\t/f.go @ 0x1\n\t\t:0\n"

Test(stack_text, a_stack_is_the_same_again)
{
	prints(1, 5, 2, LEAF ROOT);
	prints(1, 6, 1, LEAF);
	prints(1, 5, 2, LEAF ROOT);
	prints(1, 6, 1, LEAF);
}

Test(stack_text, a_stack_without_frames)
{
	prints(1, 0, 0, "");
	prints(1, 0, 0, "");
	prints(1, 1, 1, LEAF);
}

Test(stack_text, every_generation_has_its_own)
{
	prints(1, 5, 2, LEAF ROOT);
	prints(2, 5, 1, LEAF);
	prints(2, 4, 2, LEAF ROOT);
	prints(3, 4, 1, LEAF);
}

Test(stack_text, ids_of_any_size)
{
	prints(1, 65535, 1, LEAF);
	prints(1, 65536, 2, LEAF ROOT);
	prints(1, UINT64_MAX, 1, LEAF);
	prints(1, 65535, 1, LEAF);
}

Test(stack_text, memory_is_limited)
{
	static char long_name[1024];
	struct gt_string name = {long_name, sizeof(long_name)};
	struct gt_stack_frame frame = {.func = &name, .file = &name};
	const struct gt_stack_frame *many[128];
	struct gt_stack stack = {.nframes = 128, .frames = many};
	struct gt_out out;

	for (int i = 0; i < 128; i++)
		many[i] = &frame;
	gt_out_open(&out, -1);
	for (stack.id = 1; stack.id < 200; stack.id++) {
		out.len = 0;
		gt_stack_text(&texts, 1, &stack, &out);
		cr_assert(out.len > 128 * 2 * sizeof(long_name));
	}
	cr_expect(texts.text.size <= 8 << 20);
	gt_out_close(&out);
}

Test(stack_text, nothing_to_free_is_no_harm)
{
	gt_stack_texts_free(&texts);
}
