/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the end of a thread needs of the wakers: claiming joiners in a section that is already open. And what a thread that
 * was woken needs: who did it.
 */
#ifndef GT_WAKE_H
#define GT_WAKE_H

#include "section.h"

/*
 * Claims every thread that waits on the object and writes its GoUnblock, while there is room. *newer becomes
 * true when one was left because its GoBlock belongs to a newer generation than the section. `pc`: of the call; NULL: the thread is
 * over.
 */
void gt_wake_claim(struct gt_section *s, const void *object, const void *pc, bool *newer);

/*
 * The thread's wait is over: it leaves the table, and its wait word says who unblocked it; nobody can any more.
 *
 * Who unblocked us is decided before the section (ordering rule 4): were it decided inside, a waker could find us and
 * write its GoUnblock in a generation that is newer than ours.
 */
uint64_t gt_wake_decide(struct gt_thread *t);

/* A waker claimed us in generation `gen`: its GoUnblock, and a status before it if that was the first, counted. */
static inline void gt_wake_count(struct gt_thread *t, uint32_t gen)
{
	if ((t->traced[gen & 1] & 0x1fffffff) != gen) {
		t->traced[gen & 1] = gen;
		t->gseq = 0;
	}
	t->gseq++;
}

#endif
