/* SPDX-License-Identifier: BSD-3-Clause */
/* The life of a thread (G) outside system calls: created, run, blocked, woken, switched, ended. */
#include "order_state.h"

#include <inttypes.h>
#include <string.h>

/* A thread that is in a system call: bind it to the kernel thread that its status names. */
static enum gt_advance bind_syscall(struct gt_step *s, int64_t id, int64_t mid)
{
	struct gt_m *m;

	if (mid == -1)
		return gt_order_broken(s, "goroutine %" PRId64 " is in a system call without a thread", id);
	if (mid == s->ev->m) {
		if (s->gen->gen != s->o->first_gen && s->ev->g != id)
			return gt_order_broken(s, "goroutine %" PRId64 " is not on this thread, %" PRId64 " is", id,
					       s->ev->g);
		s->new_g = id;
		return gt_order_done(s);
	}
	m = gt_order_m(s->o, mid);
	if (m != NULL && m->g != id)
		return gt_order_broken(s, "goroutine %" PRId64 " is not on thread %" PRId64 ", %" PRId64 " is", id, mid,
				       m->g);
	if (m != NULL) {
		s->ev->g = m->g;
	} else {
		m = gt_order_add_m(s, mid);
		if (m == NULL)
			return GT_BROKEN;
		m->g = id;
	}
	s->ev->m = mid;
	return gt_order_done(s);
}

enum gt_advance gt_order_go_status(struct gt_step *s)
{
	int64_t id = (int64_t)s->ev->raw.args[0];
	uint64_t status = s->ev->raw.args[2];
	struct gt_g *g = gt_order_g(s->o, id);

	if (status > GT_G_Waiting)
		return gt_order_broken(s, "goroutine %" PRId64 " has state %" PRIu64, id, status);
	s->ev->old = gt_go_state_of(status);
	if (g == NULL) {
		if (s->gen->gen != s->o->first_gen)
			return gt_order_broken(s, "goroutine %" PRId64 " was not created", id);
		g = gt_order_add_g(s, id, (uint8_t)status);
		if (g == NULL)
			return GT_BROKEN;
		s->ev->old = GT_GO_UNDETERMINED;
	} else if (g->status != status) {
		return gt_order_broken(s, "inconsistent status: goroutine %" PRId64 " is %s, not %s", id,
				       gt_gstatus_name[g->status], gt_gstatus_name[status]);
	}
	g->seq = (struct gt_seq){s->gen->gen, 0};
	if (status == GT_G_Syscall)
		return bind_syscall(s, id, (int64_t)s->ev->raw.args[1]);
	if (status == GT_G_Running)
		s->new_g = id;
	return gt_order_done(s);
}

enum gt_advance gt_order_go_create(struct gt_step *s)
{
	int64_t id = (int64_t)s->ev->raw.args[0];
	struct gt_g *creator = gt_order_g(s->o, s->ev->g);
	uint8_t status = s->ev->raw.type == GT_EV_GoCreateBlocked ? GT_G_Waiting : GT_G_Runnable;

	if (!gt_order_holds(s, GT_CTX_MP))
		return GT_BROKEN;
	if (creator != NULL && creator->status != GT_G_Running)
		return gt_order_broken(s, "goroutine %" PRId64 " is not Running", s->ev->g);
	if (gt_order_g(s->o, id) != NULL)
		return gt_order_broken(s, "goroutine %" PRId64 " already exists", id);
	return gt_order_add_g(s, id, status) == NULL ? GT_BROKEN : gt_order_done(s);
}

enum gt_advance gt_order_go_stop(struct gt_step *s)
{
	struct gt_g *g;

	if (!gt_order_holds(s, GT_CTX_MPG))
		return GT_BROKEN;
	g = gt_order_current_g(s, GT_G_Running);
	if (g == NULL)
		return GT_BROKEN;
	if (s->ev->raw.type == GT_EV_GoDestroy)
		gt_order_del_g(s->o, g);
	else
		g->status = s->ev->raw.type == GT_EV_GoStop ? GT_G_Runnable : GT_G_Waiting;
	s->new_g = -1;
	return gt_order_done(s);
}

enum gt_advance gt_order_go_start(struct gt_step *s)
{
	struct gt_g *g = gt_order_g(s->o, (int64_t)s->ev->raw.args[0]);

	if (g == NULL || g->status != GT_G_Runnable || !gt_order_succeeds(s, s->ev->raw.args[1], g->seq))
		return GT_NOT_YET;
	if (!gt_order_holds(s, GT_CTX_MP_NOG))
		return GT_BROKEN;
	g->status = GT_G_Running;
	g->seq.n++;
	s->new_g = (int64_t)g->id;
	return gt_order_done(s);
}

enum gt_advance gt_order_go_unblock(struct gt_step *s)
{
	struct gt_g *g = gt_order_g(s->o, (int64_t)s->ev->raw.args[0]);

	if (g == NULL || g->status != GT_G_Waiting || !gt_order_succeeds(s, s->ev->raw.args[1], g->seq))
		return GT_NOT_YET;
	g->status = GT_G_Runnable;
	g->seq.n++;
	return gt_order_done(s);
}

/* Three in one: the other becomes ready, this one stops, the other starts. */
enum gt_advance gt_order_go_switch(struct gt_step *s)
{
	bool ends = s->ev->raw.type == GT_EV_GoSwitchDestroy;
	struct gt_placed_event *start;
	struct gt_g *g, *next;

	if (!gt_order_holds(s, GT_CTX_MPG))
		return GT_BROKEN;
	g = gt_order_current_g(s, GT_G_Running);
	if (g == NULL)
		return GT_BROKEN;
	next = gt_order_g(s->o, (int64_t)s->ev->raw.args[0]);
	if (next == NULL || next->status != GT_G_Waiting || !gt_order_succeeds(s, s->ev->raw.args[1], next->seq))
		return GT_NOT_YET;
	if (ends)
		gt_order_del_g(s->o, g);
	else
		g->status = GT_G_Waiting;
	next->status = GT_G_Running;
	next->seq.n++;
	s->new_g = (int64_t)next->id;
	gt_order_place(s, s->ev);
	gt_order_place(s, gt_order_imply(s, ends ? GT_EV_GoDestroy : GT_EV_GoBlock));
	start = gt_order_imply(s, GT_EV_GoStart);
	start->g = -1;
	memcpy(start->raw.args, s->ev->raw.args, sizeof(start->raw.args));
	gt_order_place(s, start);
	return GT_ADVANCED;
}
