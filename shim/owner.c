/* SPDX-License-Identifier: BSD-3-Clause */
#include "owner.h"

#include "advance.h"
#include "clock.h"
#include "live.h"
#include "os.h"
#include "process.h"
#include "process_state.h"
#include "sink.h"

enum { ROOT = 0, FLUSH_NS = 1000000000 };

static void give(uint32_t uid)
{
	if (!gt_process_is_ours() || GT_SYSCALL(SYS_geteuid, 0, 0, 0, 0) != ROOT || !gt_advance_lock())
		return;
	gt_sink_give(uid);
	gt_live_give(uid);
	gt_advance_unlock();
}

void gt_owner_flush(void)
{
	static _Atomic uint64_t last;
	uint64_t now = gt_clock_monotonic();
	uint64_t seen = atomic_load(&last);

	if (gt_process_is_ours() && now - seen >= FLUSH_NS && atomic_compare_exchange_strong(&last, &seen, now))
		gt_advance_now();
}

void gt_owner_change(uint32_t uid)
{
	gt_owner_flush();
	if (uid != ROOT && uid != UINT32_MAX)
		give(uid);
}

void gt_owner_keep(void)
{
	give(ROOT);
}
