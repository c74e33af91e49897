/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The kernel's own clock_gettime(), which it maps into every process: libc's may have somebody else's in front of it, who
 * shows the program another time.
 */
#ifndef GT_VDSO_H
#define GT_VDSO_H

#include <time.h>

typedef int gt_clock_gettime_fn(clockid_t id, struct timespec *ts);

/* Finds it behind the environment block of the process's start. NULL where there is none: then the system call must do. */
gt_clock_gettime_fn *gt_vdso_clock_gettime(char *const envp[]);

#endif
