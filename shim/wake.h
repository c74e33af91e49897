/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the end of a thread needs of the wakers: claiming joiners in a section that is already open.
 */
#ifndef GT_WAKE_H
#define GT_WAKE_H

#include "section.h"

/*
 * Claims every thread that waits on the object and writes its GoUnblock, while there is room. *newer becomes
 * true when one was left because its GoBlock belongs to a newer generation than the section.
 */
void gt_wake_claim(struct gt_section *s, const void *object, const void *pc, bool *newer);

#endif
