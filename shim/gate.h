/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The generation word, which every section loads, alone in a page of its own.
 *
 * The page is MADV_WIPEONFORK: in a forked child, however it was forked, the word reads 0, which means "not
 * recording", so that a child never writes into buffers that it shares with its parent.
 */
#ifndef GT_GATE_H
#define GT_GATE_H

#include <stdatomic.h>
#include <stdint.h>

struct gt_gate {
	_Atomic uint32_t gen; /* 0: not recording. Written by the switcher under its lock */
	_Atomic uint32_t next; /* while paused: which generation comes then; else 0 */
	_Atomic uint32_t first; /* the first generation of this trace */
	uint32_t fences; /* 1: sections need a full fence, membarrier(2) is not there. Constant while LIVE */
	uint32_t alive; /* 1 from start on; 0 in a child that nobody announced */
	_Atomic uint32_t gap; /* 1: what is not recorded now is counted. Written under the switch lock */
} __attribute__((aligned(4096)));

extern struct gt_gate gt_gate;

/*
 * What gtrace.h looks at before it calls anybody, exported as gtrace_records: 1 whenever `gen` is not 0, and in a gap. In a forked child
 * it is what it was in the parent, so that the child's first annotation begins its trace.
 */
extern _Atomic int gt_gate_flag __asm__("gtrace_records") __attribute__((visibility("default")));

#endif
