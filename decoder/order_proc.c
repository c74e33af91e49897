/* SPDX-License-Identifier: BSD-3-Clause */
/* The life of a slot (P): taken, given up, stolen; and its state at the start of a generation. */
#include "order_state.h"

#include <inttypes.h>

/* A slot that is about to be stolen is shown where it is bound, not where its state was written. */
static bool show_holder(struct gt_step *s, int64_t id)
{
	for (struct gt_m *m = s->o->ms; m != NULL; m = m->hh.next) {
		if (m->p != id)
			continue;
		s->ev->m = (int64_t)m->id;
		s->ev->p = id;
		s->ev->g = m->g;
		return true;
	}
	return false;
}

enum gt_advance gt_order_proc_status(struct gt_step *s)
{
	int64_t id = (int64_t)s->ev->raw.args[0];
	uint64_t status = s->ev->raw.args[1];
	struct gt_p *p = gt_order_p(s->o, id);

	if (status > GT_P_SyscallAbandoned)
		return gt_order_broken(s, "proc %" PRId64 " has state %" PRIu64, id, status);
	s->ev->old = gt_proc_state_of(status);
	if (p == NULL) {
		if (gt_order_add_p(s, id, (uint8_t)status) == NULL)
			return GT_BROKEN;
		s->ev->old = s->gen->gen == s->o->first_gen ? GT_PROC_UNDETERMINED : GT_PROC_NOT_EXIST;
	} else if (status == GT_P_SyscallAbandoned && p->status == GT_P_Syscall) {
		/* We know more than the writer did: nothing was lost. */
		s->ev->old = GT_PROC_RUNNING;
		s->ev->raw.args[1] = GT_P_Syscall;
	} else if (p->status != status) {
		return gt_order_broken(s, "inconsistent status: proc %" PRId64 " is %s, not %s", id,
				       gt_pstatus_name[p->status], gt_pstatus_name[status]);
	}
	if (p != NULL)
		p->seq = (struct gt_seq){s->gen->gen, 0};
	if (status == GT_P_Running || status == GT_P_Syscall)
		s->new_p = id;
	if (status == GT_P_SyscallAbandoned && s->ev->old == GT_PROC_RUNNING && !show_holder(s, id))
		return gt_order_broken(s, "nobody holds proc %" PRId64 ", which is about to be stolen", id);
	return gt_order_done(s);
}

enum gt_advance gt_order_proc_start(struct gt_step *s)
{
	int64_t id = (int64_t)s->ev->raw.args[0];
	struct gt_p *p = gt_order_p(s->o, id);

	/* A slot that the stream still holds is going to be stolen from it. */
	if (p == NULL || p->status != GT_P_Idle || !gt_order_succeeds(s, s->ev->raw.args[1], p->seq) || s->ev->p != -1)
		return GT_NOT_YET;
	if (!gt_order_holds(s, GT_CTX_M_NOP))
		return GT_BROKEN;
	p->status = GT_P_Running;
	p->seq.n++;
	s->new_p = id;
	return gt_order_done(s);
}

enum gt_advance gt_order_proc_stop(struct gt_step *s)
{
	struct gt_p *p = gt_order_p(s->o, s->ev->p);

	if (!gt_order_holds(s, GT_CTX_MP))
		return GT_BROKEN;
	if (p == NULL)
		return gt_order_broken(s, "proc %" PRId64 " doesn't exist", s->ev->p);
	if (p->status != GT_P_Running && p->status != GT_P_Syscall)
		return gt_order_broken(s, "proc %" PRId64 " is %s, not Running or Syscall", s->ev->p,
				       gt_pstatus_name[p->status]);
	p->status = GT_P_Idle;
	s->new_p = -1;
	return gt_order_done(s);
}

/* Unbinds the slot from the thread that is robbed. */
static bool rob(struct gt_step *s, int64_t id, int64_t victim)
{
	struct gt_m *m;

	if (victim == s->ev->m) {
		s->new_p = -1;
		if (s->ev->p != id)
			gt_order_broken(s, "tried to steal proc %" PRId64 " from itself, but has proc %" PRId64, id,
					s->ev->p);
		return s->ev->p == id;
	}
	m = gt_order_m(s->o, victim);
	if (m == NULL) {
		gt_order_broken(s, "stole proc %" PRId64 " from thread %" PRId64 ", which doesn't exist", id, victim);
		return false;
	}
	if (m->p != id) {
		gt_order_broken(s, "tried to steal proc %" PRId64 " from thread %" PRId64 ", which has proc %" PRId64,
				id, victim, m->p);
		return false;
	}
	m->p = -1;
	return true;
}

enum gt_advance gt_order_proc_steal(struct gt_step *s)
{
	int64_t id = (int64_t)s->ev->raw.args[0];
	struct gt_p *p = gt_order_p(s->o, id);

	if (p == NULL || (p->status != GT_P_Syscall && p->status != GT_P_SyscallAbandoned) ||
	    !gt_order_succeeds(s, s->ev->raw.args[1], p->seq))
		return GT_NOT_YET;
	if (!gt_order_holds(s, GT_CTX_M))
		return GT_BROKEN;
	s->ev->old = gt_proc_state_of(p->status);
	/* Of an abandoned slot nobody knows where it was. */
	if (p->status == GT_P_Syscall && !rob(s, id, (int64_t)s->ev->raw.args[2]))
		return GT_BROKEN;
	p->status = GT_P_Idle;
	p->seq.n++;
	return gt_order_done(s);
}
