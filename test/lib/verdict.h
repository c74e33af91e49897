/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What tests expect of a whole trace: its events, and the words about what is wrong with it.
 *
 * Each call reads the trace to its end and frees the builder.
 */
#ifndef GT_VERDICT_H
#define GT_VERDICT_H

#include "builder.h"

/* `events` come out of the trace and then `code`, with `part` in its words. */
void gt_expect(struct gt_builder *b, int events, enum gt_error_code code, const char *part);

/* The functions below end the open batch first. */

/* `events` come out, then an error of order with `part` in its words. */
void gt_expect_broken(struct gt_builder *b, int events, const char *part);

/* `events` come out, then one of M's events that can never be next, of the name `event`. */
void gt_expect_stuck(struct gt_builder *b, int events, const char *event);

/* `events` come out, and the Sync at the end. */
void gt_expect_sound(struct gt_builder *b, int events);

/*
 * The events behind the two of gt_build_start(), one a line, the last Sync left out:
 *
 *     M/P/G Name            what the stream held before it; "-": none
 *     M/P/G Name G7 Runnable>Running       a transition
 *     broken: words         where the trace cannot be read on
 */
void gt_expect_story(struct gt_builder *b, const char *story);

#endif
