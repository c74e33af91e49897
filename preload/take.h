/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How a mutex is taken before anything is recorded: by a pointer, so that the commonest call of all asks neither whether the
 * library is off nor whether the process has threads.
 */
#ifndef GT_TAKE_H
#define GT_TAKE_H

#include "real.h"

/*
 * libc's own try, or, where that cannot be told from it and is cheaper or all that is wanted, its lock. EBUSY: it is to be
 * waited for. Any thread, at any time.
 */
extern int (*gt_take_mutex)(pthread_mutex_t *mutex) __attribute__((visibility("hidden")));

/* Once it is known whether the library is off. */
void gt_take_start(void);

#endif
