/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reads a trace from its first to its last event, in an order that the whole program could have run in.
 *
 * One generation is looked at at a time. Everything sound before damage is delivered, then the damage. One reader
 * per thread; readers share nothing.
 *
 * Memory: some 2 MB, and the tables of the largest generation; of a pipe its events, too. No file makes it more than
 * 100 bytes for each byte of its largest generation: so much takes a thread of one event, and its batch.
 */
#ifndef GT_READER_H
#define GT_READER_H

#include "error.h"
#include "trace_event.h"

struct gt_reader;

/*
 * Opens the trace `path`; "-" is standard input. Reads the header only. NULL with *err when that fails. `err` is
 * kept: gt_reader_next() writes to it, so it must live as long as the reader.
 */
struct gt_reader *gt_reader_open(const char *path, struct gt_error *err);

/* Closes the file and frees everything. Accepts NULL. */
void gt_reader_close(struct gt_reader *reader);

/* The minor version of the header: 23 for "go 1.23 trace". */
int gt_reader_version(const struct gt_reader *reader);

/*
 * Where free facts go: called once for each, when their generation is read, before its first event. Texts live
 * during the call only. NULL: nowhere.
 */
typedef void gt_fact_fn(void *arg, uint64_t gen, const struct gt_fact_record *fact);
void gt_reader_on_fact(struct gt_reader *reader, gt_fact_fn *fn, void *arg);

/* Before the first event: facts are not wanted. Events come without them, which is faster, and free ones go nowhere. */
void gt_reader_no_facts(struct gt_reader *reader);

/* The next event: 1 and *event; 0 at a sound end; -1 and the error of gt_reader_open()'s `err`. Then -1 or 0 again. */
int gt_reader_next(struct gt_reader *reader, struct gt_trace_event *event);

/*
 * gt_reader_next() in two steps, for who may know what an event looks like before its ids are looked up. First: what is
 * next; *placed is NULL for what is no event of a thread. Then, after 1, one of these: what it means, 1 or -1 and the
 * error; or nothing but its time.
 */
struct gt_placed_event;
int gt_reader_find(struct gt_reader *reader, const struct gt_placed_event **placed);
int gt_reader_tell(struct gt_reader *reader, struct gt_trace_event *event);
int64_t gt_reader_pass(struct gt_reader *reader);

/*
 * Reads at most `most` events without handing them out, which is faster. Adds to *events what gt_reader_next() would have
 * given but syncs; *generations is how many are over. 1 when there may be more, 0 at a sound end, else -1 and the error,
 * as there.
 */
int gt_reader_check(struct gt_reader *reader, uint64_t most, uint64_t *events, uint64_t *generations);

/* The stack with this id, of the generation of the last event. Lives as long as that; NULL: there is none. */
const struct gt_stack *gt_reader_stack(const struct gt_reader *reader, uint64_t id);

/* About how many bytes of a regular file are done, and how many it has. False when it is none. */
bool gt_reader_bytes(const struct gt_reader *reader, uint64_t *done, uint64_t *all);

/* Reads all of `path`. 0 when it is sound, else -1 with *err. */
int gt_check(const char *path, struct gt_error *err);

#endif
