/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whether a forked child may take over what its parent knows of files that are loaded and of what their code is called:
 * reading that again costs more than all else in a short child. Nothing is locked around fork, and the parent's writer may be
 * in the middle of a change while another thread forks; pages are copied one after the other.
 *
 * Law: changes are counted in the live file, which parent and child share until the child leaves it. What was whole before
 * the fork and has not changed until the child looks is whole in the child; a child that can't say so begins with nothing.
 */
#ifndef GT_INHERIT_H
#define GT_INHERIT_H

#include <stdbool.h>
#include <stdint.h>

/* There is another live file. Under the switch lock, or before anybody can take it. */
void gt_inherit_attach(void);

/* Around each change of what may be taken over; may be nested. Under the switch lock. */
void gt_inherit_change(void);
void gt_inherit_changed(void);

/* Before a fork, for gt_inherit_claim(). Any thread. */
uint32_t gt_inherit_before(void);

/* In the child of a fork, before it leaves its parent's live file. */
void gt_inherit_claim(uint32_t before);

/* Whether what there was is whole. In the child, until gt_inherit_begin(). */
bool gt_inherit_is_whole(void);

/* The process has what it takes over, and changes it as it likes. */
void gt_inherit_begin(void);

#endif
