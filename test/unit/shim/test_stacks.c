/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stacks as libc's backtrace() sees them, each once in its generation's table, and a full table is counted.
 */
#include "shim/context.h"
#include "shim/stacks.h"
#include "shim/thread.h"
#include "test/lib/live.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <execinfo.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <ucontext.h>

extern const void *__libc_stack_end;

static _Atomic int there;
static struct gt_memo *memo;
static struct gt_known_call calls[GT_CALLS];

/* No code counts as the recorder's own. */
static void start(int depth)
{
	struct gt_stack_options options = {
		.depth = depth,
		.find = _dl_find_object,
		.starts = {.libc = (const void *)pthread_create,
			   .context = {gt_context_start(makecontext), gt_context_end()}},
	};

	gt_test_live(1 << 20);
	cr_assert(gt_stacks_start(&options));
	gt_stacks_attach();
	memo = NULL;
	gt_stack_begin(&memo, 1, __libc_stack_end);
}

/* The stack with this id; the number of its frames. */
static uint32_t frames_of(uint32_t gen, uint64_t id, const uint64_t **pc)
{
	uint32_t n, at = 0;

	while ((at = gt_stacks_next(gen, at, pc, &n))) {
		if (at == id)
			return n;
	}
	return 0;
}

static uint32_t count(uint32_t gen)
{
	const uint64_t *pc;
	uint32_t n, at = 0, stacks = 0;

	while ((at = gt_stacks_next(gen, at, &pc, &n)))
		stacks++;
	return stacks;
}

/* What backtrace() says, and what we say. */
struct taken {
	void *want[200];
	int wanted;
	uint64_t id;
	uint32_t gen;
};

static __attribute__((noinline)) int take(struct taken *t)
{
	t->id = gt_stack_here(&memo, t->gen, (const void *)take).v;
	t->wanted = backtrace(t->want, 200);
	return 1;
}

/* Frames of different sizes, with a frame pointer therefore. */
static __attribute__((noinline)) int deep(int n, struct taken *t)
{
	volatile char *some = __builtin_alloca((size_t)n % 5 * 40 + 8);

	memset((void *)some, n, 8);
	return (n ? deep(n - 1, t) : take(t)) + some[0];
}

static bool is_in_take(uint64_t pc)
{
	return pc - (uint64_t)take < 400;
}

/*
 * The innermost frame is in take() here and there, but not at the same call; a sanitizer's backtrace() has one before it.
 * The outermost ones, libc's, are cut.
 */
static void compare(const struct taken *t, int most)
{
	void *const *want = t->want;
	const uint64_t *pc;
	uint32_t n = frames_of(t->gen, t->id, &pc);

	cr_assert_gt(n, 1);
	cr_assert_leq(n, most);
	cr_assert(is_in_take(pc[0]));
	while (!is_in_take((uint64_t)*want) && want < t->want + 2)
		want++;
	for (uint32_t i = 1; i < n; i++) {
		if (pc[i] >= GT_MARKS)
			cr_assert_eq(pc[i], (uint64_t)want[i], "frame %u: %lx, not %p", i, pc[i], want[i]);
	}
}

Test(stacks, frames_are_those_of_backtrace, .fini = gt_temp_clean)
{
	struct taken t = {.gen = 1};
	const uint64_t *pc;
	uint32_t n;

	start(128);
	deep(20, &t);
	compare(&t, t.wanted);
	n = frames_of(1, t.id, &pc);
	cr_assert_geq((int)n, t.wanted - 3);
	cr_assert_geq(pc[n - 1], GT_MARKS);
}

/* Where each word must be asked for, too. */
Test(stacks, frames_are_the_same_on_a_stack_that_nobody_knows, .fini = gt_temp_clean)
{
	struct taken t = {.gen = 1};

	start(128);
	gt_stack_begin(&memo, 1, NULL);
	deep(20, &t);
	compare(&t, t.wanted);
}

static __attribute__((noinline, optimize("no-omit-frame-pointer"))) int framed(int n, struct taken *t)
{
	int below = n ? framed(n - 1, t) : take(t);

	__asm__ volatile("" : "+r"(below));
	return below + 1;
}

/* Frames of both kinds, of different sizes and in different order, each after others. */
Test(stacks, frames_are_those_of_backtrace_after_any_other_stack, .fini = gt_temp_clean)
{
	struct taken t = {.gen = 1};

	start(128);
	for (int i = 0; i < 500; i++) {
		if (i % 3)
			deep(i * 7 % 23, &t);
		else
			framed(i * 5 % 19, &t);
		compare(&t, t.wanted);
	}
}

