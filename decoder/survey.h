/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One trace for `gtrace stats`: feeds the sums of stats.h and keeps what the trace says about itself.
 *
 * What lies outside the window of time is cut off: a wait that reaches into it counts with its part inside. What is
 * still going on at the end counts as far as it has come.
 */
#ifndef GT_SURVEY_H
#define GT_SURVEY_H

#include "filter.h"
#include "gap.h"
#include "stats.h"
#include "stretch.h"
#include "when.h"

enum { GT_SURVEY_TEXT = 256, GT_SURVEY_OPTIONS = 64 };

/* The rows of what comes again and again, found by where it lies in the tables of a generation. */
enum { GT_SURVEY_RECENT = 256 };
struct gt_survey_recent {
	const void *what[GT_SURVEY_RECENT];
	struct gt_stats_row *row[GT_SURVEY_RECENT]; /* NULL: not there */
};

struct gt_survey_option {
	char name[32];
	char value[GT_SURVEY_TEXT];
	uint64_t verdict; /* 0 default, 1 set, 2 bad, 3 unknown: see facts.def */
};

struct gt_survey_module {
	uint64_t base, end;
	char build_id[48];
	char *path;
};

/* Why a flight recorder wrote the trace. */
struct gt_survey_snapshot {
	bool is_known; /* it is one, and says so */
	uint64_t why; /* enum gt_trigger, or greater */
	uint64_t g; /* whose wait, call or region was too long; 0: nobody's */
	uint64_t ns; /* how long */
	char name[64]; /* of what */
};

/* Of a number of bytes that comes and goes. */
struct gt_level {
	uint64_t count; /* how often it was said; 0: the others mean nothing */
	uint64_t first, peak, last;
};

struct gt_survey {
	struct gt_stats *stats;
	struct gt_stretches *stretches;
	uint64_t gen; /* which the recent ones are of */
	struct gt_survey_recent sites, reasons;
	struct gt_level heap, goal; /* in the window, whoever said it; so are the sweeps */
	uint64_t swept, reclaimed; /* bytes */
	uint64_t generations, events; /* of the whole trace */
	int64_t first, last; /* ns: of the whole trace */
	uint64_t dropped[GT_DROPS];
	struct gt_tally stops; /* the whole process stood still, stopped from outside */
	struct gt_gaps gaps;
	struct gt_survey_snapshot snapshot;
	struct gt_survey_option option[GT_SURVEY_OPTIONS];
	int options;
	struct gt_survey_module *module;
	size_t modules;
};

void gt_survey_start(struct gt_survey *survey);

/* Takes a free fact in: a name, an option, a module, a count of drops, a gap. */
void gt_survey_fact(struct gt_survey *survey, const struct gt_fact_record *fact);

/* Takes an event in, after it was told to the lives of its trace. Only threads that `filter` lets pass are summed. */
void gt_survey_event(struct gt_survey *survey, const struct gt_moment *moment, const struct gt_filter *filter,
		     struct gt_span span);

/* The trace is over: what is still going on ends with its last event. */
void gt_survey_finish(struct gt_survey *survey, struct gt_lives *lives, const struct gt_filter *filter,
		      struct gt_span span);

/* All operations that are missing; those of signal handlers on top of a wait are part of that wait and not counted. */
uint64_t gt_survey_dropped(const struct gt_survey *survey);

void gt_survey_free(struct gt_survey *survey);

#endif
