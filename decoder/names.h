/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Numbers as people read them: system calls, their results, times, sizes. Pure; single thread, since the shared
 * answers live in static memory.
 */
#ifndef GT_NAMES_H
#define GT_NAMES_H

#include <stddef.h>
#include <stdint.h>

/* A number may write further than it is long. */
enum { GT_NAME_LEN = 96 };

/* The name of an x86-64 system call, "syscall_1234" for one that we do not know. Writes to buf when needed. */
const char *gt_name_syscall(uint64_t number, char buf[GT_NAME_LEN]);

/* "17", or the errno's name such as "EAGAIN" for results -1 to -4095. Returns buf. */
const char *gt_name_result(int64_t result, char buf[GT_NAME_LEN]);

/* What a thread waits on: "mutex 0x7f12", "pipe, descriptor 3", "message queue 7", "signal". Returns buf. */
const char *gt_name_object(uint64_t primitive, uint64_t object, char buf[GT_NAME_LEN]);

/* Three or four digits and a unit: 0ns, 999ns, 1.50us, 12.3ms, 1.00s, 125s. Returns buf. */
const char *gt_name_duration(uint64_t ns, char buf[GT_NAME_LEN]);

/* The same of bytes: 0B, 1023B, 1.50KiB, 12.3MiB, 1.00GiB. Returns buf. */
const char *gt_name_bytes(uint64_t bytes, char buf[GT_NAME_LEN]);

/* The same without a NUL at the end, into memory that has room for it (GT_NAME_LEN); each returns where it ends. */
char *gt_name_put_syscall(char *p, uint64_t number);
char *gt_name_put_result(char *p, int64_t result);
char *gt_name_put_object(char *p, uint64_t primitive, uint64_t object);
char *gt_name_put_duration(char *p, uint64_t ns);

#endif