Test(stacks, what_is_deeper_than_wanted_is_marked, .fini = gt_temp_clean)
{
	struct taken t = {.gen = 1};
	const uint64_t *pc;

	start(8);
	deep(20, &t);
	cr_assert_eq(frames_of(1, t.id, &pc), 9);
	cr_assert_eq(pc[8], GT_MARK_DEEPER);
	compare(&t, 9);
}

Test(stacks, more_than_a_trace_can_hold_is_marked_within_it, .fini = gt_temp_clean)
{
	struct taken t = {.gen = 1};
	const uint64_t *pc;

	start(128);
	deep(180, &t);
	cr_assert_eq(frames_of(1, t.id, &pc), 128);
	cr_assert_eq(pc[127], GT_MARK_DEEPER);
	compare(&t, 128);
}

/* The second time it comes out of the memo, and from another depth it must not. */
Test(stacks, the_same_stack_has_one_id_and_another_one_another, .fini = gt_temp_clean)
{
	struct taken t = {.gen = 1};
	uint64_t first[12];

	start(32);
	for (int i = 0; i < 24; i++) {
		deep(i % 12, &t);
		compare(&t, 32);
		if (i < 12)
			first[i] = t.id;
		for (int j = 0; j < i && j < 12; j++)
			cr_assert_eq(first[j] == t.id, j == i % 12);
	}
	cr_assert_eq(count(1), 12);
}

/* By one of two calls at each level. */
static __attribute__((noinline)) int by_path(int depth, unsigned path, struct taken *t)
{
	int levels;

	if (depth == 0)
		return take(t);
	if (path & 1) {
		levels = by_path(depth - 1, path >> 1, t);
		__asm__ volatile("" : "+r"(levels));
		return levels + 1;
	}
	levels = by_path(depth - 1, path >> 1, t);
	__asm__ volatile("" : "+r"(levels));
	return levels - 1;
}

/* In one word of the stack, and in several by the same amount, so that differences could cancel each other out. */
Test(stacks, callers_that_differ_in_few_words_are_told_apart, .fini = gt_temp_clean)
{
	enum { LEVELS = 6, PATHS = 1 << LEVELS };
	uint64_t id[PATHS] = {0};
	struct taken t = {.gen = 1};

	start(32);
	for (unsigned i = 0; i < PATHS * PATHS; i++) {
		unsigned path = i & 1 ? i / 2 % PATHS : i / PATHS;

		by_path(LEVELS, path, &t);
		compare(&t, 32);
		cr_assert(id[path] == 0 || id[path] == t.id, "path %x", path);
		id[path] = t.id;
	}
	cr_assert_eq(count(1), PATHS);
}

Test(stacks, each_generation_has_its_own, .fini = gt_temp_clean)
{
	struct taken t = {.gen = 1};

	start(32);
	deep(3, &t);
	t.gen = 2;
	deep(3, &t);
	compare(&t, 32);
	deep(4, &t);
	cr_assert_eq(count(1), 1);
	cr_assert_eq(count(2), 2);
	gt_stacks_forget(1);
	cr_assert_eq(count(1), 0);
	t.gen = 3;
	deep(3, &t);
	compare(&t, 32);
	cr_assert_eq(count(3), 1);
}

Test(stacks, a_call_alone_is_marked_as_that, .fini = gt_temp_clean)
{
	const uint64_t *pc;
	uint64_t id;

	start(32);
	id = gt_stack_of_call(calls, 1, (const void *)0x1000).v;
	cr_assert_eq(frames_of(1, id, &pc), 2);
	cr_assert(pc[0] == 0x1000 && pc[1] == GT_MARK_SHORT);
	cr_assert_eq(gt_stack_of_call(calls, 1, (const void *)0x1000).v, id);
	cr_assert_neq(gt_stack_of_call(calls, 1, (const void *)0x1001).v, id);
	cr_assert_eq(gt_stack_of_call(calls, 1, NULL).v, 0);
	cr_assert_eq(frames_of(2, gt_stack_of_call(calls, 2, (const void *)0x1000).v, &pc), 2);
}

