/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A trace as people read it: one event a line, times from the first event on, threads by name.
 */
#ifndef GT_TEXT_PEOPLE_H
#define GT_TEXT_PEOPLE_H

#include "out.h"
#include "reader.h"

struct gt_people;

/* NULL when memory is short. `stacks`: where things happened, on lines of their own. */
struct gt_people *gt_people_new(struct gt_out *out, bool stacks);
void gt_people_free(struct gt_people *people);

/* Remembers thread names: give it to gt_reader_on_fact() with `people` as its argument. */
void gt_people_fact(void *people, uint64_t gen, const struct gt_fact_record *fact);

/* Prints one event. */
void gt_people_event(struct gt_people *people, const struct gt_trace_event *ev);

#endif
