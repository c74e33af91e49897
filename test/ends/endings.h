/* SPDX-License-Identifier: BSD-3-Clause */
/* Every ending: called last, in the first thread; main returns STATUS when it returns. */
#ifndef ENDINGS_H
#define ENDINGS_H

#define ENDING(name, threads, live, traces) void end_##name(void);
#include "endings.def"

/* This program, as another one that says some and ends (main.c). */
extern char *program_again[];

#endif
