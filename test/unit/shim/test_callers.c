/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where a walk ends, and what it reads on its way. Whole stacks are in test_stacks.c.
 */
#include "shim/callers.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

extern const void *__libc_stack_end;

static uint64_t pcs[GT_CALLERS_MAX + 3];
static struct gt_reads reads;
static struct gt_span span;
static struct gt_walk walk = {.span = &span, .pc = pcs, .reads = &reads};

static void start(int depth, bool fp)
{
	struct gt_starts starts = {.libc = (const void *)pthread_create};

	cr_assert(gt_rules_start(_dl_find_object, &starts));
	gt_function_source(_dl_find_object);
	gt_callers_start(depth, fp);
}

/* Like a function of the recorder's: it takes its caller's registers. */
static __attribute__((noinline)) void take(void)
{
	const uint64_t *frame = __builtin_frame_address(0);

	walk.from = (struct gt_registers){(uint64_t)__builtin_return_address(0), (uint64_t)(frame + 2), frame[0]};
	gt_callers(&walk);
}

static __attribute__((noinline)) int deep(int n)
{
	if (n)
		deep(n - 1);
	else
		take();
	__asm__ volatile(""); /* no call is the last thing */
	return n;
}

Test(callers, more_than_is_wanted_is_marked)
{
	start(4, false);
	deep(20);
	cr_assert_eq(walk.n, 5);
	cr_assert_eq(pcs[4], GT_MARK_DEEPER);
}

Test(callers, a_stack_that_is_whole_has_no_mark)
{
	start(100, false);
	deep(2);
	cr_assert_gt(walk.n, 4);
	for (int i = 0; i < walk.n; i++)
		cr_assert_geq(pcs[i], GT_MARKS);
}

/* Code that no table knows. */
Test(callers, unknown_code_ends_it)
{
	uint64_t stack[16] = {0};

	start(32, false);
	walk.from = (struct gt_registers){0x5000, (uint64_t)stack, 0};
	gt_callers(&walk);
	cr_assert(walk.n == 2 && pcs[0] == 0x5000 && pcs[1] == GT_MARK_UNKNOWN);
}

/* A stack made by hand often ends so. */
Test(callers, a_return_to_nowhere_ends_it)
{
	uint64_t stack[16] = {0};

	start(32, false);
	walk.from = (struct gt_registers){(uint64_t)deep + 1, (uint64_t)stack, 0};
	gt_callers(&walk);
	cr_assert(walk.n == 1 && reads.n == 1);
}

Test(callers, memory_that_is_not_there_is_not_read)
{
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	cr_assert_eq(munmap(page + 4096, 4096), 0);
	start(32, false);
	*(uint64_t *)(page + 4088) = (uint64_t)deep + 1;
	walk.from = (struct gt_registers){(uint64_t)deep + 1, (uint64_t)page + 4088, 0};
	gt_callers(&walk);
	cr_assert(walk.n == 3 && pcs[1] == (uint64_t)deep + 1 && pcs[2] == GT_MARK_UNKNOWN);
	cr_assert_not(reads.is_all);
}

/* Only a stack whose bounds are known is trusted to be there the next time. */
Test(callers, a_known_stack_is_read_without_asking)
{
	start(32, false);
	span = (struct gt_span){0, 0};
	deep(20);
	cr_assert(reads.n >= 20);
	span.hi = (uint64_t)__libc_stack_end;
	span.lo = span.hi & ~UINT64_C(4095);
	deep(20);
	cr_assert(reads.is_all, "%d words, %d frames", reads.n, walk.n);
	cr_assert_leq(span.lo, walk.from.sp, "it has grown down to the walk");
}

static __attribute__((noinline, optimize("no-omit-frame-pointer"))) int framed(int n)
{
	if (n)
		framed(n - 1);
	else
		take();
	__asm__ volatile(""); /* no call is the last thing */
	return n;
}

/* The caller's frame pointer counts for the frame beyond, and once. */
Test(callers, a_frame_that_hangs_on_its_frame_pointer_is_two_words)
{
	int words;

	start(32, false);
	span.hi = (uint64_t)__libc_stack_end;
	span.lo = span.hi & ~UINT64_C(4095);
	framed(2);
	words = reads.n;
	framed(12);
	cr_assert_eq(reads.n, words + 20);
	for (int i = 2; i < 12; i++)
		cr_assert_eq(pcs[i], pcs[1]);
	cr_assert(reads.is_all);
}

/* Each of them, and where the frame pointer's own value decides, that. */
Test(callers, what_was_read_is_known_again)
{
	uint64_t stack[8] = {1, 2, 3, 4, 5, 6, 7, 8};
	struct gt_reads some = {.n = 3, .at = {1, 4, 5}, .fp = true};
	struct gt_registers from = {0, (uint64_t)stack, 99};

	start(32, false);
	some.sum = 99 * gt_callers_key[0] + 2 * gt_callers_key[1] + 5 * gt_callers_key[2] + 6 * gt_callers_key[3];
	cr_assert(gt_reads_again(&some, &from));
	for (int i = 0; i < 8; i++) {
		stack[i]++;
		cr_assert_eq(gt_reads_again(&some, &from), i != 1 && i != 4 && i != 5);
		stack[i]--;
	}
	from.fp++;
	cr_assert_not(gt_reads_again(&some, &from));
}

