/* SPDX-License-Identifier: BSD-3-Clause */
/* A seccomp filter that kills for each system call but those that are allowed. */
#ifndef CONFINE_H
#define CONFINE_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>

#define ALLOW(number) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

/* `filter`: of the ALLOW()s given. */
#define FILTER(...)                                                                                                    \
	static struct sock_filter rules[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),    \
					     __VA_ARGS__, BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)};        \
	static struct sock_fprog filter = {sizeof(rules) / sizeof(rules[0]), rules}

#endif
