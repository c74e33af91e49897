/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The kernel's clock, found behind the environment that this process was started with.
 */
#include "shim/vdso.h"

#include <criterion/criterion.h>
#include <elf.h>
#include <sys/auxv.h>
#include <unistd.h>

static uint64_t ns_of(struct timespec ts)
{
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

/* An environment block of one variable with an auxiliary vector behind it. */
static gt_clock_gettime_fn *look(uint64_t image)
{
	struct {
		char *envp[2];
		Elf64_auxv_t aux[3];
	} block = {{"A=b", NULL}, {{AT_PAGESZ, {4096}}, {AT_SYSINFO_EHDR, {image}}, {AT_NULL, {0}}}};

	if (image == 0)
		block.aux[1].a_type = AT_IGNORE;
	return gt_vdso_clock_gettime(block.envp);
}

Test(vdso, it_says_what_libc_says)
{
	gt_clock_gettime_fn *clock = look(getauxval(AT_SYSINFO_EHDR));
	struct timespec before, now, after;

	if (getauxval(AT_SYSINFO_EHDR) == 0)
		cr_skip_test("the kernel maps none");
	cr_assert_not_null(clock);
	clock_gettime(CLOCK_MONOTONIC, &before);
	cr_assert_eq(clock(CLOCK_MONOTONIC, &now), 0);
	clock_gettime(CLOCK_MONOTONIC, &after);
	cr_assert(ns_of(before) <= ns_of(now) && ns_of(now) <= ns_of(after));
}

Test(vdso, without_an_image_there_is_none)
{
	cr_assert_null(look(0));
}
