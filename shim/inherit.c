/* SPDX-License-Identifier: BSD-3-Clause */
#include "inherit.h"

#include "live.h"

/* UNKNOWN: nobody has said anything in the live file. */
enum { UNKNOWN, FIRST = 2 };

static struct {
	uint32_t state; /* odd: there is a change under way */
	uint32_t depth;
	bool is_whole;
} inherit = {.state = FIRST};

static void say(void)
{
	struct gt_live_head *head = gt_live_head();

	if (head)
		atomic_store(&head->state, inherit.state);
	atomic_thread_fence(memory_order_seq_cst); /* what follows is behind it */
}

static void next(void)
{
	if (++inherit.state == UNKNOWN)
		inherit.state = FIRST;
	say();
}

void gt_inherit_attach(void)
{
	say();
}

void gt_inherit_change(void)
{
	if (inherit.depth++ == 0)
		next();
}

void gt_inherit_changed(void)
{
	if (--inherit.depth == 0)
		next();
}

uint32_t gt_inherit_before(void)
{
	return gt_live_state();
}

void gt_inherit_claim(uint32_t before)
{
	inherit.is_whole = before != UNKNOWN && before % 2 == 0 && gt_inherit_before() == before;
}

bool gt_inherit_is_whole(void)
{
	return inherit.is_whole;
}

void gt_inherit_begin(void)
{
	inherit.is_whole = false;
	inherit.depth = 0;
	inherit.state = FIRST;
}
