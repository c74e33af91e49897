/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Boehm collector, libgc, where the program has it: it tells us what it does through its public hook.
 *
 * The program's own hook is called as before, after ours, and whoever asks for it gets it.
 */
#ifndef GT_BOEHM_H
#define GT_BOEHM_H

/* Looks for it among the files that are loaded with the program. At start, before any of their code has run. */
void gt_boehm_start(void);

#endif
