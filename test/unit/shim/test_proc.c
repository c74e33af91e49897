/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Slots: who may take one, and that none is taken out of a newer generation.
 */
#include "shim/proc.h"

#include <criterion/criterion.h>

static struct gt_proc *in_syscall(uint32_t gen, uint32_t tid)
{
	struct gt_proc *p = gt_proc_claim(NULL, tid);

	cr_assert_not_null(p);
	atomic_store(&p->word, gt_proc_word(GT_PROC_SYS, gen, tid));
	return p;
}

Test(proc, the_hint_comes_first_and_no_slot_is_claimed_twice)
{
	cr_assert(gt_proc_start(2, 4));
	cr_assert_eq(gt_proc_claim(gt_proc_at(1), 7), gt_proc_at(1));
	cr_assert_eq(gt_proc_claim(gt_proc_at(1), 8), gt_proc_at(0));
	cr_assert_null(gt_proc_claim(NULL, 9));
	gt_proc_unclaim(gt_proc_at(1));
	cr_assert_eq(gt_proc_claim(NULL, 9), gt_proc_at(1));
	cr_assert_eq(gt_proc_word_tid(atomic_load(&gt_proc_at(1)->word)), 9);
}

Test(proc, who_finds_the_hint_taken_goes_on_from_there_and_ends_before_it)
{
	cr_assert(gt_proc_start(4, 4));
	cr_assert_eq(gt_proc_claim(gt_proc_at(2), 7), gt_proc_at(2));
	cr_assert_eq(gt_proc_claim(gt_proc_at(2), 8), gt_proc_at(3));
	cr_assert_eq(gt_proc_claim(gt_proc_at(2), 9), gt_proc_at(0));
	cr_assert_eq(gt_proc_claim(gt_proc_at(2), 10), gt_proc_at(1));
	cr_assert_null(gt_proc_claim(gt_proc_at(2), 11));
}

Test(proc, thieves_begin_at_slots_of_their_own)
{
	uint32_t victim = 0;
	uint64_t now = 0;
	bool newer = false;

	cr_assert(gt_proc_start(4, 4));
	for (uint32_t i = 0; i < 4; i++)
		in_syscall(5, 100 + i);
	cr_assert_eq(gt_proc_steal(5, 6, &victim, &newer, &now), gt_proc_at(2));
	cr_assert_eq(gt_proc_steal(5, 6, &victim, &newer, &now), gt_proc_at(3));
	cr_assert_eq(gt_proc_steal(5, 5, &victim, &newer, &now), gt_proc_at(1));
	cr_assert_eq(victim, 101);
}

Test(proc, more_processors_than_slots)
{
	cr_assert(gt_proc_start(8, 2));
	cr_assert_eq(gt_proc_claim(gt_proc_at(1), 7), gt_proc_at(1));
	cr_assert_eq(gt_proc_claim(gt_proc_at(1), 8), gt_proc_at(0));
	cr_assert_null(gt_proc_claim(gt_proc_at(1), 9));
}

Test(proc, steal_takes_from_a_system_call_only)
{
	uint32_t victim = 0;
	uint64_t now = 0;
	bool newer = true;

	cr_assert(gt_proc_start(2, 2));
	cr_assert_null(gt_proc_steal(5, 9, &victim, &newer, &now));
	cr_assert_not(newer);
	in_syscall(5, 7);
	cr_assert_eq(gt_proc_steal(5, 9, &victim, &newer, &now), gt_proc_at(0));
	cr_assert_eq(victim, 7);
	cr_assert_neq(now, 0);
}

Test(proc, steal_refuses_a_newer_generation)
{
	uint32_t victim = 0;
	uint64_t now = 0;
	bool newer = false;
	struct gt_proc *p;

	cr_assert(gt_proc_start(1, 1));
	p = in_syscall(6, 7);
	cr_assert_null(gt_proc_steal(5, 9, &victim, &newer, &now));
	cr_assert(newer);
	cr_assert_eq(gt_proc_steal(6, 9, &victim, &newer, &now), p);
	cr_assert_not(newer);
	cr_assert_eq(victim, 7);
	cr_assert_eq(gt_proc_word_state(atomic_load(&p->word)), GT_PROC_CLAIM);
}

Test(proc, retake_leaves_short_system_calls_alone)
{
	uint32_t victim = 0;
	struct gt_proc *p;

	cr_assert(gt_proc_start(1, 1));
	p = in_syscall(3, 7);
	p->since = 100;
	cr_assert_not(gt_proc_retake(p, 3, 9, 99, &victim));
	cr_assert_not(gt_proc_retake(p, 2, 9, 100, &victim));
	cr_assert(gt_proc_retake(p, 3, 9, 100, &victim));
	cr_assert_eq(victim, 7);
}

