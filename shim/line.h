/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Cache lines: what cores take away from each other. docs/scaling.md says which there are, and who writes them.
 */
#ifndef GT_LINE_H
#define GT_LINE_H

/* At the beginning of a line. */
#define GT_OWN_LINE __attribute__((aligned(64)))

/* Alone: processors often fetch the neighbour of a line, too. */
#define GT_OWN_LINES __attribute__((aligned(128)))

#endif
