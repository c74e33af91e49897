/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Thread records: taken, given back, taken again with nothing of the last owner but its marks; a full table is counted.
 */
#include "shim/thread.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <string.h>

Test(thread, records_have_indexes_from_1_on)
{
	struct gt_thread *t;

	cr_assert(gt_thread_table_start(4));
	cr_assert_eq(gt_thread_count(), 0);
	for (uint32_t i = 1; i <= 4; i++) {
		t = gt_thread_take();
		cr_assert_not_null(t);
		cr_assert_eq(t->index, i);
		cr_assert_eq(gt_thread_at(i), t);
		cr_assert_eq(atomic_load(&t->state), GT_T_FREE);
		cr_assert_eq(gt_thread_count(), i);
	}
}

Test(thread, a_full_table_gives_nothing_and_counts)
{
	struct gt_thread *t;

	cr_assert(gt_thread_table_start(2));
	t = gt_thread_take();
	cr_assert_not_null(gt_thread_take());
	cr_assert_null(gt_thread_take());
	cr_assert_null(gt_thread_take());
	cr_assert_eq(atomic_load(&gt_drops[GT_DROP_THREADS]), 2);
	gt_thread_give_back(t);
	cr_assert_eq(gt_thread_take(), t);
	cr_assert_eq(gt_thread_count(), 2);
}

/* The switcher may still be closing a generation in which the last owner had events: the marks stay. */
Test(thread, a_record_comes_back_without_its_last_owner)
{
	struct gt_thread *t;
	struct gt_op op;

	cr_assert(gt_thread_table_start(1));
	t = gt_thread_take();
	gt_thread_number(t);
	atomic_store(&t->state, GT_T_EXITED);
	atomic_store(&t->tid, 77);
	strcpy(t->name, "gone");
	t->op = &op;
	t->place = 3;
	t->fd = 4;
	t->number = 5;
	t->serial = 9;
	t->traced[1] = 5;
	t->start.routine = (void *(*)(void *))1;
	atomic_store(&t->wait, gt_wait_word(5, 9, GT_WAIT_WAITING));
	gt_thread_give_back(t);
	cr_assert_eq(atomic_load(&t->state), GT_T_FREE);
	cr_assert_eq(gt_thread_take(), t);
	cr_assert_eq(t->goid, 0);
	cr_assert_eq(atomic_load(&t->tid), 0);
	cr_assert_eq(t->name[0], 0);
	cr_assert(t->op == NULL && t->proc == NULL && t->start.routine == NULL);
	cr_assert_eq(t->place, GT_PLACE_NONE);
	cr_assert_not(t->foreign || t->wants_flush || t->resuming);
	cr_assert(t->fd == -1 && t->number == GT_NO_CALL);
	cr_assert_eq(gt_wait_word_state(atomic_load(&t->wait)), GT_WAIT_NONE);
	cr_assert_eq(t->traced[1], 5);
	cr_assert_eq(t->serial, 9);
}

Test(thread, numbers_are_given_in_order_and_never_twice)
{
	struct gt_thread *t;

	cr_assert(gt_thread_table_start(2));
	for (uint64_t goid = 1; goid < 10; goid++) {
		t = gt_thread_take();
		gt_thread_number(t);
		cr_assert_eq(t->goid, goid);
		gt_thread_give_back(t);
	}
}

Test(thread, starting_again_forgets_records_and_drops)
{
	cr_assert(gt_thread_table_start(1));
	cr_assert_not_null(gt_thread_take());
	cr_assert_null(gt_thread_take());
	cr_assert(gt_thread_table_start(1));
	gt_drops_to(NULL);
	cr_assert_eq(gt_thread_count(), 0);
	cr_assert_eq(atomic_load(&gt_drops[GT_DROP_THREADS]), 0);
	cr_assert_not_null(gt_thread_take());
}

Test(thread, a_wait_word_keeps_its_three_parts_apart)
{
	uint64_t word = gt_wait_word(0x1fffffff, UINT64_C(0x1ffffffff), GT_WAIT_UNBLOCKED);

	cr_assert_eq(gt_wait_word_gen(word), 0x1fffffff);
	cr_assert_eq(gt_wait_word_state(word), GT_WAIT_UNBLOCKED);
	cr_assert_eq(word >> 2 & UINT64_C(0x1ffffffff), UINT64_C(0x1ffffffff));
	cr_assert_eq(gt_wait_word_gen(gt_wait_word(7, UINT64_MAX, GT_WAIT_NONE)), 7);
	cr_assert_eq(gt_wait_word_state(gt_wait_word(UINT32_MAX, UINT64_MAX, GT_WAIT_NONE)), GT_WAIT_NONE);
}

Test(thread, who_is_ignored_has_ended)
{
	cr_assert_null(gt_self);
	cr_assert_eq(atomic_load(&gt_thread_ignored.state), GT_T_EXITED);
}

enum { ROUNDS = 20000, RECORDS = 3 };

/* Whoever has a record is alone with it: the mark of nobody else appears in it. */
static void *take_turns(void *mark)
{
	intptr_t good = 1;

	for (int i = 0; i < ROUNDS; i++) {
		struct gt_thread *t = gt_thread_take();

		if (!t)
			continue;
		t->pc = mark;
		for (int n = 0; n < 10; n++)
			good = good && *(const void *volatile *)&t->pc == mark;
		gt_thread_give_back(t);
	}
	return (void *)good;
}

Test(thread, threads_that_take_at_once_never_share_a_record)
{
	pthread_t thread[RECORDS];
	void *good;

	cr_assert(gt_thread_table_start(RECORDS - 1));
	for (intptr_t i = 0; i < RECORDS; i++)
		cr_assert_eq(pthread_create(&thread[i], NULL, take_turns, (void *)(i + 1)), 0);
	for (int i = 0; i < RECORDS; i++) {
		pthread_join(thread[i], &good);
		cr_assert_not_null(good);
	}
	cr_assert_leq(gt_thread_count(), RECORDS - 1);
}
