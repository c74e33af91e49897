/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which children are recorded: forked ones, started ones, or those with the right name; and what that does to LD_PRELOAD.
 */
#include "shim/following.h"
#include "shim/options.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void options(const char *follow, const char *match)
{
	static char texts[2][64];
	static char *envp[] = {texts[0], texts[1], NULL};

	snprintf(texts[0], sizeof(texts[0]), "GTRACE_FOLLOW=%s", follow);
	snprintf(texts[1], sizeof(texts[1]), "GTRACE_MATCH=%s", match);
	gt_options_read(envp);
}

/* The environment with this LD_PRELOAD after hiding; it stands between two others. */
static char **hide(const char *preload)
{
	static char list[256];
	static char home[] = "HOME=/libgtrace.so", path[] = "PATH=/bin";
	static char *envp[4];

	snprintf(list, sizeof(list), "LD_PRELOAD=%s", preload);
	envp[0] = home;
	envp[1] = list;
	envp[2] = path;
	envp[3] = NULL;
	gt_following_hide(envp);
	cr_assert_eq(envp[0], home);
	cr_assert_str_eq(home, "HOME=/libgtrace.so");
	return envp;
}

/* What is left of the list; empty when the whole variable is gone. */
static const char *left_of(const char *preload)
{
	char **envp = hide(preload);

	if (strncmp(envp[1], "PATH=", 5) == 0) {
		cr_assert_null(envp[2]);
		return "";
	}
	cr_assert_str_eq(envp[2], "PATH=/bin");
	cr_assert_null(envp[3]);
	return envp[1] + strlen("LD_PRELOAD=");
}

Test(following, by_default_everything_is_followed)
{
	gt_options_read((char *[]){NULL});
	cr_assert(gt_following_forks());
	cr_assert(gt_following_wants("anything"));
	cr_assert_str_eq(left_of("/usr/lib/libgtrace.so"), "/usr/lib/libgtrace.so");
}

Test(following, forked_children_are_followed_unless_it_is_off)
{
	options("all", "*");
	cr_assert(gt_following_forks());
	options("fork", "*");
	cr_assert(gt_following_forks());
	options("off", "*");
	cr_assert_not(gt_following_forks());
}

Test(following, programs_are_wanted_by_their_name)
{
	options("all", "redis*,java");
	cr_assert(gt_following_wants("redis-server"));
	cr_assert(gt_following_wants("java"));
	cr_assert_not(gt_following_wants("javac"));
}

Test(following, started_programs_do_not_inherit_the_library)
{
	options("fork", "*");
	cr_assert_str_eq(left_of("/usr/lib/libgtrace.so"), "");
	options("off", "*");
	cr_assert_str_eq(left_of("libgtrace.so"), "");
}

Test(following, other_libraries_stay_in_their_order)
{
	options("fork", "*");
	cr_assert_str_eq(left_of("/a/libgtrace.so:/b/other.so"), "/b/other.so");
	cr_assert_str_eq(left_of("/b/other.so:/a/libgtrace.so:/c/third.so"), "/b/other.so:/c/third.so");
	cr_assert_str_eq(left_of("/b/other.so /a/libgtrace.so /c/third.so"), "/b/other.so /c/third.so");
	cr_assert_str_eq(left_of("libgtrace.so:/b/other.so:/a/libgtrace.so:/c/third.so"), "/b/other.so:/c/third.so");
	cr_assert_eq(strncmp(left_of("/b/other.so:/a/libgtrace.so"), "/b/other.so", 11), 0);
}

Test(following, what_only_looks_like_the_library_stays)
{
	options("fork", "*");
	cr_assert_str_eq(left_of("/a/libgtrace.so.1:/b/my-libgtrace.so:/libgtrace.so/x"),
			 "/a/libgtrace.so.1:/b/my-libgtrace.so:/libgtrace.so/x");
}

Test(following, without_a_list_nothing_changes)
{
	char home[] = "HOME=/";
	char *envp[] = {home, NULL};

	options("fork", "*");
	gt_following_hide(envp);
	cr_assert(envp[0] == home && envp[1] == NULL);
	cr_assert_str_eq(home, "HOME=/");
}
