/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where a trace goes: what the pattern stands for, and that a file that exists is never overwritten.
 */
#include "shim/output.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The name, behind the directory, that the pattern DIR/`pattern` gives. */
static const char *name_for(const char *pattern)
{
	char full[256];

	snprintf(full, sizeof(full), "%s/%s", gt_temp_dir(), pattern);
	gt_output_name(full, "argv0");
	cr_assert(gt_output_create(1 << 20, 1));
	cr_assert(gt_temp_exists(gt_output_path()));
	cr_assert_eq(strncmp(gt_output_path(), gt_temp_dir(), strlen(gt_temp_dir())), 0);
	return gt_output_path() + strlen(gt_temp_dir()) + 1;
}

Test(output, the_program_is_named_after_its_file, .fini = gt_temp_clean)
{
	char exe[PATH_MAX] = "";

	cr_assert_gt(readlink("/proc/self/exe", exe, sizeof(exe) - 1), 0);
	cr_assert_str_eq(name_for("x"), "x");
	cr_assert_str_eq(gt_output_program(), strrchr(exe, '/') + 1);
}

Test(output, percent_p_is_the_pid_and_percent_e_the_program, .fini = gt_temp_clean)
{
	char want[128];
	const char *name = name_for("a.%e.%p.z");

	snprintf(want, sizeof(want), "a.%s.%d.z", gt_output_program(), (int)getpid());
	cr_assert_str_eq(name, want);
}

Test(output, percent_t_is_the_time_in_seconds, .fini = gt_temp_clean)
{
	long before = (long)time(NULL);
	long t = atol(name_for("%t"));

	cr_assert_geq(t, before);
	cr_assert_leq(t, (long)time(NULL));
}

Test(output, other_percent_signs_stand_for_themselves, .fini = gt_temp_clean)
{
	cr_assert_str_eq(name_for("100%%.%x.%%p%"), "100%.%x.%p%");
}

Test(output, the_live_file_lies_beside_the_trace, .fini = gt_temp_clean)
{
	char want[PATH_MAX];

	name_for("x");
	snprintf(want, sizeof(want), "%s.live", gt_output_path());
	cr_assert_str_eq(gt_output_live(), want);
	cr_assert(gt_temp_exists(want));
}

Test(output, a_file_that_exists_keeps_its_content_and_the_trace_gets_a_number, .fini = gt_temp_clean)
{
	const char *mine = gt_temp_file("x", "mine", 4);
	const char *mine_too = gt_temp_file("x.1", "mine", 4);

	cr_assert_str_eq(name_for("x"), "x.2");
	cr_assert(gt_temp_exists(gt_temp_path("x.2.live")));
	cr_assert_eq(gt_temp_size(mine), 4);
	cr_assert_eq(gt_temp_size(mine_too), 4);
}

/* The program may change its directory before the trace of a forked child is created. */
/* So many of the names that the pattern "x" gives exist already. */
static void take_names(int count)
{
	char path[256];

	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof(path), i ? "%s/x.%d" : "%s/x", gt_temp_dir(), i);
		gt_temp_touch(path, 0600);
	}
}

Test(output, the_number_is_found_behind_any_number_of_files, .fini = gt_temp_clean)
{
	const int counts[] = {1, 2, 3, 4, 5, 63, 64, 65, 300};
	char want[32];

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		take_names(counts[i]);
		snprintf(want, sizeof(want), "x.%d", counts[i]);
		cr_assert_str_eq(name_for("x"), want);
		unlink(gt_output_path());
	}
	unlink(gt_temp_path("x.150"));
	cr_assert_str_eq(name_for("x"), "x.301"); /* a hole may stay one; the live file of x.300 is there */
}

Test(output, a_relative_name_means_the_directory_at_start, .fini = gt_temp_clean)
{
	cr_assert_eq(chdir(gt_temp_dir()), 0);
	gt_output_name("here", "argv0");
	cr_assert_eq(chdir("/"), 0);
	cr_assert(gt_output_create(1 << 20, 1));
	cr_assert_str_eq(gt_output_path(), gt_temp_path("here"));
	gt_output_name(gt_temp_path("there") + 1, "argv0");
	cr_assert_eq(chdir("/proc"), 0);
	cr_assert(gt_output_create(1 << 20, 1));
	cr_assert_str_eq(gt_output_path(), gt_temp_path("there"));
}

Test(output, a_pattern_is_expanded_anew_each_time, .fini = gt_temp_clean)
{
	name_for("x");
	cr_assert(gt_output_create(1 << 20, 1));
	cr_assert_str_eq(gt_output_path(), gt_temp_path("x.1"));
	cr_assert_eq(gt_temp_count(), 4);
}

/* What somebody removed the trace of may still be wanted. */
Test(output, a_live_file_that_exists_counts_as_one, .fini = gt_temp_clean)
{
	const char *mine = gt_temp_file("x.live", "mine", 4);

	cr_assert_str_eq(name_for("x"), "x.1");
	cr_assert_eq(gt_temp_size(mine), 4);
	cr_assert_eq(gt_temp_count(), 3);
}

Test(output, what_cannot_be_created_is_said)
{
	gt_output_name("/nonexistent/x", "argv0");
	cr_assert_not(gt_output_create(1 << 20, 1));
}

Test(output, a_name_that_is_too_long_creates_nothing, .fini = gt_temp_clean)
{
	char pattern[PATH_MAX + 100];

	snprintf(pattern, sizeof(pattern), "%s/", gt_temp_dir());
	memset(pattern + strlen(pattern), 'x', sizeof(pattern) - strlen(pattern));
	pattern[sizeof(pattern) - 1] = 0;
	gt_output_name(pattern, "argv0");
	cr_assert_not(gt_output_create(1 << 20, 1));
	cr_assert_eq(gt_temp_count(), 0);
}
