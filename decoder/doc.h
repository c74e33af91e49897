/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The rows of shim/format and of the decoder as pages for people. Each call writes one page to `out`; errors stay in the stream.
 * Pages are complete Markdown documents, the same for the same rows, so that a check can compare them.
 */
#ifndef GT_DOC_H
#define GT_DOC_H

#include <stdio.h>

void gt_doc_events(FILE *out);
void gt_doc_reasons(FILE *out);
void gt_doc_facts(FILE *out);
void gt_doc_drops(FILE *out);
void gt_doc_json(FILE *out);
void gt_doc_options_markdown(FILE *out);

/* The options as aligned columns, for a terminal. */
void gt_doc_options_text(FILE *out);

#endif
