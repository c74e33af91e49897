/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Leads references to a function elsewhere, in the files that have them. An export of that name would do the same, but
 * programs look whether a library is there by asking for its functions, and must not find them without it.
 */
#ifndef GT_REBIND_H
#define GT_REBIND_H

#include <link.h>
#include <stddef.h>

struct gt_rebinding {
	const char *name;
	const void *to;
};

/*
 * In the files that are loaded now, every reference to one of the `n` names leads to its `to`. `iterate` is libc's
 * dl_iterate_phdr(). At start, when all files are relocated and before their code has run.
 */
typedef int gt_iterate_fn(int (*visit)(struct dl_phdr_info *, size_t, void *), void *arg);
void gt_rebind(gt_iterate_fn *iterate, const struct gt_rebinding *what, size_t n);

#endif
