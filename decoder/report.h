/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * gtrace stats as a whole: traces in, sums out, as text or as one JSON object.
 */
#ifndef GT_REPORT_H
#define GT_REPORT_H

#include "family.h"
#include "merge.h"
#include "out.h"
#include "survey.h"

/* What --by chooses: bits, by enum gt_stats_table; and threads. */
enum { GT_REPORT_THREADS = 1 << GT_STATS_TABLES, GT_REPORT_ALL = (1 << (GT_STATS_TABLES + 1)) - 1 };

enum { GT_REPORT_DEFAULT_TOP = 15, GT_REPORT_DEFAULT_THREADS = 100 };

struct gt_report_options {
	struct gt_window window;
	struct gt_filter *filter;
	unsigned by; /* 0: all, and the options in force */
	uint64_t top; /* rows of a table; 0: all */
	bool top_given;
	bool modules;
	struct gt_symbols *symbols; /* for call sites; NULL: names are those of the trace */
};

struct gt_report {
	const struct gt_report_options *options;
	struct gt_merge merge; /* at its end: who the processes are */
	struct gt_survey *survey; /* one a trace */
	struct gt_kin *kin;
	int64_t *begins; /* when the first event of each happens, since the first one of all */
	int *order; /* of the processes, parents first */
};

/* A row of a table, and whose it is. */
struct gt_entry {
	int process;
	const struct gt_stats_row *row;
	const struct gt_stats_thread *thread;
};

/*
 * Reads n traces. Complains about what cannot be had of them: -1, and there is nothing to print. Else 0; what is
 * broken was read up to the damage, and gt_merge_complain() tells of it.
 */
int gt_report_read(struct gt_report *report, char *const *paths, int n, const struct gt_report_options *options);

/* All events of all traces. */
uint64_t gt_report_events(const struct gt_report *report);

/*
 * The rows of a table over all processes, longest total first; *n of them. Threads come in the order of processes and
 * goroutines, or, when only the top ones are wanted, by how long they waited, shared rows last. The caller frees the array.
 */
struct gt_entry *gt_report_rows(const struct gt_report *report, enum gt_stats_table table, size_t *n);
struct gt_entry *gt_report_threads(const struct gt_report *report, size_t *n);

/* Puts threads into the order of how long they waited. */
void gt_report_by_wait(struct gt_entry *threads, size_t n);

void gt_report_text(const struct gt_report *report, struct gt_out *out);
void gt_report_json(const struct gt_report *report, struct gt_out *out);

void gt_report_free(struct gt_report *report);

#endif
