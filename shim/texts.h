/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Texts that the program gives to the trace, as strings of it: names, labels, messages. Lock-free and bounded. Of each,
 * GT_MAX_STRING bytes count, cut where a character of UTF-8 ends.
 *
 * Two kinds. Most texts are in the table of their generation, one by parity, and forgotten with it. The name of a region
 * must be there once more when the region ends, whatever the tables hold by then: it is kept until the process ends.
 */
#ifndef GT_TEXTS_H
#define GT_TEXTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	GT_TEXTS_MAX = 8192, /* of a generation */
	GT_TEXTS_BYTES = 1 << 20, /* all of them together */
	GT_KEPT_MAX = 4096,
	GT_KEPT_BYTES = 1 << 19,
};

/* At start, and in a forked child. What is kept stays. False without memory. */
bool gt_texts_start(void);

/* When there is a new live file, before anything is recorded: the tables of generations are empty, and copied there. */
void gt_texts_attach(void);

/*
 * The string of a text; 0 for the empty one, and, counted, when the table is full. In a section of generation `gen`.
 */
uint64_t gt_text_of(const char *text, uint32_t gen);

/* Keeps a text; 0, counted, when there is no room. In a section, so that no handler of the thread interrupts it. */
uint32_t gt_text_keep(const char *text);

/* Whether this is the text that was kept as `kept`. What was not kept (0) may have been any text. */
bool gt_text_is(uint32_t kept, const char *text);

/* What was kept; "" for 0. */
const char *gt_text_read(uint32_t kept);

/* The string of a kept text; 0, which is the empty one, for 0. In a section of generation `gen`. */
uint64_t gt_text_kept(uint32_t kept, uint32_t gen);

/*
 * The texts that generation `gen` uses, one after the other: the string, 0 behind the last one. *at is 0 at first. Switcher
 * only, when nobody writes in the generation any more. Then they are forgotten.
 */
uint64_t gt_texts_next(uint32_t gen, uint32_t *at, const char **text);
void gt_texts_forget(uint32_t gen);

/* Makes room ahead of demand in the live file. Not in a section. */
void gt_texts_reserve(void);

/* Whether the table of a generation is more than half full, so that a new generation is due. */
bool gt_texts_scarce(uint32_t gen);

/* The same, but true only once in a generation: for who is to see to it. */
bool gt_texts_warn(uint32_t gen);

#endif
