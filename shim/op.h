/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which operation of a thread is open. A thread has one at most; it lives in a frame that may be gone: see sched.h.
 */
#ifndef GT_OP_H
#define GT_OP_H

#include "format/spec.h"
#include "thread.h"

/* The descriptor that is waited on, or -1. */
static inline int gt_op_descriptor(struct gt_waiting what, const void *object)
{
	return gt_primitive_object[what.primitive] == GT_OBJECT_FD ? (int)(intptr_t)object : -1;
}

/* An operation in this frame is open now. */
static inline void gt_op_open(struct gt_thread *t, struct gt_op *op)
{
	op->thread = t;
	op->serial = ++t->serial;
	op->result = GT_NO_RESULT;
	t->op = op;
}

/* The thread whose open operation it is, and is no more. NULL: it is over. Makes a second end harmless. */
static inline struct gt_thread *gt_op_close(struct gt_op *op)
{
	struct gt_thread *t = op->thread;

	if (!t || t != gt_self || t->serial != op->serial || t->op != op)
		return NULL;
	op->thread = NULL;
	t->op = NULL;
	return t;
}

#endif