Test(proc, grows_up_to_the_maximum)
{
	struct gt_proc *p;

	cr_assert(gt_proc_start(1, 2));
	p = gt_proc_grow();
	cr_assert_eq(p, gt_proc_at(1));
	cr_assert_eq(p->id, 1);
	cr_assert_null(gt_proc_grow());
	cr_assert_eq(gt_proc_count(), 2);
}

Test(proc, slots_beyond_the_usable_processors_are_put_aside)
{
	cr_assert(gt_proc_start(4, 8));
	cr_assert_eq(gt_proc_limit(), 4);
	cr_assert(gt_proc_set_usable(1));
	cr_assert_eq(gt_proc_limit(), 1);
	cr_assert_not(gt_proc_set_usable(1));
	cr_assert_eq(gt_proc_claim(gt_proc_at(3), 7), gt_proc_at(0), "the hint is put aside");
	cr_assert(gt_proc_set_usable(6));
	cr_assert_eq(gt_proc_limit(), 6);
	cr_assert_eq(gt_proc_count(), 4);
}

Test(proc, a_slot_may_be_kept_for_a_thread)
{
	struct gt_proc *p;
	uint32_t victim;
	uint64_t now;
	bool newer;

	cr_assert(gt_proc_start(1, 8));
	p = gt_proc_keep(7);
	cr_assert(p == gt_proc_at(1) && gt_proc_limit() == 2);
	cr_assert_eq(gt_proc_claim(p, 8), gt_proc_at(0), "it is not for others");
	cr_assert_null(gt_proc_claim(p, 8));
	cr_assert(gt_proc_kept(p, 7) == p && gt_proc_kept(p, 8) == NULL);
	atomic_store(&p->word, gt_proc_word(GT_PROC_SYS, 1, 7));
	cr_assert_null(gt_proc_kept(p, 7));
	cr_assert_null(gt_proc_steal(1, 8, &victim, &newer, &now));
	cr_assert_not(gt_proc_retake(p, 1, 8, UINT64_MAX, &victim));
	gt_proc_stop(p, 2);
	cr_assert_eq(gt_proc_kept(p, 7), p);
	gt_proc_unclaim(p);
	cr_assert_eq(gt_proc_kept(p, 7), p);
	cr_assert_not(gt_proc_set_usable(1), "it stays");
	gt_proc_unkeep(p);
	gt_proc_unkeep(NULL);
	cr_assert_eq(gt_proc_claim(NULL, 8), p);
	gt_proc_stop(p, 3);
	cr_assert_eq(atomic_load(&p->word), gt_proc_word(GT_PROC_IDLE, 3, 0));
}

Test(proc, slots_in_use_stay)
{
	cr_assert(gt_proc_start(4, 8));
	cr_assert_eq(gt_proc_claim(gt_proc_at(2), 7), gt_proc_at(2));
	cr_assert(gt_proc_set_usable(1));
	cr_assert_eq(gt_proc_limit(), 3);
	gt_proc_unclaim(gt_proc_at(2));
	cr_assert(gt_proc_set_usable(1));
	cr_assert_eq(gt_proc_limit(), 1);
}

Test(proc, what_was_put_aside_comes_back_when_more_threads_run)
{
	cr_assert(gt_proc_start(2, 8));
	cr_assert(gt_proc_set_usable(1));
	in_syscall(1, 7);
	cr_assert_null(gt_proc_claim(NULL, 8), "one can be stolen");
	atomic_store(&gt_proc_at(0)->word, gt_proc_word(GT_PROC_RUN, 1, 7));
	cr_assert_eq(gt_proc_claim(NULL, 8), gt_proc_at(1));
	cr_assert_eq(gt_proc_limit(), 1);
	gt_proc_uses(gt_proc_at(1));
	cr_assert_eq(gt_proc_limit(), 2);
	gt_proc_uses(gt_proc_at(0));
	cr_assert_eq(gt_proc_limit(), 2);
}

Test(proc, generations_compare_across_their_wrap)
{
	cr_assert(gt_gen_after(2, 1));
	cr_assert_not(gt_gen_after(1, 1));
	cr_assert(gt_gen_after(0, 0x1fffffff));
	cr_assert_not(gt_gen_after(0x1fffffff, 0));
}
