/* SPDX-License-Identifier: BSD-3-Clause */
#include "owner.h"

#include "advance.h"
#include "live.h"
#include "os.h"
#include "process.h"
#include "process_state.h"
#include "sink.h"

enum { ROOT = 0 };

static void give(uint32_t uid)
{
	if (!gt_process_is_ours() || GT_SYSCALL(SYS_geteuid, 0, 0, 0, 0) != ROOT || !gt_advance_lock())
		return;
	gt_sink_give(uid);
	gt_live_give(uid);
	gt_advance_unlock();
}

void gt_owner_change(uint32_t uid)
{
	gt_process_flush();
	if (uid != ROOT && uid != UINT32_MAX)
		give(uid);
}

void gt_owner_keep(void)
{
	give(ROOT);
}
