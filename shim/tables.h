/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The tables of a generation: the stacks that it uses, the strings that those and the events use, and the
 * clock's frequency. Under the switch lock, when nobody writes events of the generation any more.
 */
#ifndef GT_TABLES_H
#define GT_TABLES_H

#include <stdbool.h>
#include <stdint.h>

void gt_tables_write(uint32_t gen);

/* Empties the tables: what was written is in the file, or lost. */
void gt_tables_forget(uint32_t gen);

#endif
