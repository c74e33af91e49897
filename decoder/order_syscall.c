/* SPDX-License-Identifier: BSD-3-Clause */
/* System calls: entered with a slot, left with it or without it; threads that appear and end inside one. */
#include "order_state.h"

#include <inttypes.h>

/* The slot of the step's stream; NULL after saying that it is not known. */
static struct gt_p *current_p(struct gt_step *s)
{
	struct gt_p *p = gt_order_p(s->o, s->ev->p);

	if (p == NULL)
		gt_order_broken(s, "proc %" PRId64 " doesn't exist", s->ev->p);
	return p;
}

enum gt_advance gt_order_syscall_begin(struct gt_step *s)
{
	struct gt_g *g;
	struct gt_p *p;

	if (!gt_order_holds(s, GT_CTX_MPG))
		return GT_BROKEN;
	g = gt_order_current_g(s, GT_G_Running);
	p = g != NULL ? current_p(s) : NULL;
	if (p == NULL)
		return GT_BROKEN;
	/* The stream holds the slot, so nobody else's event can be missing in between. */
	if (!gt_order_succeeds(s, s->ev->raw.args[0], p->seq))
		return gt_order_broken(
			s, "number %" PRIu64 " for proc %" PRId64 " after %" PRIu64 " (of generation %" PRIu64 ")",
			s->ev->raw.args[0], s->ev->p, p->seq.n, p->seq.gen);
	g->status = GT_G_Syscall;
	p->status = GT_P_Syscall;
	p->seq.n++;
	return gt_order_done(s);
}

enum gt_advance gt_order_syscall_end(struct gt_step *s)
{
	struct gt_g *g;
	struct gt_p *p;

	if (!gt_order_holds(s, GT_CTX_MPG))
		return GT_BROKEN;
	g = gt_order_current_g(s, GT_G_Syscall);
	p = g != NULL ? current_p(s) : NULL;
	if (p == NULL)
		return GT_BROKEN;
	if (p->status != GT_P_Syscall)
		return gt_order_broken(s, "proc %" PRId64 " is %s, not Syscall", s->ev->p, gt_pstatus_name[p->status]);
	g->status = GT_G_Running;
	p->status = GT_P_Running;
	return gt_order_done(s);
}

enum gt_advance gt_order_syscall_blocked(struct gt_step *s)
{
	struct gt_g *g;

	if (s->ev->p != -1) {
		struct gt_p *p = current_p(s);

		if (p == NULL)
			return GT_BROKEN;
		if (p->status == GT_P_Syscall)
			return GT_NOT_YET;
	}
	if (!gt_order_holds(s, GT_CTX_MG))
		return GT_BROKEN;
	g = gt_order_current_g(s, GT_G_Syscall);
	if (g == NULL)
		return GT_BROKEN;
	g->status = GT_G_Runnable;
	s->new_g = -1;
	return gt_order_done(s);
}

enum gt_advance gt_order_syscall_create(struct gt_step *s)
{
	int64_t id = (int64_t)s->ev->raw.args[0];

	if (!gt_order_holds(s, GT_CTX_M_NOG))
		return GT_BROKEN;
	if (gt_order_g(s->o, id) != NULL)
		return gt_order_broken(s, "goroutine %" PRId64 " already exists", id);
	if (gt_order_add_g(s, id, GT_G_Syscall) == NULL)
		return GT_BROKEN;
	s->new_g = id;
	return gt_order_done(s);
}

/* The slot, if there is one, is lost: the id of this kernel thread may soon name another. */
static bool abandon(struct gt_step *s)
{
	struct gt_placed_event *steal;
	struct gt_p *p = current_p(s);

	if (p == NULL)
		return false;
	if (p->status != GT_P_Syscall) {
		gt_order_broken(s, "proc %" PRId64 " is %s, not Syscall", s->ev->p, gt_pstatus_name[p->status]);
		return false;
	}
	p->status = GT_P_SyscallAbandoned;
	s->new_p = -1;
	steal = gt_order_imply(s, GT_EV_ProcSteal);
	steal->old = GT_PROC_RUNNING;
	steal->raw.args[0] = (uint64_t)s->ev->p;
	gt_order_place(s, steal);
	return true;
}

enum gt_advance gt_order_syscall_destroy(struct gt_step *s)
{
	struct gt_g *g;

	if (!gt_order_holds(s, GT_CTX_MG))
		return GT_BROKEN;
	g = gt_order_current_g(s, GT_G_Syscall);
	if (g == NULL || (s->ev->p != -1 && !abandon(s)))
		return GT_BROKEN;
	gt_order_del_g(s->o, g);
	s->new_g = -1;
	return gt_order_done(s);
}
