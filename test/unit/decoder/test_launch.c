/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Finding the library and the program, and LD_PRELOAD with what is in it already.
 */
#include "decoder/launch.h"

#include "test/lib/capture.h"
#include "test/lib/program.h"
#include "test/lib/tempdir.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static char found[PATH_MAX];

static void set_up(void)
{
	cr_assert_eq(chdir(gt_temp_dir()), 0);
}

TestSuite(launch, .init = set_up, .fini = gt_temp_clean);

/* The library is found there, relative to the directory of the test. */
static void library_is(const char *path)
{
	char expected[PATH_MAX];

	cr_assert(gt_launch_library(found, sizeof(found)));
	cr_assert_not_null(realpath(path, expected));
	cr_expect_str_eq(found, expected);
}

Test(launch, the_library_is_where_the_variable_says)
{
	gt_temp_touch("lib.so", 0600);
	cr_assert_eq(symlink("lib.so", "link.so"), 0);
	setenv("GTRACE_LIB", "./link.so", 1);
	library_is("lib.so");
	cr_expect_not(gt_launch_library(found, 10), "no room");
}

Test(launch, a_directory_is_no_library)
{
	setenv("GTRACE_LIB", gt_temp_dir(), 1);
	cr_expect_not(gt_launch_library(found, sizeof(found)));
}

Test(launch, the_library_is_near_the_program)
{
	char own[PATH_MAX], near[PATH_MAX + 32], beside[PATH_MAX + 32];

	/* Another run of this program would look at the same places. */
	cr_assert_eq(flock(open("/proc/self/exe", O_RDONLY | O_CLOEXEC), LOCK_EX), 0);
	cr_assert_not_null(realpath("/proc/self/exe", own));
	*strrchr(own, '/') = '\0';
	if (access(own, W_OK) != 0) {
		gt_temp_clean();
		cr_skip_test("the build directory is somebody else's");
	}
	snprintf(near, sizeof(near), "%s/../lib", own);
	snprintf(beside, sizeof(beside), "%s/libgtrace.so", own);
	mkdir(near, 0700);
	strcat(near, "/libgtrace.so");
	setenv("GTRACE_LIB", "", 1);
	gt_temp_touch(near, 0600);
	library_is(near);
	gt_temp_touch(beside, 0600);
	library_is(beside);
	unsetenv("GTRACE_LIB");
	library_is(beside);
	setenv("GTRACE_LIB", "/nonexistent/lib.so", 1);
	cr_expect_not(gt_launch_library(found, sizeof(found)), "the variable leaves no choice");
	unlink(beside);
	unlink(near);
	*strrchr(near, '/') = '\0';
	rmdir(near);
}

/* Directories a and b; "tool" cannot be run in a, but in b and here. */
static void tools(void)
{
	cr_assert_eq(mkdir("a", 0700), 0);
	cr_assert_eq(mkdir("b", 0700), 0);
	gt_temp_touch("a/tool", 0600);
	gt_temp_touch("b/tool", 0700);
	gt_temp_touch("tool", 0700);
}

static void program_is(const char *name, const char *expected)
{
	bool there = gt_launch_program(name, found, sizeof(found));

	cr_assert_eq(there, expected != NULL, "%s: %s", name, found);
	if (expected != NULL)
		cr_expect_str_eq(found, expected);
}

Test(launch, programs_are_searched_in_the_order_of_path)
{
	tools();
	setenv("PATH", "/nonexistent:a:b", 1);
	program_is("tool", "b/tool");
	program_is("other", NULL);
	setenv("PATH", "a", 1);
	program_is("tool", NULL);
	gt_temp_touch("a/tool", 0700);
	setenv("PATH", "a:b", 1);
	program_is("tool", "a/tool");
}

Test(launch, an_empty_directory_in_path_is_the_present_one)
{
	tools();
	setenv("PATH", ":b", 1);
	program_is("tool", "./tool");
	setenv("PATH", "a::b", 1);
	program_is("tool", "./tool");
	setenv("PATH", "/nonexistent:", 1);
	program_is("tool", "./tool");
	setenv("PATH", "", 1);
	program_is("tool", "./tool");
}

Test(launch, directories_are_no_programs)
{
	tools();
	cr_assert_eq(mkdir("a/sub", 0700), 0);
	gt_temp_touch("b/sub", 0700);
	setenv("PATH", "a:b", 1);
	program_is("sub", "b/sub");
	program_is("a/sub", NULL);
}

Test(launch, a_path_is_not_searched_for)
{
	tools();
	setenv("PATH", "b", 1);
	program_is("./tool", "./tool");
	program_is("a/tool", NULL);
	program_is("./other", NULL);
	cr_expect_not(gt_launch_program("./tool", found, 5), "no room");
}

