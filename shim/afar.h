/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Rules (rules.h) for code on another thread's stack: its module may be unloaded at any instant, so that its unwind tables
 * are not read where they are but copied by the kernel first. Kept for each module as long as the same one is there.
 */
#ifndef GT_AFAR_H
#define GT_AFAR_H

#include "rules.h"

/*
 * As gt_rule_of(), but under the switch lock, for any thread's code. It stands in a table, or in what was lent, until the next
 * call.
 */
const struct gt_rule *gt_rule_afar(uint64_t pc, struct gt_rules_work *work);

/* Another round of walks begins: modules may have come and gone since the last. Under the switch lock. */
void gt_afar_begin(void);

#endif
