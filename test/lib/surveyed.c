/* SPDX-License-Identifier: BSD-3-Clause */
#include "surveyed.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static void take_fact(void *survey, uint64_t gen, const struct gt_fact_record *fact)
{
	(void)gen;
	gt_survey_fact(survey, fact);
}

int gt_surveyed_read(struct gt_survey *survey, struct gt_source *source, struct gt_builder *b,
		     const struct gt_filter *filter, struct gt_span span)
{
	struct gt_moment moment;

	gt_source_open(source, gt_build_path(b), NULL, take_fact, survey);
	for (; source->state == 1; gt_source_next(source)) {
		gt_lives_event(source->lives, &source->ev, &moment);
		gt_survey_event(survey, &moment, filter, span);
	}
	gt_survey_finish(survey, source->lives, filter, span);
	return source->state;
}

const struct gt_stats_thread *gt_surveyed_thread(const struct gt_survey *survey)
{
	const struct gt_stats_thread *thread, **list;
	size_t n;

	list = gt_stats_threads(survey->stats, &n);
	cr_assert_eq(n, 1);
	thread = list[0];
	free(list);
	return thread;
}
