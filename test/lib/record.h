/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A recording made in this process and read back with the decoder's reader. Criterion forks for each test, so that each
 * may record once. What goes wrong, and a trace that is not sound, ends the test.
 *
 * Events are copies of what the reader delivers: its own header and shim/proc.h cannot be included together.
 */
#ifndef GT_RECORD_H
#define GT_RECORD_H

#include "shim/format/event.h"
#include "shim/format/facts.h"
#include "shim/sched.h"
#include "test/lib/tempdir.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GT_REC_ANY = -1, GT_REC_TIED = 2, GT_REC_STORY = 4096 };

/* A call site for operations of the test itself. No module is there, so that its function is "0x5000". */
#define GT_REC_PC ((const void *)0x5000)

struct gt_rec_fact {
	uint8_t number; /* enum gt_fact */
	uint64_t gen;
	int64_t v[GT_FACT_MAX_FIELDS]; /* numbers */
	const char *text[GT_FACT_MAX_FIELDS];
};

struct gt_rec_event {
	uint8_t type; /* enum gt_event; 0: the end of a generation */
	uint64_t gen;
	int64_t time, m, p, g;
	int64_t id; /* of the thread or slot whose state changes, else -1 */
	uint64_t args[GT_MAX_ARGS];
	uint64_t pc; /* of the stack's innermost frame, 0: no stack */
	const char *func, *file;
	const char *reason;
	struct gt_rec_fact fact[GT_REC_TIED];
	size_t nfacts;
};

struct gt_rec_trace {
	struct gt_rec_event *event;
	size_t events;
	struct gt_rec_fact *fact; /* free facts */
	size_t facts;
	char **text; /* every text once */
	size_t texts;
	char stories[GT_REC_STORY];
};

/*
 * Starts recording, with the environment strings GT_REC_ENV("GTRACE_PERIOD=1s", ...) or NULL for none. The calling thread
 * is G 1. The trace is DIR/PID.trace unless GTRACE_OUTPUT says otherwise.
 */
#define GT_REC_ENV(...) ((const char *const[]){__VA_ARGS__, NULL})
void gt_rec_start(const char *const env[]);

/* Before gt_rec_start(): as on a machine with one processor, so that there is one slot. */
void gt_rec_one_slot(void);

/* The calling thread begins to wait for a mutex at this address; a short system call, read. Both at GT_REC_PC. */
void gt_rec_wait(struct gt_op *op, const void *object);
void gt_rec_call(struct gt_op *op);

/* Ends the recording and reads it. */
struct gt_rec_trace *gt_rec_finish(void);

/* Reads any trace. Lives until gt_rec_clean(). */
struct gt_rec_trace *gt_rec_read(const char *path);

/* Frees what was read and removes the files: for .fini. */
void gt_rec_clean(void);

/* The first event of the type about this thread or slot; gen 0 is any, so is id GT_REC_ANY. NULL: none. */
const struct gt_rec_event *gt_rec_find(const struct gt_rec_trace *t, uint64_t gen, int type, int64_t id);
/* The next one behind `ev`. */
const struct gt_rec_event *gt_rec_after(const struct gt_rec_trace *t, const struct gt_rec_event *ev, int type,
					int64_t id);
size_t gt_rec_count(const struct gt_rec_trace *t, uint64_t gen, int type, int64_t id);

/* The names of all events of M `m` in generation `gen`, with spaces between: "GoBlock ProcStop". Until the next call. */
const char *gt_rec_story(struct gt_rec_trace *t, uint64_t gen, int64_t m);

/* A fact tied to the event, or NULL. */
const struct gt_rec_fact *gt_rec_tied(const struct gt_rec_event *ev, enum gt_fact number);

/* The first free fact with this number behind `after`, which may be NULL; or NULL. */
const struct gt_rec_fact *gt_rec_fact(const struct gt_rec_trace *t, const struct gt_rec_fact *after,
				      enum gt_fact number);

/* What the last Dropped fact of this cause says; 0 when there is none. */
int64_t gt_rec_dropped(const struct gt_rec_trace *t, enum gt_drop cause);

#endif
