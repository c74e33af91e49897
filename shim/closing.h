/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is written of a generation when it closes, and of a recording that a flight recorder keeps. Under the switch lock.
 */
#ifndef GT_CLOSING_H
#define GT_CLOSING_H

#include <stdbool.h>
#include <stdint.h>

/* What waits of the generation goes to the file: full buffers, samples. The sink is open, and is closed. */
void gt_closing_carry(uint32_t gen);

/*
 * All that is missing of a generation that lasted from `began` to `ended`: nobody is in it any more. The sink is open, and is
 * closed. True when the generation is complete; it is not unless `whole`.
 */
bool gt_closing_write(uint32_t gen, uint64_t began, uint64_t ended, bool whole);

/* Hands a complete generation to the flight recorder; the next one (0: none) `is_first`: could be the first of a trace. */
void gt_closing_fly(uint32_t gen, uint32_t next, bool is_first);

/* Writes what the flight recorder keeps to a file; the last one of the recording. False when there is none. */
struct gt_trigger_cause;
bool gt_closing_save(const struct gt_trigger_cause *cause);
bool gt_closing_save_last(void);

#endif
