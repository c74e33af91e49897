/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The signal of the user's choice (GTRACE_SIGNAL): each arrival stops or starts recording.
 *
 * The handler is installed at start, before the program has one of its own. A program that installs one wins: ours is gone
 * then, and nothing brings it back. Calls that a signal interrupts are started again (SA_RESTART); those that the kernel
 * never starts again fail with EINTR, as with any other handler.
 */
#ifndef GT_TOGGLE_H
#define GT_TOGGLE_H

#include <stdbool.h>
#include <stdint.h>

/* The number of a signal that may be chosen, given by number or by name, with or without SIG; "none" is 0. */
bool gt_toggle_parse(const char *text, uint64_t *signal);

/* Once, at start; a forked child inherits it. `signal` 0: none. */
void gt_toggle_start(int signal);

#endif
