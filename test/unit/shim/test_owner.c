/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whose the files of a trace are when root becomes somebody else.
 */
#include "shim/owner.h"
#include "shim/output.h"
#include "test/lib/record.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOBODY = 65534 };

static uid_t owner(const char *path)
{
	struct stat st;

	cr_assert_eq(stat(path, &st), 0, "%s", path);
	return st.st_uid;
}

static bool both_are_of(uid_t uid)
{
	return owner(gt_output_path()) == uid && owner(gt_output_live()) == uid;
}

static void start(const char *env)
{
	if (geteuid() != 0)
		cr_skip("only root can give files away");
	gt_rec_start(env ? GT_REC_ENV(env) : NULL);
	cr_assert(env || both_are_of(0));
}

Test(owner, they_go_to_whom_root_becomes, .fini = gt_rec_clean)
{
	start(NULL);
	gt_owner_change(NOBODY);
	cr_assert(both_are_of(NOBODY));
	gt_owner_keep();
	cr_assert(both_are_of(0));
	gt_rec_finish();
}

Test(owner, who_stays_root_keeps_them, .fini = gt_rec_clean)
{
	start(NULL);
	gt_owner_change(0);
	cr_assert(both_are_of(0));
	gt_owner_change(UINT32_MAX);
	cr_assert(both_are_of(0));
	gt_rec_finish();
}

Test(owner, the_file_behind_the_link_goes_too, .fini = gt_rec_clean)
{
	start("GTRACE_FLIGHT=1M");
	gt_owner_change(NOBODY);
	cr_assert_eq(owner(gt_output_live()), NOBODY);
	gt_owner_keep();
	gt_rec_finish();
}

Test(owner, the_rest_of_the_trace_is_written_by_whom_it_became, .fini = gt_rec_clean)
{
	start(NULL);
	cr_assert_eq(chown(gt_temp_dir(), NOBODY, NOBODY), 0);
	gt_owner_change(NOBODY);
	cr_assert_eq(setresuid(NOBODY, NOBODY, NOBODY), 0);
	gt_yield(GT_REC_PC);
	cr_assert_eq(gt_rec_count(gt_rec_finish(), 0, GT_EV_GoStop, 1), 1);
	cr_assert_not(gt_temp_exists(gt_output_live()));
}

Test(owner, a_file_in_their_place_stays_whose_it_is, .fini = gt_rec_clean)
{
	start(NULL);
	cr_assert_eq(rename(gt_output_path(), gt_temp_path("moved")), 0);
	gt_temp_touch(gt_output_path(), 0600);
	gt_owner_change(NOBODY);
	cr_assert_eq(owner(gt_output_path()), 0);
	cr_assert_eq(owner(gt_temp_path("moved")), 0);
	cr_assert_eq(owner(gt_output_live()), NOBODY);
	unlink(gt_output_path());
	cr_assert_eq(rename(gt_temp_path("moved"), gt_output_path()), 0);
	gt_owner_keep();
	gt_rec_finish();
}
