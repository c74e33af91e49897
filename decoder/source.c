/* SPDX-License-Identifier: BSD-3-Clause */
#include "source.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void take_identity(struct gt_source *source, const struct gt_fact_record *f)
{
	struct gt_identity *id = &source->identity;

	if (f->number == GT_FACT_Process) {
		id->pid = f->field[0].u;
		id->parent_pid = f->field[1].u;
		gt_string_copy(id->program, sizeof(id->program), &f->field[2].t);
		gt_string_copy(id->version, sizeof(id->version), &f->field[3].t);
		snprintf(source->label, sizeof(source->label), "%s[%" PRIu64 "]", id->program, id->pid);
	} else if (f->number == GT_FACT_Origin) {
		id->started = f->field[0].u;
		id->parent_started = f->field[1].u;
		gt_string_copy(id->forked_from, sizeof(id->forked_from), &f->field[2].t);
	}
}

static void take_fact(void *arg, uint64_t gen, const struct gt_fact_record *fact)
{
	struct gt_source *source = arg;

	take_identity(source, fact);
	gt_anchor_fact(&source->anchor, fact);
	gt_lives_fact(source->lives, fact);
	if (source->names != NULL)
		gt_full_names_fact(source->names, gen, fact);
	if (source->on_fact != NULL)
		source->on_fact(source->on_fact_arg, gen, fact);
}

void gt_source_open(struct gt_source *source, const char *path, struct gt_symbols *symbols, gt_fact_fn *on_fact,
		    void *arg)
{
	memset(source, 0, sizeof(*source));
	source->path = path;
	source->on_fact = on_fact;
	source->on_fact_arg = arg;
	snprintf(source->label, sizeof(source->label), "%s", path);
	gt_error_clear(&source->err);
	source->lives = gt_lives_new();
	source->names = symbols != NULL ? gt_full_names_new(symbols) : NULL;
	source->reader = gt_reader_open(path, &source->err);
	source->state = source->reader != NULL ? 1 : -1;
	if (source->reader != NULL)
		gt_reader_on_fact(source->reader, take_fact, source);
	gt_source_next(source);
}

/* Where a long system call was made, if that could not be said when it began. */
static void take_late_stack(struct gt_source *source)
{
	const struct gt_fact_record *fact = gt_event_fact(&source->ev, GT_FACT_SyscallStack);

	if (fact != NULL)
		source->ev.stack = gt_reader_stack(source->reader, fact->field[0].u);
}

void gt_source_next(struct gt_source *source)
{
	const struct gt_trace_event *ev = &source->ev;

	if (source->state == 1)
		source->state = gt_reader_next(source->reader, &source->ev);
	if (source->state == 1)
		take_late_stack(source);
	if (source->state == 1 && ev->kind == GT_KIND_SYNC && ev->snapshot != NULL)
		gt_anchor_snapshot(&source->anchor, (int64_t)ev->args[2], ev->snapshot);
}

void gt_source_name(struct gt_source *source)
{
	if (source->names != NULL)
		gt_full_names_event(source->names, &source->ev);
}

void gt_source_close(struct gt_source *source)
{
	gt_lives_free(source->lives);
	gt_full_names_free(source->names);
	gt_reader_close(source->reader);
	source->lives = NULL;
	source->names = NULL;
	source->reader = NULL;
}
