/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who is woken by whom: one waiter is named, of several only a broadcast names all, and none of a newer generation.
 */
#include "shim/wake.h"
#include "shim/advance.h"
#include "shim/section.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <unistd.h>

static struct gt_puppet one, two;
static int object;

static void two_wait(void)
{
	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_born(&two);
	gt_puppet_waits(&one, &object);
	gt_puppet_waits(&two, &object);
}

static struct gt_rec_trace *end_both(void)
{
	gt_puppet_wakes(&one);
	gt_puppet_wakes(&two);
	gt_puppet_end(&one);
	gt_puppet_end(&two);
	return gt_rec_finish();
}

/* Whose stream has the only GoUnblock of thread g. */
static int64_t woken_by(const struct gt_rec_trace *t, int64_t g)
{
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoUnblock, g), 1);
	return gt_rec_find(t, 0, GT_EV_GoUnblock, g)->m;
}

Test(wake, a_single_waiter_is_named_by_its_waker, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_waits(&one, &object);
	gt_wake_one(&object, GT_REC_PC);
	gt_puppet_wakes(&one);
	gt_puppet_end(&one);
	t = gt_rec_finish();
	cr_assert_eq(woken_by(t, 2), getpid());
	cr_assert_eq(gt_rec_find(t, 1, GT_EV_GoUnblock, 2)->pc, (uintptr_t)GT_REC_PC);
	cr_assert_eq(gt_rec_find(t, 1, GT_EV_GoUnblock, 2)->g, 1);
}

/* It is the kernel that chooses. */
Test(wake, of_two_waiters_none_is_named, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	const struct gt_rec_event *ev;

	two_wait();
	gt_wake_one(&object, GT_REC_PC);
	t = end_both();
	cr_assert_eq(woken_by(t, 2), one.tid);
	cr_assert_eq(woken_by(t, 3), two.tid);
	ev = gt_rec_find(t, 1, GT_EV_GoUnblock, 2);
	cr_assert_eq(gt_rec_tied(ev, GT_FACT_Waker)->v[0], 1);
	cr_assert_eq(ev->pc, (uintptr_t)GT_PUPPET_PC);
}

Test(wake, a_broadcast_names_all, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	two_wait();
	gt_wake_all(&object, GT_REC_PC);
	t = end_both();
	cr_assert_eq(woken_by(t, 2), getpid());
	cr_assert_eq(woken_by(t, 3), getpid());
}

Test(wake, who_was_claimed_is_not_claimed_again, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	two_wait();
	gt_wake_all(&object, GT_REC_PC);
	gt_wake_all(&object, GT_REC_PC);
	t = end_both();
	woken_by(t, 2);
	woken_by(t, 3);
}

Test(wake, a_release_only_notes_who_let_go, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	two_wait();
	gt_release(&object);
	gt_puppet_wakes(&one);
	gt_puppet_waits(&one, &object);
	t = end_both();
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoUnblock, 2), 2);
	cr_assert_eq(gt_rec_tied(gt_rec_find(t, 1, GT_EV_GoUnblock, 2), GT_FACT_Waker)->v[0], 1);
	cr_assert_eq(gt_rec_after(t, gt_rec_find(t, 1, GT_EV_GoUnblock, 2), GT_EV_GoUnblock, 2)->nfacts, 0,
		     "a new wait forgets who released the object before");
}

Test(wake, another_object_of_the_same_bucket_wakes_nobody, .fini = gt_rec_clean)
{
	const char *neighbour = (const char *)&object + 1;
	const struct gt_rec_trace *t;

	while (gt_bucket_of(neighbour) != gt_bucket_of(&object))
		neighbour++;
	two_wait();
	cr_assert(gt_waiters_any(neighbour));
	gt_wake_all(neighbour, GT_REC_PC);
	gt_release(neighbour);
	t = end_both();
	cr_assert_eq(woken_by(t, 2), one.tid);
	cr_assert_eq(woken_by(t, 3), two.tid);
	cr_assert_null(gt_rec_tied(gt_rec_find(t, 1, GT_EV_GoUnblock, 2), GT_FACT_Waker));
}

/* Somebody without a place may wait, too: nobody knows on what. */
Test(wake, in_a_full_bucket_nobody_is_named, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_waits(&one, &object);
	for (int i = 1; i < GT_BUCKET_PLACES; i++)
		gt_waiters_enter(&object, gt_self->index);
	cr_assert_eq(gt_waiters_enter(&object, gt_self->index), GT_BUCKET_PLACES);
	gt_wake_one(&object, GT_REC_PC);
	gt_puppet_wakes(&one);
	gt_puppet_end(&one);
	t = gt_rec_finish();
	cr_assert_eq(woken_by(t, 2), one.tid);
	cr_assert_eq(gt_rec_tied(gt_rec_find(t, 1, GT_EV_GoUnblock, 2), GT_FACT_Waker)->v[0], 1);
}

Test(wake, a_waiter_of_an_older_generation_is_told_waiting_first, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	const struct gt_rec_event *status, *unblock;

	two_wait();
	gt_advance_now();
	gt_wake_all(&object, GT_REC_PC);
	t = end_both();
	for (int64_t g = 2; g <= 3; g++) {
		status = gt_rec_find(t, 2, GT_EV_GoStatus, g);
		unblock = gt_rec_after(t, status, GT_EV_GoUnblock, g);
		cr_assert(status->m == getpid() && status->args[2] == GT_G_Waiting);
		cr_assert(unblock->m == getpid() && unblock->args[1] == 1);
		cr_assert_eq(gt_rec_find(t, 2, GT_EV_GoStart, g)->args[1], 2);
	}
}

/* Ordering rule 5. The waiter's word is made to say what it would say had the generation changed meanwhile. */
Test(wake, a_waiter_of_a_newer_generation_is_left_alone, .fini = gt_rec_clean)
{
	struct gt_section s;
	struct gt_thread *waiter;
	uint64_t word, newer_word;
	bool newer = false;

	gt_rec_start(NULL);
	waiter = gt_puppet_born(&one);
	gt_puppet_waits(&one, &object);
	word = atomic_load(&waiter->wait);
	newer_word = gt_wait_word(gt_wait_word_gen(word) + 1, word >> 2, GT_WAIT_WAITING);
	atomic_store(&waiter->wait, newer_word);
	cr_assert(gt_section_enter(&s, gt_self));
	gt_wake_claim(&s, &object, GT_REC_PC, &newer);
	cr_assert(newer);
	cr_assert_eq(atomic_load(&waiter->wait), newer_word);
	atomic_store(&waiter->wait, word);
	newer = false;
	gt_wake_claim(&s, &object, GT_REC_PC, &newer);
	gt_section_leave(&s);
	cr_assert_not(newer);
	cr_assert_eq(gt_wait_word_state(atomic_load(&waiter->wait)), GT_WAIT_UNBLOCKED);
	cr_assert_eq(gt_wait_word_gen(atomic_load(&waiter->wait)), s.gen);
	gt_puppet_wakes(&one);
	gt_puppet_end(&one);
	cr_assert_eq(woken_by(gt_rec_finish(), 2), getpid());
}

Test(wake, nobody_is_woken_where_nobody_waits, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_wake_one(&object, GT_REC_PC);
	gt_wake_all_slow(&object, GT_REC_PC);
	gt_wake_one_slow(&object, GT_REC_PC);
	gt_release(&object);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()), "ProcStatus GoStatus ProcsChange");
}
