/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a line for people says at its end of events that change no state: these are few, and say very different things.
 */
#ifndef GT_TEXT_DETAILS_H
#define GT_TEXT_DETAILS_H

#include "line.h"
#include "out.h"

/* A goroutine by number and name. */
void gt_text_goroutine(struct gt_out *out, const struct gt_lives *lives, uint64_t g);

/* Everything but transitions and ends of generations. */
void gt_text_details(struct gt_out *out, const struct gt_line *line);

/* The end, or the start, of a generation, with what is known of it. */
void gt_text_sync(struct gt_out *out, const struct gt_line *line);

#endif
