/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The rule of an address as libunwind knows it: the judge of shim/cfi.h.
 */
#ifndef GT_UNWINDER_H
#define GT_UNWINDER_H

#include "shim/cfi.h"

/* As gt_cfi_rule(). False when the tests were built without libunwind. */
bool gt_unwinder_rule(const struct dl_find_object *object, uint64_t pc, struct gt_rule *rule);

#endif
