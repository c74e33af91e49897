/* SPDX-License-Identifier: BSD-3-Clause */
#include "notes.h"

#include "async.h"
#include "emit.h"
#include "heap.h"
#include "recording.h"
#include "regions.h"
#include "resume.h"
#include "stacks.h"
#include "status.h"
#include "tasks.h"
#include "texts.h"
#include "trigger.h"

bool gt_notes_are_on(void)
{
	GT_IN_SIGHT;
	struct gt_thread *t = gt_resume_ready();

	return t && !(atomic_load_explicit(&t->seq, memory_order_relaxed) & 1) &&
	       atomic_load_explicit(&gt_gate.gen, memory_order_relaxed) != 0;
}

/* A section for an annotation. What keeps it from being recorded counts it as one. */
static bool open_section(struct gt_section *s, struct gt_thread *t)
{
	bool done;

	t->is_noting = true;
	atomic_signal_fence(memory_order_seq_cst);
	done = gt_section_enter_running(s, t);
	atomic_signal_fence(memory_order_seq_cst);
	t->is_noting = false;
	if (done)
		gt_status_running(s);
	return done;
}

/* The thread that speaks. What it did before may have met a gap: then so has this. */
static struct gt_thread *speaker(void)
{
	struct gt_thread *t = gt_resume_ready();
	uint32_t gen = atomic_load_explicit(&gt_gate.gen, memory_order_relaxed);

	if (!t && gt_self && gen && gt_buf_is_lost(gen))
		gt_drop(GT_DROP_NOTES);
	return t;
}

/* Enters a section for something that a running thread says. */
static bool enter(struct gt_section *s)
{
	struct gt_thread *t = speaker();

	if (!t || !open_section(s, t))
		return false;
	s->buf->notes++;
	return true;
}

/* Whether the program may say this at all; a NULL is not looked at. */
static bool is_text(const char *text)
{
	if (!text)
		gt_drop(GT_DROP_MISUSE);
	return text != NULL;
}

/* A task of an earlier trace of this process, where nothing is wrong but that there is nothing to write. */
static bool is_from_before(uint64_t task)
{
	return gt_recording_is_late() && gt_tasks_is_from_before(task);
}

/* A task that something is for; one that this trace does not know is none. */
static uint64_t known(uint64_t task)
{
	if (task == 0 || gt_tasks_is_known(task))
		return task;
	if (!is_from_before(task))
		gt_drop(GT_DROP_MISUSE);
	return 0;
}

/* The string of a text. Where texts come fast, the generation must end before there is no room. */
static uint64_t string(struct gt_section *s, const char *text)
{
	uint64_t string = gt_text_of(text, s->gen);

	if (gt_texts_warn(s->gen))
		s->t->wants_flush = true;
	return string;
}

static gt_stack_t stack(struct gt_section *s, const void *pc)
{
	return gt_stack_here(&s->t->memo, s->gen, pc);
}

uint64_t gt_task_begin(uint64_t parent, const char *name, const void *pc)
{
	GT_IN_SIGHT;
	struct gt_section s;
	uint64_t task;

	if (!is_text(name) || !enter(&s))
		return 0;
	task = gt_tasks_open();
	if (task)
		gt_emit_UserTaskBegin(&s, (gt_task_t){task}, (gt_parent_task_t){known(parent)},
				      (gt_name_string_t){string(&s, name)}, stack(&s, pc));
	else
		gt_drop(GT_DROP_MISUSE);
	gt_section_leave(&s);
	return task;
}

/* The end is later than the begin, which another thread may just have written. */
void gt_task_end(uint64_t task, const void *pc)
{
	GT_IN_SIGHT;
	bool is_open = gt_tasks_is_open(task);
	struct gt_section s;

	if (is_open && !enter(&s))
		return;
	if (is_open)
		gt_section_time(&s, gt_clock_after(s.gen));
	if (is_open && gt_tasks_close(task))
		gt_emit_UserTaskEnd(&s, (gt_task_t){task}, stack(&s, pc));
	else if (!is_from_before(task))
		gt_drop(GT_DROP_MISUSE);
	if (is_open)
		gt_section_leave(&s);
}

/*
 * The regions of the calling thread, to be changed, with the thread's sequence word odd: in a section when `is_open`, and
 * outside when nothing can be written now. Pairs stay pairs: a begin that is not written has an end that is not either.
 */
struct change {
	struct gt_section s;
	struct gt_thread *t;
	struct gt_regions *regions;
	bool is_open;
};

