/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Patterns of program names, alone and in lists.
 */
#include "shim/glob.h"

#include <criterion/criterion.h>
#include <string.h>

Test(glob, a_name_matches_itself_as_a_whole)
{
	cr_assert(gt_glob_any("redis", "redis"));
	cr_assert_not(gt_glob_any("redis", "redis-server"));
	cr_assert_not(gt_glob_any("redis", "redi"));
	cr_assert_not(gt_glob_any("redis", "Redis"));
	cr_assert_not(gt_glob_any("redis", ""));
}

Test(glob, a_star_is_any_text_also_none)
{
	cr_assert(gt_glob_any("*", "redis"));
	cr_assert(gt_glob_any("*", ""));
	cr_assert(gt_glob_any("redis*", "redis"));
	cr_assert(gt_glob_any("redis*", "redis-server"));
	cr_assert(gt_glob_any("*server", "redis-server"));
	cr_assert_not(gt_glob_any("*server", "redis-server2"));
	cr_assert(gt_glob_any("r*d*s**", "redis"));
}

Test(glob, a_star_gives_back_what_it_took_too_early)
{
	cr_assert(gt_glob_any("*ab", "aab"));
	cr_assert(gt_glob_any("*a*b", "xaxxbab"));
	cr_assert(gt_glob_any("a*bc*d", "abxbcxd"));
	cr_assert_not(gt_glob_any("a*bc*d", "abxbxcxd"));
}

Test(glob, a_question_mark_is_one_character)
{
	cr_assert(gt_glob_any("python3.?", "python3.9"));
	cr_assert_not(gt_glob_any("python3.?", "python3."));
	cr_assert_not(gt_glob_any("python3.?", "python3.11"));
	cr_assert(gt_glob_any("?*", "x"));
	cr_assert_not(gt_glob_any("?*", ""));
}

Test(glob, one_of_a_list_is_enough)
{
	cr_assert(gt_glob_any("redis,python*", "redis"));
	cr_assert(gt_glob_any("redis,python*", "python3"));
	cr_assert_not(gt_glob_any("redis,python*", "java"));
	cr_assert_not(gt_glob_any("redis,python*", "redis,python3"));
	cr_assert_not(gt_glob_any("re,dis", "redis"));
}

Test(glob, an_empty_pattern_matches_an_empty_name_only)
{
	cr_assert(gt_glob_any("", ""));
	cr_assert_not(gt_glob_any("", "redis"));
	cr_assert_not(gt_glob_any(",,", "redis"));
	cr_assert(gt_glob_any("redis,", ""));
}

/* Backtracking takes its time, but not its square for each star. */
Test(glob, a_pattern_of_many_stars_comes_to_an_end)
{
	char name[5000], pattern[201];

	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	for (int i = 0; i < 100; i++)
		memcpy(pattern + 2 * i, "*a", 2);
	pattern[200] = 0;
	cr_assert(gt_glob_any(pattern, name));
	pattern[199] = 'b';
	cr_assert_not(gt_glob_any(pattern, name));
}
