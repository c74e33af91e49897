/* SPDX-License-Identifier: BSD-3-Clause */
#include "live.h"

#include "shim/buf.h"
#include "shim/live.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>

void gt_test_live(uint64_t bytes)
{
	cr_assert_eq(gt_live_start(gt_temp_path("live"), bytes, 0, 1), 0);
	gt_live_prepare(2);
	gt_buf_start(bytes);
}
