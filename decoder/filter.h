/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which events are wanted. Terms of one kind are alternatives; kinds must all agree. A filter chooses what is shown
 * and nothing else: every event is told to the lives of life.h before it is asked about here.
 */
#ifndef GT_FILTER_H
#define GT_FILTER_H

#include "life.h"

enum gt_filter_kind {
	GT_FILTER_THREAD, /* a kernel thread id, or a pattern for names */
	GT_FILTER_GOROUTINE, /* N */
	GT_FILTER_PROC, /* N */
	GT_FILTER_EVENT, /* patterns for names of events, separated by commas */
	GT_FILTER_REASON, /* a pattern */
	GT_FILTER_OBJECT, /* an address or another number, or "descriptor N" */
	GT_FILTER_GENERATION, /* N or N-M */
	GT_FILTER_GREP, /* an extended regular expression for the printed line */
	GT_FILTER_KINDS
};

struct gt_filter;

/* A filter that lets everything pass. Exits with a complaint when memory is short. */
struct gt_filter *gt_filter_new(void);

/* Accepts NULL. */
void gt_filter_free(struct gt_filter *filter);

/* Adds a term. NULL, or what is wrong with `text`, as words that live until the next call. */
const char *gt_filter_add(struct gt_filter *filter, enum gt_filter_kind kind, const char *text);

/* Whether an event passes, its printed line apart. What a thread does and what is done to it both belong to it. */
bool gt_filter_event(const struct gt_filter *filter, const struct gt_moment *moment);

/* Whether the line of an event passes. Without a newline; bytes behind a NUL do not count. */
bool gt_filter_line(const struct gt_filter *filter, const char *line, size_t len);

/* Whether a thread passes, whatever it does: the kinds THREAD and GOROUTINE. */
bool gt_filter_life(const struct gt_filter *filter, const struct gt_life *life);

/* The reason of a transition, or of the wait that ends with it. Never NULL. */
const char *gt_moment_reason(const struct gt_moment *moment, char buf[GT_LIFE_REASON]);

/* How an event is called: "GoBlock", "StackSample", "Sync". */
const char *gt_moment_event(const struct gt_trace_event *ev);

#endif
