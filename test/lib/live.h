/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A live file for tests of what lies in one.
 */
#ifndef GT_TEST_LIVE_H
#define GT_TEST_LIVE_H

#include <stdint.h>

/* Creates DIR/live with room for `bytes` of buffers, and starts the buffers. Ends the test when that fails. */
void gt_test_live(uint64_t bytes);

#endif