Test(callers, frame_pointers_are_followed_where_that_is_wanted)
{
	start(8, true);
	framed(20);
	cr_assert_eq(walk.n, 9);
	for (int i = 1; i < 8; i++)
		cr_assert_eq(pcs[i], pcs[1], "all calls are the same one");
}

Test(callers, a_frame_pointer_that_leads_nowhere_ends_it)
{
	uint64_t stack[64] = {0};

	start(32, true);
	walk.from = (struct gt_registers){(uint64_t)deep + 4, (uint64_t)stack, UINT64_C(0x5a5a5a5a5a5a5a58)};
	gt_callers(&walk);
	cr_assert(walk.n == 2 && pcs[1] == GT_MARK_UNKNOWN);
	walk.from.fp = (uint64_t)stack - 64;
	gt_callers(&walk);
	cr_assert(walk.n == 2 && pcs[1] == GT_MARK_UNKNOWN, "below the stack pointer");
}

enum { COPIED = 4096 };

static uint8_t copied[COPIED + 16] __attribute__((aligned(16)));
static struct gt_registers here;

/* A sanitizer has its own mind about what may be read between the frames. */
static __attribute__((no_sanitize("address"))) void copy_words(uint64_t *to, const volatile uint64_t *from,
							       size_t words)
{
	for (size_t i = 0; i < words; i++)
		to[i] = from[i];
}

/* Walks over its own stack and over a copy of that, from the same place. The frames of the first, the innermost apart. */
static __attribute__((noinline)) int walk_both(uint64_t *want)
{
	const uint64_t *frame = __builtin_frame_address(0);
	int n;

	here = (struct gt_registers){(uint64_t)__builtin_return_address(0), (uint64_t)(frame + 2), frame[0]};
	walk.from = here;
	gt_callers_interrupted(&walk);
	n = walk.n;
	memcpy(want, pcs, (size_t)n * sizeof(*want));
	copy_words((uint64_t *)(copied + here.sp % 16), (const uint64_t *)here.sp, COPIED / 8);
	return n;
}

static __attribute__((noinline)) int walk_below(int n, uint64_t *want)
{
	int frames = n ? walk_below(n - 1, want) : walk_both(want);

	__asm__ volatile(""); /* no call is the last thing */
	return frames;
}

Test(callers, a_copy_has_the_callers_of_the_stack)
{
	uint64_t want[GT_CALLERS_MAX + 3];
	int n;

	start(12, false);
	n = walk_below(20, want);
	walk.from = here;
	gt_callers_of_copy(&walk, copied + here.sp % 16, COPIED);
	cr_assert_eq(n, 13);
	cr_assert_eq(want[0], here.pc + 1, "what is interrupted is no return address");
	cr_assert_eq(walk.n, n);
	cr_assert_eq(memcmp(pcs, want, (size_t)n * sizeof(*want)), 0);
}

Test(callers, beyond_a_copy_nothing_is_read)
{
	uint64_t want[GT_CALLERS_MAX + 3];

	start(100, false);
	walk_below(20, want);
	walk.from = here;
	gt_callers_of_copy(&walk, copied + here.sp % 16, 64);
	cr_assert_gt(walk.n, 1);
	cr_assert_eq(pcs[walk.n - 1], GT_MARK_UNKNOWN);
	for (int i = 0; i < reads.n; i++)
		cr_assert_lt(reads.at[i], 64 / 8);
}

void pops_fp(void);
__asm__(".pushsection .text\n"
	"pops_fp:\n"
	"	.cfi_startproc\n"
	"	push %rbp\n"
	"	.cfi_def_cfa_offset 16\n"
	"	.cfi_offset %rbp, -16\n"
	"	pop %rbp\n"
	"	.cfi_def_cfa_offset 8\n"
	"	ret\n"
	"	.cfi_endproc\n"
	".popsection\n");

/* As compilers write it: the frame pointer is said to lie below the stack still. */
Test(callers, at_the_end_of_a_function_a_copy_has_no_frame_pointer)
{
	uint64_t stack[2] __attribute__((aligned(16))) = {0x5000, 0};

	start(32, false);
	here = (struct gt_registers){(uint64_t)pops_fp + 2, 0x7000000, 0};
	walk.from = here;
	gt_callers_of_copy(&walk, (uint8_t *)stack, sizeof(stack));
	cr_assert(walk.n == 3 && pcs[1] == 0x5000 && pcs[2] == GT_MARK_UNKNOWN, "%d", walk.n);
}
