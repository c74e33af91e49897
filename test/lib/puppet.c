/* SPDX-License-Identifier: BSD-3-Clause */
/* One thread, two semaphores, and the next thing to do. */
#include "puppet.h"

#include "shim/advance.h"
#include "shim/os.h"
#include "shim/status.h"

#include <criterion/criterion.h>

static void *play(void *arg)
{
	struct gt_puppet *p = arg;

	p->tid = gt_os_gettid();
	sem_post(&p->done);
	for (;;) {
		sem_wait(&p->go);
		if (!p->act)
			return NULL;
		p->act(p->arg);
		sem_post(&p->done);
	}
}

void gt_puppet_start(struct gt_puppet *p)
{
	sem_init(&p->go, 0, 0);
	sem_init(&p->done, 0, 0);
	cr_assert_eq(pthread_create(&p->thread, NULL, play, p), 0);
	gt_puppet_wait(p);
}

static void start(void *record)
{
	gt_thread_start(record);
}

struct gt_thread *gt_puppet_born(struct gt_puppet *p)
{
	struct gt_thread *record = gt_thread_create((const void *)0x7100, (const void *)0x7200);

	cr_assert_not_null(record);
	gt_puppet_start(p);
	gt_puppet_do(p, start, record);
	return record;
}

void gt_puppet_begin(struct gt_puppet *p, void (*act)(void *), void *arg)
{
	p->act = act;
	p->arg = arg;
	sem_post(&p->go);
}

void gt_puppet_wait(struct gt_puppet *p)
{
	while (sem_wait(&p->done) != 0)
		;
}

void gt_puppet_do(struct gt_puppet *p, void (*act)(void *), void *arg)
{
	gt_puppet_begin(p, act, arg);
	gt_puppet_wait(p);
}

/* pthread_join returns a moment before the kernel thread is gone. */
void gt_puppet_vanish(struct gt_puppet *p)
{
	gt_puppet_begin(p, NULL, NULL);
	pthread_join(p->thread, NULL);
	while (gt_os_thread_exists(gt_os_getpid(), p->tid))
		gt_os_sleep(100000);
}

static void end(void *unused)
{
	(void)unused;
	gt_thread_end();
}

void gt_puppet_end(struct gt_puppet *p)
{
	gt_puppet_do(p, end, NULL);
	gt_puppet_vanish(p);
}

/* The operation of a puppet, and what it waits for. */
struct wait {
	struct gt_op *op;
	const void *object;
};

static void wait_begin(void *arg)
{
	struct wait *w = arg;

	gt_wait_begin(w->op, (struct gt_waiting){GT_BLOCK_SYNC, GT_PRIM_MUTEX, GT_NO_CALL}, w->object, GT_PUPPET_PC);
}

static void wait_end(void *op)
{
	gt_op_end(op);
}

static void yield(void *unused)
{
	(void)unused;
	gt_yield(GT_PUPPET_PC);
}

void gt_puppet_waits(struct gt_puppet *p, const void *object)
{
	struct wait w = {&p->op, object};

	gt_puppet_do(p, wait_begin, &w);
}

void gt_puppet_wakes(struct gt_puppet *p)
{
	gt_puppet_do(p, wait_end, &p->op);
}

void gt_puppet_yields(struct gt_puppet *p)
{
	gt_puppet_do(p, yield, NULL);
}

static void linger(void *arg)
{
	struct gt_puppet *p = arg;
	struct gt_section s;
	bool open = gt_section_enter(&s, gt_self);

	p->inside = 1;
	while (p->inside)
		gt_os_yield();
	if (!open)
		return;
	gt_status_running(&s);
	gt_emit_GoStop(&s, gt_stop_string(GT_STOP_GOSCHED), (gt_stack_t){0});
	gt_emit_GoStart(&s, (gt_g_t){gt_self->goid}, gt_next_gseq(gt_self));
	gt_section_leave(&s);
}

void gt_puppet_enters(struct gt_puppet *p)
{
	gt_puppet_begin(p, linger, p);
	while (!p->inside)
		gt_os_yield();
}

void gt_puppet_leaves(struct gt_puppet *p)
{
	p->inside = 0;
	gt_puppet_wait(p);
}

static void switch_now(void *unused)
{
	(void)unused;
	gt_advance_now();
}

void gt_puppet_switches(struct gt_puppet *p)
{
	uint32_t gen = atomic_load(&gt_gate.gen);

	gt_puppet_begin(p, switch_now, NULL);
	while (atomic_load(&gt_gate.gen) == gen)
		gt_os_yield();
}
