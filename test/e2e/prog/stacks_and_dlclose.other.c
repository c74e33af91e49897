/* SPDX-License-Identifier: BSD-3-Clause */
/* The same functions at nearly the same addresses, with frames of another size. */
#define SIZE 1000
#include "stacks_and_dlclose.plugin.c"
