/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads that are announced, adopted, ended and buried, as events.
 */
#include "shim/life.h"
#include "shim/advance.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <dlfcn.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BEGINNING "ProcStatus GoStatus ProcsChange "

static struct gt_puppet one;
static struct gt_op op;
static int object;

static const char *name_of(const struct gt_rec_trace *t, int64_t g)
{
	const struct gt_rec_fact *fact = NULL;
	const char *name = "";

	while ((fact = gt_rec_fact(t, fact, GT_FACT_ThreadName)))
		name = fact->v[0] == g ? fact->text[2] : name;
	return name;
}

Test(life, an_announced_thread_is_created_started_and_ended, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;
	const struct gt_rec_event *ev;

	gt_rec_one_slot();
	gt_rec_start(NULL);
	gt_thread_create_failed(gt_thread_create((void *)0x1000, (void *)0x2000));
	gt_puppet_born(&one);
	gt_puppet_end(&one);
	t = gt_rec_finish();
	ev = gt_rec_find(t, 1, GT_EV_GoCreate, 3);
	cr_assert(ev->m == getpid() && ev->pc == 0x7200);
	cr_assert_str_eq(gt_rec_story(t, 1, one.tid), "ProcStatus ProcStart GoStart ProcsChange GoDestroy ProcStop");
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_GoDestroy, 3), 1);
}

/* What libc says of a thread's id, where it says so: the descriptions for debuggers are older than all libcs that we know. */
static const uint32_t *libcs_tid(void)
{
	const uint32_t *tid = dlvsym(RTLD_DEFAULT, "_thread_db_pthread_tid", "GLIBC_PRIVATE");

	if (!tid)
		cr_skip("this libc does not say where it has the id of a thread");
	return tid;
}

/* Begins with another id than the thread has, which libc must not see for long. */
static void begin_as_another(void *arg)
{
	struct gt_thread *record = arg;
	uint32_t *tid = (uint32_t *)((char *)pthread_self() + libcs_tid()[2]);

	*tid += 1000000;
	gt_thread_start(record);
	*tid -= 1000000;
}

Test(life, a_thread_has_the_id_that_libc_has_of_it, .fini = gt_rec_clean)
{
	struct gt_thread *record;

	gt_rec_start(NULL);
	gt_life_source(libcs_tid());
	record = gt_thread_create(GT_REC_PC, GT_REC_PC);
	gt_puppet_start(&one);
	gt_puppet_do(&one, begin_as_another, record);
	cr_assert_eq(atomic_load(&record->tid), (uint32_t)one.tid + 1000000);
	atomic_store(&record->tid, (uint32_t)one.tid);
	gt_puppet_end(&one);
	gt_rec_finish();
}

Test(life, what_does_not_prove_itself_is_not_its_id, .fini = gt_rec_clean)
{
	const uint32_t *tid = libcs_tid();
	const uint32_t wrong[][3] = {
		{64, 1, tid[2]}, {32, 2, tid[2]}, {32, 1, 1 << 20}, {32, 1, 0}, {32, 1, tid[2] + 4}};

	gt_rec_start(NULL);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct gt_thread *record;

		gt_life_source(wrong[i]);
		record = gt_thread_create(GT_REC_PC, GT_REC_PC);
		gt_puppet_start(&one);
		gt_puppet_do(&one, begin_as_another, record);
		cr_assert_eq(atomic_load(&record->tid), (uint32_t)one.tid, "row %zu", i);
		gt_puppet_end(&one);
	}
	gt_rec_finish();
}

Test(life, an_announcement_is_taken_back_when_the_creation_failed, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;
	struct gt_thread *child;

	gt_rec_start(NULL);
	child = gt_thread_create(GT_REC_PC, GT_REC_PC);
	gt_thread_create_failed(child);
	cr_assert_eq(atomic_load(&child->state), GT_T_FREE);
	cr_assert_eq(gt_thread_create(GT_REC_PC, GT_REC_PC), child);
	cr_assert_eq(child->goid, 3);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()), BEGINNING "GoCreate GoStop GoStart GoDestroy GoStart GoCreate");
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_GoDestroy, 2), 1);
}

Test(life, the_start_routine_waits_in_the_record, .fini = gt_rec_clean)
{
	struct gt_thread *child;

	gt_rec_start(NULL);
	child = gt_thread_create(GT_REC_PC, GT_REC_PC);
	gt_thread_start_args(child)->arg = &object;
	cr_assert_eq(gt_thread_start_args(child)->arg, &object);
	cr_assert_neq(gt_thread_start_args(gt_self), gt_thread_start_args(child));
	gt_rec_finish();
}

Test(life, more_threads_than_allowed_are_not_recorded_but_counted, .fini = gt_rec_clean)
{
	gt_rec_start(GT_REC_ENV("GTRACE_THREADS=16"));
	for (int i = 0; i < 15; i++)
		cr_assert_not_null(gt_thread_create(GT_REC_PC, GT_REC_PC));
	cr_assert_null(gt_thread_create(GT_REC_PC, GT_REC_PC));
	cr_assert_eq(gt_rec_dropped(gt_rec_finish(), GT_DROP_THREADS), 1);
}

