/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A trace made by hand, surveyed as gtrace stats does it.
 */
#ifndef GT_SURVEYED_H
#define GT_SURVEYED_H

#include "builder.h"

#include "decoder/source.h"
#include "decoder/survey.h"

/* Surveys all of the builder's trace, and leaves the source open. What the source says at its end. */
int gt_surveyed_read(struct gt_survey *survey, struct gt_source *source, struct gt_builder *b,
		     const struct gt_filter *filter, struct gt_span span);

/* The only thread of the survey. */
const struct gt_stats_thread *gt_surveyed_thread(const struct gt_survey *survey);

#endif
