/* SPDX-License-Identifier: BSD-3-Clause */
#include "objects.h"

#include "async.h"
#include "batch.h"
#include "emit.h"
#include "resume.h"
#include "status.h"

/* The ids of Go's experiment are addresses, counted in these units from a base, which is 0 here. */
enum { PAGE = 4096, OBJECT_UNIT = 8, STACK_UNIT = 2048 };

/* What Go calls the batch that says so. */
#define INFO_BATCH "\1"

bool gt_objects_on;

/* Who may write: also who waits, or is in a system call. Whoever was never seen enters the trace. */
static struct gt_thread *writer(void)
{
	struct gt_thread *t = gt_self;

	if (!t || atomic_load_explicit(&t->state, memory_order_relaxed) == GT_T_FREE)
		t = gt_resume_ready();
	if (!t)
		return NULL;
	switch (atomic_load_explicit(&t->state, memory_order_relaxed)) {
	case GT_T_READY:
	case GT_T_RUN:
	case GT_T_BLOCKED:
	case GT_T_SYSCALL:
		return t;
	default:
		gt_drop(GT_DROP_EXIT);
		return NULL;
	}
}

static bool enter(struct gt_section *s)
{
	struct gt_thread *t = writer();

	if (!t || !gt_section_enter(s, t))
		return false;
	if (atomic_load_explicit(&t->state, memory_order_relaxed) == GT_T_RUN)
		gt_status_running(s);
	return true;
}

static gt_id_t object_id(struct gt_heap_object object)
{
	return (gt_id_t){(uint64_t)(uintptr_t)object.at / OBJECT_UNIT};
}

static gt_id_t span_id(struct gt_heap_object object)
{
	return (gt_id_t){(uint64_t)(uintptr_t)object.at / PAGE};
}

static gt_npages_value_t pages(struct gt_heap_object object)
{
	return (gt_npages_value_t){(object.bytes + PAGE - 1) / PAGE};
}

void gt_object_taken(struct gt_heap_object object)
{
	GT_IN_SIGHT;
	struct gt_section s;

	if (!enter(&s))
		return;
	if (object.has_pages)
		gt_emit_SpanAlloc(&s, span_id(object), pages(object), (gt_kindclass_t){0});
	gt_emit_HeapObjectAlloc(&s, object_id(object), (gt_type_t){0});
	gt_fact1(&s, GT_FACT_Size, object.bytes);
	gt_section_leave(&s);
}

void gt_object_freed(struct gt_heap_object object)
{
	GT_IN_SIGHT;
	struct gt_section s;

	if (!enter(&s))
		return;
	gt_emit_HeapObjectFree(&s, object_id(object));
	if (object.has_pages)
		gt_emit_SpanFree(&s, span_id(object));
	gt_section_leave(&s);
}

void gt_object_stays(struct gt_heap_object object)
{
	GT_IN_SIGHT;
	struct gt_section s;

	if (!enter(&s))
		return;
	if (object.has_pages)
		gt_emit_Span(&s, span_id(object), pages(object), (gt_kindclass_t){0});
	gt_emit_HeapObject(&s, object_id(object), (gt_type_t){0});
	gt_fact1(&s, GT_FACT_Size, object.bytes);
	gt_section_leave(&s);
}

static gt_id_t stack_id(struct gt_stack_memory stack)
{
	return (gt_id_t){stack.lo / STACK_UNIT};
}

/* As Go counts: the bits that the size takes. */
static gt_order_t order(struct gt_stack_memory stack)
{
	return (gt_order_t){stack.bytes ? 64 - (uint64_t)__builtin_clzl(stack.bytes) : 0};
}

static bool enter_for(struct gt_section *s, struct gt_stack_memory stack)
{
	return gt_objects_on && stack.lo && enter(s);
}

void gt_stack_memory_taken(struct gt_stack_memory stack)
{
	GT_IN_SIGHT;
	struct gt_section s;

	if (!enter_for(&s, stack))
		return;
	gt_emit_GoroutineStackAlloc(&s, stack_id(stack), order(stack));
	gt_fact1(&s, GT_FACT_Size, stack.bytes);
	gt_section_leave(&s);
}

void gt_stack_memory_exists(struct gt_stack_memory stack)
{
	GT_IN_SIGHT;
	struct gt_section s;

	if (!enter_for(&s, stack))
		return;
	gt_emit_GoroutineStack(&s, stack_id(stack), order(stack));
	gt_fact1(&s, GT_FACT_Size, stack.bytes);
	gt_section_leave(&s);
}

void gt_stack_memory_freed(struct gt_stack_memory stack)
{
	GT_IN_SIGHT;
	struct gt_section s;

	if (!enter_for(&s, stack))
		return;
	gt_emit_GoroutineStackFree(&s, stack_id(stack));
	gt_section_leave(&s);
}

void gt_objects_write(uint32_t gen)
{
	if (!gt_objects_on)
		return;
	gt_batch_begin(gen, GT_NONE, 0, INFO_BATCH, 1, true);
	gt_batch_varint(0);
	gt_batch_varint(PAGE);
	gt_batch_varint(OBJECT_UNIT);
	gt_batch_varint(STACK_UNIT);
	gt_batch_end();
}
