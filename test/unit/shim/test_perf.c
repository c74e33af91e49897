/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the kernel samples: threads that are created later, as often as they use processor time, with their stacks.
 */
#include "shim/perf.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { HERTZ = 200, STACK = 8192, MARK = 0x5eed };

static const struct gt_perf_options options = {.period = 1000000000 / HERTZ, .stack_bytes = STACK};

struct burner {
	double seconds;
	uint32_t tid;
	volatile uint64_t *mark; /* in its frame */
};

static double used(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void *burn(void *arg)
{
	struct burner *b = arg;
	volatile uint64_t mark = MARK, turns = 0;
	double until = used() + b->seconds; /* it may have used some before: a tenth of a second under a sanitizer */

	b->tid = (uint32_t)syscall(SYS_gettid);
	b->mark = &mark;
	while (used() < until) {
		for (int i = 0; i < 10000; i++)
			turns++;
	}
	return arg;
}

/* On one processor: each has a ring, and tells of its own losses only. */
static void start(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(sched_getcpu(), &set);
	sched_setaffinity(0, sizeof(set), &set);
	if (gt_perf_start(&options) == GT_PERF_NONE)
		cr_skip_test("the kernel allows no perf events");
}

static int open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

Test(perf, a_thread_is_sampled_as_long_as_it_runs)
{
	struct burner b = {.seconds = 0.3};
	struct gt_perf_sample s;
	pthread_t thread;
	int n = 0, marked = 0, before = open_descriptors();

	start();
	cr_assert_eq(open_descriptors(), before);
	pthread_create(&thread, NULL, burn, &b);
	pthread_join(thread, NULL);
	while (gt_perf_next(UINT64_MAX, &s)) {
		uint64_t at = (uint64_t)b.mark - s.sp;

		if (s.tid != b.tid)
			continue;
		n++;
		cr_assert_eq((uint64_t)s.stack % 16, s.sp % 16);
		cr_assert_leq(s.bytes, STACK);
		marked += at < s.bytes && *(uint64_t *)(s.stack + at) == MARK;
	}
	n += (int)gt_perf_lost();
	cr_assert(n >= 0.3 * HERTZ * 0.6 && n <= 0.3 * HERTZ * 1.1, "%d samples", n);
	cr_assert_gt(marked, n / 2);
	gt_perf_stop();
}

Test(perf, what_is_later_stays)
{
	struct burner b = {.seconds = 0.1};
	struct gt_perf_sample s;
	struct timespec now;
	int n = 0;

	start();
	burn(&b);
	clock_gettime(CLOCK_MONOTONIC, &now);
	cr_assert(gt_perf_next(UINT64_MAX, &s));
	cr_assert_eq(s.tid, b.tid);
	cr_assert(s.time < (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec);
	for (uint64_t first = s.time; gt_perf_next(first, &s);)
		cr_assert_leq(s.time, first);
	while (gt_perf_next(UINT64_MAX, &s))
		n++;
	cr_assert_gt(n, 5);
	gt_perf_stop();
}

Test(perf, what_did_not_fit_is_counted)
{
	struct burner b = {.seconds = 1.5};
	struct gt_perf_sample s;
	int n = 0, lost;

	start();
	burn(&b); /* fills the rings, which hold more than half a second each */
	while (gt_perf_next(UINT64_MAX, &s))
		n++;
	b.seconds = 0.1;
	burn(&b); /* the kernel tells when there is room again */
	while (gt_perf_next(UINT64_MAX, &s))
		n++;
	lost = (int)gt_perf_lost();
	cr_assert_geq(n, HERTZ / 2);
	cr_assert(n + lost >= 1.6 * HERTZ * 0.6 && n + lost <= 1.6 * HERTZ * 1.1, "%d samples, %d lost", n, lost);
	cr_assert_eq(gt_perf_lost(), 0);
	gt_perf_stop();
}

Test(perf, what_is_skipped_is_not_counted)
{
	struct burner b = {.seconds = 1.5};
	struct gt_perf_sample s;
	int n = 0;

	start();
	burn(&b);
	gt_perf_skip();
	cr_assert_not(gt_perf_next(UINT64_MAX, &s));
	b.seconds = 0.1;
	burn(&b);
	while (gt_perf_next(UINT64_MAX, &s))
		n++;
	cr_assert(n > 5 && n < 0.1 * HERTZ * 2, "%d samples", n);
	cr_assert_eq(gt_perf_lost(), 0);
	gt_perf_stop();
}

Test(perf, nothing_comes_after_the_end)
{
	struct burner b = {.seconds = 0.1};
	struct gt_perf_sample s;

	start();
	gt_perf_stop();
	burn(&b);
	cr_assert_not(gt_perf_next(UINT64_MAX, &s));
	start();
	gt_perf_forget();
	cr_assert_not(gt_perf_next(UINT64_MAX, &s));
}
