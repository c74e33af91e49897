/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One of the traces that a command reads: its events with what is known beside them, one after the other. A fact
 * belongs to the generation that follows, so the next event is read only when it is asked for.
 */
#ifndef GT_SOURCE_H
#define GT_SOURCE_H

#include "anchor.h"
#include "full_names.h"
#include "life.h"
#include "reader.h"

enum { GT_SOURCE_TEXT = 256 };

/* Whose trace it is, as its facts say: zeros and empty texts when they do not. */
struct gt_identity {
	uint64_t pid, parent_pid;
	uint64_t started, parent_started; /* clock ticks: see facts.def */
	char forked_from[1024];
	char program[64];
	char version[32];
};

struct gt_source {
	const char *path;
	struct gt_reader *reader;
	struct gt_error err;
	int state; /* of what gt_reader_next() said last: 1 `ev` is there, 0 sound end, -1 damage in `err` */
	struct gt_trace_event ev;
	struct gt_lives *lives;
	struct gt_full_names *names; /* NULL: those of the trace are wanted */
	struct gt_anchor anchor;
	struct gt_identity identity;
	char label[GT_SOURCE_TEXT]; /* "pigz[123]", or the path when the trace does not say */
	gt_fact_fn *on_fact; /* every free fact, also those taken here */
	void *on_fact_arg;
};

/*
 * Opens `path` and reads up to the first event; source->state says how it went. `symbols` and `on_fact` may be
 * NULL. The source must not move until it is closed.
 */
void gt_source_open(struct gt_source *source, const char *path, struct gt_symbols *symbols, gt_fact_fn *on_fact,
		    void *arg);

/* Reads the next event; the one before is gone. Nothing happens when state is not 1. */
void gt_source_next(struct gt_source *source);

/* Gives the stacks of its event their full names, if they are wanted. */
void gt_source_name(struct gt_source *source);

void gt_source_close(struct gt_source *source);

#endif