/* As all other addresses a return address: the routine's first byte lies in front of it. */
Test(stacks, a_routine_is_a_stack, .fini = gt_temp_clean)
{
	const uint64_t *pc;

	start(32);
	cr_assert_eq(frames_of(1, gt_stack_of_start(1, (const void *)0x1000).v, &pc), 1);
	cr_assert_eq(pc[0], 0x1001);
	cr_assert_eq(gt_stack_of_start(1, NULL).v, 0);
}

Test(stacks, none_are_taken_when_none_are_wanted, .fini = gt_temp_clean)
{
	struct gt_stack_options options = {.off = true, .depth = 32, .find = _dl_find_object};
	struct taken t = {.gen = 1};

	gt_test_live(1 << 20);
	cr_assert(gt_stacks_start(&options));
	gt_stacks_attach();
	take(&t);
	cr_assert_eq(t.id, 0);
	cr_assert_eq(gt_stack_of_call(calls, 1, (const void *)0x1000).v, 0);
	cr_assert_eq(gt_stack_of_start(1, (const void *)0x1000).v, 0);
}

Test(stacks, without_a_search_for_modules_the_call_is_all, .fini = gt_temp_clean)
{
	struct gt_stack_options options = {.depth = 32};
	struct taken t = {.gen = 1};
	const uint64_t *pc;

	gt_test_live(1 << 20);
	cr_assert(gt_stacks_start(&options));
	gt_stacks_attach();
	take(&t);
	cr_assert_eq(frames_of(1, t.id, &pc), 2);
	cr_assert(pc[0] == (uint64_t)take && pc[1] == GT_MARK_UNKNOWN);
}

Test(stacks, a_full_table_is_counted, .fini = gt_temp_clean)
{
	uint64_t without = 0;

	start(32);
	for (uintptr_t pc = 1; pc <= 300000; pc++)
		without += gt_stack_of_start(1, (void *)pc).v == 0;
	cr_assert_gt(without, 100000);
	cr_assert_eq(atomic_load(&gt_drops[GT_DROP_STACKS]), without);
	gt_stacks_forget(1);
	cr_assert_neq(gt_stack_of_start(3, (void *)1).v, 0);
}

static long faults_of(uint32_t gen)
{
	struct rusage before, after;

	getrusage(RUSAGE_SELF, &before);
	for (uintptr_t pc = 1; pc <= 4000; pc++)
		gt_stack_of_start(gen, (void *)pc);
	getrusage(RUSAGE_SELF, &after);
	return after.ru_minflt - before.ru_minflt;
}

/* Since Linux 5.14. */
Test(stacks, memory_that_was_asked_for_is_there, .fini = gt_temp_clean)
{
	start(32);
	gt_stacks_populate(2);
	gt_stacks_populate(2);
	cr_assert_lt(faults_of(2) * 2, faults_of(1));
}

enum { SITES = 4000 };

static void *visit(void *ids)
{
	there++;
	while (there < 2)
		;
	for (uintptr_t i = 0; i < SITES; i++)
		((uint64_t *)ids)[i] = gt_stack_of_start(1, (void *)(i + 1)).v;
	return NULL;
}

Test(stacks, threads_that_meet_at_a_new_stack_agree_on_its_id, .fini = gt_temp_clean)
{
	static uint64_t a[SITES], b[SITES];
	pthread_t other;

	start(32);
	cr_assert_eq(pthread_create(&other, NULL, visit, a), 0);
	visit(b);
	pthread_join(other, NULL);
	for (int i = 0; i < SITES; i++)
		cr_assert_eq(a[i], b[i]);
}

/* A coroutine's stack ends in front of memory that is not there, and nothing says where it began. */
static struct taken on_coroutine = {.gen = 1};

static void coroutine(void)
{
	deep(3, &on_coroutine);
	there++; /* or the call above is none */
}

Test(stacks, a_stack_of_its_own_is_followed_to_its_end, .fini = gt_temp_clean)
{
	enum { SIZE = 64 << 10 };
	static ucontext_t from, to;
	char *stack = mmap(NULL, SIZE + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const uint64_t *pc;

	start(32);
	cr_assert_eq(munmap(stack + SIZE, 4096), 0);
	getcontext(&to);
	to.uc_stack.ss_sp = stack;
	to.uc_stack.ss_size = SIZE;
	to.uc_link = &from;
	makecontext(&to, coroutine, 0);
	cr_assert_eq(swapcontext(&from, &to), 0);
	compare(&on_coroutine, 32);
	cr_assert_eq(frames_of(1, on_coroutine.id, &pc), 6, "take, four times deep, coroutine");
}
