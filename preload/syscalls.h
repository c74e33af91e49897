/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * syscall(), by number: reached by a jump from stubs.c, so the return address is the program's. All registers that
 * syscall() forwards are arguments; result and errno are the real call's.
 */
#ifndef GT_SYSCALLS_H
#define GT_SYSCALLS_H

#include <stdbool.h>

#define GT_SYSCALL_LAST 511

/* The numbers that go to gt_syscall_call(). All others never have a frame of ours: clone comes back twice. */
extern const bool gt_syscalls_recorded[GT_SYSCALL_LAST + 1];

long gt_syscall_call(long number, long a, long b, long c, long d, long e, long f);

#endif