/* As a section, but of no generation. */
static bool hold(struct gt_thread *t)
{
	if (atomic_load_explicit(&t->seq, memory_order_relaxed) & 1)
		return false;
	gt_section_step(t);
	t->sp = gt_stack_pointer();
	atomic_signal_fence(memory_order_seq_cst);
	return true;
}

static bool begin_change(struct change *c)
{
	struct gt_thread *ready = speaker();

	c->t = ready ? ready : gt_self;
	if (!c->t || atomic_load_explicit(&c->t->state, memory_order_relaxed) == GT_T_EXITED)
		return false;
	if (!c->t->regions)
		c->t->regions = gt_heap_take(sizeof(*c->t->regions));
	c->regions = c->t->regions;
	if (!c->regions)
		return false;
	c->is_open = ready && open_section(&c->s, ready);
	if (!c->is_open && !hold(c->t))
		return false;
	gt_regions_enter(c->regions, atomic_load_explicit(&gt_gate.first, memory_order_relaxed));
	return true;
}

static void end_change(struct change *c)
{
	if (c->is_open)
		gt_section_leave(&c->s);
	else
		gt_section_step(c->t);
}

static void judge(struct change *c, const struct gt_region *region)
{
	uint64_t ns = c->s.now - region->began;

	if (ns > gt_trigger_limits.region && gt_trigger_region(c->t->goid, gt_text_read(region->name), ns))
		c->t->wants_flush = true;
}

/* Writes the ends that are due, from inside out. Those for which there is no room are written with the next change. */
static void write_ends(struct change *c, const void *pc)
{
	struct gt_region *last;

	while ((last = gt_regions_ended(c->regions))) {
		if (last->is_written) {
			if (!c->is_open || !gt_section_room(&c->s))
				return;
			c->s.buf->notes++;
			gt_emit_UserRegionEnd(&c->s, (gt_task_t){last->task},
					      (gt_name_string_t){gt_text_kept(last->name, c->s.gen)}, stack(&c->s, pc));
			judge(c, last);
		}
		gt_regions_pop(c->regions);
	}
}

void gt_region_begin(uint64_t task, const char *name, const void *pc)
{
	GT_IN_SIGHT;
	struct gt_region *region;
	struct change c;

	if (!is_text(name) || !begin_change(&c))
		return;
	write_ends(&c, pc);
	region = gt_regions_push(c.regions);
	if (region) {
		region->asked = task;
		region->task = known(task);
		region->name = gt_text_keep(name);
		region->is_written = c.is_open && gt_section_room(&c.s);
		region->began = region->is_written ? c.s.now : 0;
	} else {
		gt_drop(GT_DROP_MISUSE);
	}
	if (region && region->is_written) {
		c.s.buf->notes++;
		gt_emit_UserRegionBegin(&c.s, (gt_task_t){region->task},
					(gt_name_string_t){gt_text_kept(region->name, c.s.gen)}, stack(&c.s, pc));
	}
	end_change(&c);
}

void gt_region_end(uint64_t task, const char *name, const void *pc)
{
	GT_IN_SIGHT;
	uint32_t misused; /* nobody is to blame for the end of a region that began before the trace */
	struct change c;

	if (!is_text(name) || !begin_change(&c))
		return;
	if (!gt_regions_mark(c.regions, task, name, &misused))
		misused = !gt_recording_is_late();
	while (misused-- > 0)
		gt_drop(GT_DROP_MISUSE);
	write_ends(&c, pc);
	end_change(&c);
}

void gt_log(uint64_t task, const char *category, const char *text, const void *pc)
{
	GT_IN_SIGHT;
	struct gt_section s;

	if (!is_text(category) || !is_text(text) || !enter(&s))
		return;
	gt_emit_UserLog(&s, (gt_task_t){known(task)}, (gt_key_string_t){string(&s, category)},
			(gt_value_string_t){string(&s, text)}, stack(&s, pc));
	gt_section_leave(&s);
}

void gt_label(const char *text)
{
	GT_IN_SIGHT;
	struct gt_section s;

	if (!is_text(text) || !enter(&s))
		return;
	gt_status_label(&s, text, string(&s, text));
	gt_section_leave(&s);
}

void gt_notes_end(struct gt_regions *regions)
{
	uint32_t left;

	if (!regions)
		return;
	gt_regions_enter(regions, atomic_load_explicit(&gt_gate.first, memory_order_relaxed));
	left = gt_regions_leave(regions);
	while (left-- > 0)
		gt_drop(GT_DROP_MISUSE);
}
