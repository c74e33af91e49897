/* SPDX-License-Identifier: BSD-3-Clause */
#include "late_stack.h"

#include "resume.h"
#include "stacks.h"

/*
 * Puts another stack into the thread's last GoSyscallBegin, whose last bytes the stack is. False when that is out of reach, or
 * has no room for it: an event stands behind it. A program that is killed here leaves a number without an end (decoder/live.c).
 */
static bool replace_stack(struct gt_section *s, gt_stack_t stack)
{
	uint8_t *end = s->buf->data + s->t->begin_end, *p = end - 1;

	if (s->buf->serial != s->t->begin_buf)
		return false;
	while (p[-1] & 0x80)
		p--;
	if (gt_varint_len(stack.v) <= end - p)
		gt_varint_put_padded(p, stack.v, (int)(end - p));
	else if (s->pos == end)
		s->pos = gt_varint_put(p, stack.v);
	else
		return false;
	return true;
}

gt_stack_t gt_late_stack(struct gt_section *s)
{
	struct gt_thread *t = s->t;
	gt_stack_t stack = {0};

	if (t->pc && gt_syscall_stacks && s->now - t->began >= gt_syscall_stacks)
		stack = gt_stack_here(&t->memo, s->gen, t->pc);
	return stack.v && replace_stack(s, stack) ? (gt_stack_t){0} : stack;
}
