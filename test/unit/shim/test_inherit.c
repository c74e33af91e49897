/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A child takes over what was whole when it was forked, and nothing that may have been changing.
 */
#include "shim/inherit.h"
#include "shim/live.h"
#include "shim/modules.h"
#include "shim/names.h"
#include "test/lib/live.h"
#include "test/lib/mapped.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <sys/wait.h>
#include <unistd.h>

static void start(void)
{
	gt_test_live(1 << 20);
	gt_inherit_attach();
}

TestSuite(inherit, .init = start, .fini = gt_temp_clean);

Test(inherit, what_nobody_changes_is_whole)
{
	gt_inherit_claim(gt_inherit_before());
	cr_assert(gt_inherit_is_whole());
	gt_inherit_begin();
	cr_assert_not(gt_inherit_is_whole());
}

Test(inherit, what_is_being_changed_is_not)
{
	gt_inherit_change();
	gt_inherit_change();
	gt_inherit_changed();
	gt_inherit_claim(gt_inherit_before());
	cr_assert_not(gt_inherit_is_whole());
	gt_inherit_changed();
	gt_inherit_claim(gt_inherit_before());
	cr_assert(gt_inherit_is_whole());
}

Test(inherit, nor_is_what_was_changed_meanwhile)
{
	uint32_t before = gt_inherit_before();

	gt_inherit_change();
	gt_inherit_changed();
	gt_inherit_claim(before);
	cr_assert_not(gt_inherit_is_whole());
}

Test(inherit, another_live_file_says_nothing_until_it_is_told)
{
	uint32_t before = gt_inherit_before();

	gt_live_detach();
	gt_inherit_claim(before);
	cr_assert_not(gt_inherit_is_whole());
	cr_assert_eq(gt_live_start(gt_temp_path("second"), 1 << 20, 0, 1), 0);
	gt_inherit_claim(gt_inherit_before());
	cr_assert_not(gt_inherit_is_whole());
	gt_inherit_attach();
	gt_inherit_claim(before);
	cr_assert(gt_inherit_is_whole());
}

Test(inherit, one_that_has_ended_says_nothing)
{
	uint32_t before = gt_inherit_before();

	gt_live_end(true);
	gt_inherit_claim(before);
	cr_assert_not(gt_inherit_is_whole());
}

/* Forks, and the parent does `act` before the child looks. Whether that takes over. */
static bool takes_over(void (*act)(void))
{
	uint32_t before = gt_inherit_before();
	int done[2], status = -1;
	char byte = 0;
	pid_t pid;

	cr_assert_eq(pipe(done), 0);
	pid = fork();
	if (pid == 0) {
		cr_assert_eq(read(done[0], &byte, 1), 1);
		gt_inherit_claim(before);
		_exit(gt_inherit_is_whole());
	}
	act();
	cr_assert_eq(write(done[1], &byte, 1), 1);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void do_nothing(void)
{
}

static void find_name(void)
{
	gt_name_of((uint64_t)gt_known_function + 1);
}

/* Pages are copied one after the other, so what the parent does after the fork may have been seen. */
Test(inherit, a_child_sees_what_its_parent_does_meanwhile)
{
	cr_assert(gt_modules_start() && gt_names_start());
	gt_modules_refresh();
	cr_assert(takes_over(do_nothing));
	cr_assert_not(takes_over(gt_modules_refresh));
	cr_assert_not(takes_over(find_name));
	cr_assert_not(takes_over(gt_names_forget));
	cr_assert(takes_over(do_nothing));
}

/* What stays where it was, as numbers of modules are in names. */
Test(inherit, modules_and_names_stay_when_they_are_whole)
{
	const struct gt_name *name;
	int n;

	cr_assert(gt_modules_start() && gt_names_start());
	gt_names_notice();
	find_name();
	n = gt_modules_count();
	gt_modules_at(0)->is_told = true;
	gt_inherit_claim(gt_inherit_before());
	cr_assert(gt_names_start() && gt_modules_start());
	cr_assert_eq(gt_modules_count(), n);
	cr_assert_not(gt_modules_at(0)->is_told);
	name = gt_name_of((uint64_t)gt_known_function + 1);
	cr_assert_str_eq(name->text, "gt_known_function");
	cr_assert_str_eq(gt_modules_at(name->module)->path, gt_own_path());
	gt_inherit_begin();
	cr_assert(gt_names_start() && gt_modules_start());
	cr_assert_eq(gt_modules_count(), 0);
	name = gt_name_of((uint64_t)gt_known_function + 1);
	cr_assert_gt(gt_modules_count(), 0);
	cr_assert_str_eq(name->text, "gt_known_function");
}
