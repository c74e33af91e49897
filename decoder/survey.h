/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One pass over a trace for `gtrace stats`: feeds the sums of stats.h and keeps what the trace says about itself.
 */
#ifndef GT_SURVEY_H
#define GT_SURVEY_H

#include "error.h"
#include "stats.h"

#include <stdbool.h>

enum { GT_SURVEY_TEXT = 256, GT_SURVEY_OPTIONS = 64 };

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

struct gt_survey {
	struct gt_stats *stats;
	uint64_t generations, events;
	int64_t first, last; /* ns */
	uint64_t pid, parent_pid;
	uint64_t started, parent_started; /* clock ticks: see facts.def */
	char forked_from[1024];
	char program[64];
	char version[32];
	uint64_t dropped[GT_DROPS];
	struct gt_survey_option option[GT_SURVEY_OPTIONS];
	int options;
	struct gt_survey_module *module;
	size_t modules;
	struct gt_survey_wait *waits; /* open ones, by goroutine; private to survey.c */
};

/* Reads all of `path`. 0 at a sound end, -1 with *err; what was sound before is in *survey either way. */
int gt_survey_read(const char *path, struct gt_survey *survey, struct gt_error *err);

/* All operations that are missing; those of signal handlers on top of a wait are part of that wait and not counted. */
uint64_t gt_survey_dropped(const struct gt_survey *survey);

void gt_survey_free(struct gt_survey *survey);

#endif
