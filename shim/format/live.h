/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The live file, <trace>.live: memory that outlives a killed process. The recorder keeps there, in the machine's own
 * layout, all that the trace file does not have yet; gtrace finishes the trace with it.
 *
 *     head | facts, twice | texts, twice | stacks, twice | samples, twice | ring | buffers
 *
 * The ring is the flight recorder's: there is no trace file then, and the last generations lie here, byte for byte as they
 * would in a file. Positions in it count all bytes that were ever written to it; the byte at a position lies at that modulo
 * the ring's size. From `ring_from` to `complete` there are whole generations, from there to `ring_end` what the file would
 * have of the one under way. What is about to be written over is taken out of this first.
 *
 * Law: a word that says that something is there is stored after it, with release; whatever a process that is killed
 * was about to write is not there.
 * Law: a buffer, a table and a text that the trace file may not have are changed by nobody. They are used again when
 * the file has them.
 *
 * Most of it is a hole. What has blocks is said, and nothing is stored elsewhere: a full disk would kill the program.
 */
#ifndef GT_FORMAT_LIVE_H
#define GT_FORMAT_LIVE_H

#include "event.h"

#include <stdatomic.h>
#include <stdint.h>

#define GT_LIVE_MAGIC "gtlive\r\n"

enum {
	GT_LIVE_VERSION = 6,
	GT_LIVE_MAGIC_LEN = 8,
	GT_LIVE_FACTS = 128 << 10, /* bytes of one copy */
	GT_LIVE_STACKS = 4 << 20, /* bytes of one table */
	GT_LIVE_TEXTS_MAX = 12 << 10, /* of one generation */
	GT_LIVE_TEXTS = 2 << 20, /* bytes of one table */
	GT_LIVE_SAMPLES_MAX = 1 << 14, /* of one generation, that the trace file does not have */
	GT_LIVE_SAMPLES = 644 << 10, /* bytes of one queue */
};

enum {
	GT_BUF_SMALL =
		2048, /* a thread's first in a generation: most threads say little. All begin at multiples of it */
	GT_BUF_LARGE = 32768, /* the next ones */
	GT_BUF_HEAD = 64, /* room in front of the events for the batch head */
	GT_BUF_GAP = 64, /* kept free between events and facts, for the facts' batch head */
};

/*
 * Events of one thread and one generation, growing up from the start; facts, growing down from the end. It becomes one
 * EventBatch, directly followed by one ExperimentalBatch when it has facts.
 */
struct gt_buf {
	_Atomic uint32_t next; /* index of the next buffer in a free list or queue, 0: none */
	uint32_t bytes; /* of the whole buffer: GT_BUF_SMALL or GT_BUF_LARGE; 0: not handed out yet */
	uint32_t gen;
	uint32_t tid;
	uint64_t base; /* time of the first event */
	uint64_t last; /* time of the last event */
	uint64_t serial; /* order of taking */
	uint32_t events;
	uint32_t used; /* bytes of events; a release store publishes what lies below. 0: nothing to be saved */
	uint32_t top; /* where the facts begin, counted from the buffer's start; may be ahead of `used` */
	uint32_t notes; /* how many of the events are annotations */
	uint8_t head[GT_BUF_HEAD];
	uint8_t data[];
};

/* Records as in a batch of facts, without the magic: all that a generation needs beside its own, said anew. */
struct gt_live_facts {
	uint32_t len;
	uint8_t record[];
};

/*
 * The stacks of a generation. A stack's id is the place of its head: the number of its addresses in the lower half of
 * the word. The addresses follow, all as return addresses; the last may be a mark (callers.h).
 */
struct gt_live_stacks {
	_Atomic uint32_t used; /* words */
	_Atomic uint32_t room; /* words that have blocks */
	uint64_t word[]; /* [0] is none */
};

/* The texts of a generation, terminated, by their string ids from GT_STRING_TEXT on. One that has no room is missing. */
struct gt_live_texts {
	_Atomic uint32_t used; /* bytes */
	_Atomic uint32_t room; /* bytes that have blocks */
	_Atomic uint32_t at[GT_LIVE_TEXTS_MAX]; /* where a text is, plus 1; 0: it is not there */
	char byte[];
};

/* A sample of a running thread; the trace file may have it, too. */
struct gt_live_sample {
	uint64_t time; /* ns */
	uint64_t goid; /* 0: of no thread that is known */
	uint64_t proc; /* GT_NONE: nobody knows on which slot */
	uint64_t stack;
	uint32_t tid;
	uint32_t filled; /* a release store of 1 says that all of it is there */
};

/*
 * Those of a generation that the trace file may not have: numbers `tail` to before `head`, which wrap, each in the place of its
 * number modulo all. There are blocks for them, and zeros before the first one, while samples are taken.
 */
struct gt_live_samples {
	_Atomic uint32_t head, tail;
	struct gt_live_sample place[GT_LIVE_SAMPLES_MAX];
};

struct gt_live_head {
	char magic[GT_LIVE_MAGIC_LEN];
	uint32_t version;
	uint32_t pid;
	uint64_t facts[2]; /* where they are in the file */
	uint64_t texts[2], stacks[2], samples[2]; /* likewise, by generation parity */
	uint64_t ring; /* where it is */
	uint64_t buffers; /* where the first one is */
	_Atomic uint64_t carved; /* where they end */
	_Atomic uint64_t complete; /* bytes of the trace file that are complete generations; with a ring, see above */
	_Atomic uint64_t ring_bytes; /* its size; 0: there is none */
	_Atomic uint64_t ring_from, ring_end;
	_Atomic uint32_t turn; /* which facts are in force */
	uint32_t drops; /* rows of `dropped` */
	_Atomic uint64_t dropped[GT_DROPS]; /* as in the fact Dropped */
	_Atomic uint32_t lost; /* generations from this one on are thrown away; 0: none is */
	uint32_t gap_after; /* with a gap, the last complete generation: the file may end behind the head. 0: no gap */
	uint32_t gap_cause, gap_error; /* as in the fact Gap */
	uint64_t gap_from, gap_to;
};

#endif
