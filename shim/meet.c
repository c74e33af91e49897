/* SPDX-License-Identifier: BSD-3-Clause */
#include "meet.h"

#include "gate.h"
#include "life.h"
#include "os.h"
#include "section.h"

void gt_meet_order(void)
{
	if (!gt_gate.fences)
		gt_os_membarrier();
	atomic_thread_fence(memory_order_seq_cst);
	gt_delay();
}

void gt_meet_publish(uint32_t next)
{
	gt_delay();
	if (next)
		atomic_store(&gt_gate_flag, 1);
	atomic_store(&gt_gate.gen, next);
	if (!next && !atomic_load(&gt_gate.gap))
		atomic_store(&gt_gate_flag, 0);
	gt_meet_order();
}

bool gt_meet_all(uint64_t deadline)
{
	uint32_t n = gt_thread_count();
	bool all = true;

	for (uint32_t i = 1; i <= n; i++)
		all &= gt_section_wait_outside(gt_thread_at(i), deadline);
	return all;
}

bool gt_meet_collect(uint32_t gen, uint64_t deadline)
{
	uint32_t n = gt_thread_count();
	bool all = true;

	for (uint32_t i = 1; i <= n; i++) {
		struct gt_thread *t = gt_thread_at(i);
		struct gt_buf *b;

		if (!gt_section_wait_outside(t, deadline)) {
			all = false;
			continue;
		}
		b = atomic_exchange(&t->buf[gen & 1], NULL);
		if (b)
			gt_buf_push(b);
		gt_life_release(t);
	}
	return all;
}
