/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The one system call that is recorded when it comes through syscall().
 */
#ifndef GT_FUTEX_H
#define GT_FUTEX_H

/*
 * syscall(SYS_futex, ...) with all registers that syscall() forwards: reached by a jump from stubs.c, so the
 * return address is the program's. Result and errno are the real call's.
 */
long gt_futex_call(long number, long address, long op_word, long value, long timeout, long address2, long value3);

#endif