Test(life, a_thread_that_nobody_announced_comes_in_with_its_first_operation, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_one_slot();
	gt_rec_start(NULL);
	gt_puppet_start(&one);
	gt_puppet_yields(&one);
	gt_puppet_end(&one);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, one.tid),
			 "GoCreateSyscall ProcStatus ProcStart GoSyscallEndBlocked GoStart ProcsChange "
			 "GoStop GoStart GoDestroy ProcStop");
	cr_assert_eq(gt_rec_find(t, 1, GT_EV_GoCreateSyscall, 2)->m, one.tid);
}

static void join_object(void *to)
{
	*(const void **)to = gt_join_object(pthread_self());
}

Test(life, the_end_of_a_thread_wakes_who_joins_it, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	static const void *joined;

	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_do(&one, join_object, &joined);
	gt_wait_begin(&op, (struct gt_waiting){GT_BLOCK_SYNC, GT_PRIM_JOIN, GT_NO_CALL}, joined, GT_REC_PC);
	gt_puppet_end(&one);
	gt_op_end(&op);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_GoUnblock, 1), 1);
	cr_assert_eq(gt_rec_find(t, 1, GT_EV_GoUnblock, 1)->m, one.tid);
}

static void exit_by_call(void *pc)
{
	gt_thread_exit(pc);
	gt_yield(GT_REC_PC);
}

Test(life, a_thread_that_leaves_by_exit_dies_in_that_call, .fini = gt_rec_clean)
{
	const struct gt_rec_event *call;
	struct gt_rec_trace *t;
	static const void *joined;

	gt_rec_one_slot();
	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_do(&one, join_object, &joined);
	gt_wait_begin(&op, (struct gt_waiting){GT_BLOCK_SYNC, GT_PRIM_JOIN, GT_NO_CALL}, joined, GT_REC_PC);
	gt_puppet_do(&one, exit_by_call, (void *)GT_REC_PC);
	gt_puppet_vanish(&one);
	gt_op_end(&op);
	t = gt_rec_finish();
	call = gt_rec_find(t, 1, GT_EV_GoSyscallBegin, 2);
	cr_assert(call->pc == (uintptr_t)GT_REC_PC && gt_rec_tied(call, GT_FACT_Syscall)->v[0] == SYS_exit);
	cr_assert_eq(gt_rec_find(t, 1, GT_EV_GoUnblock, 1)->m, one.tid);
	cr_assert_str_eq(gt_rec_story(t, 1, one.tid), "ProcStatus ProcStart GoStart ProcsChange GoUnblock "
						      "GoSyscallBegin ProcStop GoDestroySyscall");
}

static void end_and_go_on(void *unused)
{
	(void)unused;
	gt_thread_end();
	gt_yield(GT_REC_PC);
	gt_thread_end();
}

Test(life, what_a_thread_does_after_its_end_is_not_recorded, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_do(&one, end_and_go_on, NULL);
	gt_puppet_vanish(&one);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_GoDestroy, 2), 1);
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_GoStop, GT_REC_ANY), 0);
}

static void wait_and_end(void *unused)
{
	(void)unused;
	gt_rec_wait(&op, &object);
	gt_thread_end();
}

/* Cancelled: libc unwinds, the wrapper does not return. */
Test(life, a_thread_that_ends_in_a_wait_ends_the_wait_first, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_one_slot();
	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_do(&one, wait_and_end, NULL);
	gt_puppet_vanish(&one);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, one.tid),
			 "ProcStatus ProcStart GoStart ProcsChange "
			 "GoBlock ProcStop GoUnblock ProcStart GoStart GoDestroy ProcStop");
}

Test(life, a_record_is_free_when_both_its_buffers_are_gone, .fini = gt_rec_clean)
{
	struct gt_thread *t;
	struct gt_buf *b;

	gt_rec_start(NULL);
	t = gt_thread_take();
	b = gt_buf_take(false, 1, 7, 0);
	atomic_store(&t->state, GT_T_EXITED);
	for (int i = 0; i < 2; i++) {
		atomic_store(&t->buf[i], b);
		gt_life_release(t);
		cr_assert_eq(atomic_load(&t->state), GT_T_EXITED);
		atomic_store(&t->buf[i], NULL);
	}
	atomic_store(&t->seq, 1);
	gt_life_release(t);
	cr_assert_eq(atomic_load(&t->state), GT_T_EXITED, "its owner is still inside its last section");
	atomic_store(&t->seq, 2);
	gt_life_release(t);
	cr_assert_eq(atomic_load(&t->state), GT_T_FREE);
	cr_assert_eq(gt_thread_take(), t);
	gt_life_release(gt_self);
	cr_assert_eq(atomic_load(&gt_self->state), GT_T_RUN);
}

/* As the entry points do: the kernel first. */
static void named(void *name)
{
	prctl(PR_SET_NAME, name);
	gt_thread_name(name);
}

Test(life, a_threads_last_name_reaches_the_trace, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_do(&one, named, "first");
	gt_advance_now();
	gt_puppet_do(&one, named, "sixteen letters!");
	named("main");
	gt_puppet_end(&one);
	t = gt_rec_finish();
	cr_assert_str_eq(name_of(t, 1), "main");
	cr_assert_str_eq(name_of(t, 2), "sixteen letters");
}

Test(life, who_was_not_named_has_the_name_that_the_kernel_knows, .fini = gt_rec_clean)
{
	char comm[16];

	cr_assert_eq(pthread_getname_np(pthread_self(), comm, sizeof(comm)), 0);
	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_end(&one);
	cr_assert_str_eq(name_of(gt_rec_finish(), 2), comm);
}