Test(launch, without_path_there_are_the_usual_directories)
{
	unsetenv("PATH");
	cr_assert(gt_launch_program("sh", found, sizeof(found)));
	cr_expect_eq(access(found, X_OK), 0);
	gt_expect_part(found, "bin/sh");
}

/* LD_PRELOAD, now `old`, becomes `expected`. */
static void preloads(const char *old, const char *library, const char *expected)
{
	if (old != NULL)
		setenv("LD_PRELOAD", old, 1);
	else
		unsetenv("LD_PRELOAD");
	cr_expect(gt_launch_preload(library, NULL));
	cr_expect_str_eq(getenv("LD_PRELOAD"), expected);
	unsetenv("LD_PRELOAD");
}

Test(launch, the_library_comes_first)
{
	preloads(NULL, "/x/g.so", "/x/g.so");
	preloads("", "/x/g.so", "/x/g.so");
	preloads("/a.so", "/x/g.so", "/x/g.so:/a.so");
	preloads("/a.so /b.so:c.so", "/x/g.so", "/x/g.so:/a.so /b.so:c.so");
}

Test(launch, the_library_comes_once)
{
	preloads("/x/g.so", "/x/g.so", "/x/g.so");
	preloads("/a.so:/x/g.so", "/x/g.so", "/a.so:/x/g.so");
	preloads("/a.so /x/g.so /b.so", "/x/g.so", "/a.so /x/g.so /b.so");
}

Test(launch, other_names_are_other_libraries)
{
	preloads("/x/g.so.1", "/x/g.so", "/x/g.so:/x/g.so.1");
	preloads("/y/x/g.so", "/x/g.so", "/x/g.so:/y/x/g.so");
	preloads("/x/g.s", "/x/g.so", "/x/g.so:/x/g.s");
}

/* A program that needs this library. */
static void make_program(const char *path, const char *library)
{
	const char *const needed[] = {"libm.so.6", library, NULL};
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);

	cr_assert(fd >= 0);
	gt_program_write(fd, "/lib64/ld-linux-x86-64.so.2", needed);
	close(fd);
}

Test(launch, the_runtime_of_a_sanitizer_comes_before_the_library)
{
	make_program("plain", "libc.so.6");
	make_program("asan", "libasan.so.8");
	make_program("tsan", "libtsan.so.2");
	setenv("LD_PRELOAD", "/a.so", 1);
	cr_expect(gt_launch_preload("/x/g.so", "plain"));
	cr_expect_str_eq(getenv("LD_PRELOAD"), "/x/g.so:/a.so");
	setenv("LD_PRELOAD", "/a.so", 1);
	cr_expect(gt_launch_preload("/x/g.so", "asan"));
	cr_expect_str_eq(getenv("LD_PRELOAD"), "libasan.so.8:/x/g.so:/a.so");
	unsetenv("LD_PRELOAD");
	cr_expect(gt_launch_preload("/x/g.so", "tsan"));
	cr_expect_str_eq(getenv("LD_PRELOAD"), "libtsan.so.2:/x/g.so");
}

Test(launch, every_child_finds_a_library_of_its_class)
{
	char library[64], expected[96];

	cr_assert_eq(mkdir("libgtrace.d", 0700), 0);
	cr_assert_eq(mkdir("libgtrace.d/lib64", 0700), 0);
	cr_assert_eq(mkdir("libgtrace.d/lib", 0700), 0);
	cr_assert_eq(mkdir("libgtrace.d/lib/x86_64-linux-gnu", 0700), 0);
	snprintf(library, sizeof(library), "%s/g.so", gt_temp_dir());
	preloads(NULL, library, library);
	gt_temp_touch("libgtrace.d/lib64/g.so", 0600);
	gt_temp_touch("libgtrace.d/lib/x86_64-linux-gnu/g.so", 0600);
	snprintf(expected, sizeof(expected), "%s/libgtrace.d/$LIB/g.so", gt_temp_dir());
	preloads(NULL, library, expected);
	preloads(expected, library, expected);
	snprintf(expected, sizeof(expected), "%s/libgtrace.d/$LIB/g.so:/a.so", gt_temp_dir());
	preloads("/a.so", library, expected);
}

Test(launch, a_path_that_cannot_be_said)
{
	setenv("LD_PRELOAD", "/a.so", 1);
	cr_expect_not(gt_launch_preload("/with blank/g.so", NULL));
	cr_expect_not(gt_launch_preload("/with:colon/g.so", NULL));
	cr_expect_str_eq(getenv("LD_PRELOAD"), "/a.so");
}
