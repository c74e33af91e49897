/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The live file of a trace, as the recorder left it or is changing it: see shim/format/live.h. Nothing in it is believed.
 */
#ifndef GT_LIVE_FILE_H
#define GT_LIVE_FILE_H

#include "arena.h"
#include "error.h"
#include "late_samples.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a buffer holds: whole events, and facts of them. */
struct gt_live_buf {
	uint64_t gen, m, time, serial;
	const uint8_t *events, *facts; /* facts without the magic */
	uint32_t nevents, nfacts; /* bytes */
};

struct gt_live_head;
struct gt_live_texts;

/* A table, as far as it was filled. */
struct gt_live_words {
	uint64_t *words;
	size_t n;
};

/* Texts, with so many bytes. */
struct gt_live_bytes {
	struct gt_live_texts *table;
	size_t n;
};

struct gt_live {
	int fd;
	uint64_t size;
	struct gt_live_head *head;
	struct gt_live_buf *bufs; /* in the order in which they were taken, those with events */
	size_t nbufs;
	struct gt_arena arena; /* of what the buffers hold */
	struct gt_live_words stacks[2]; /* by generation parity */
	struct gt_live_bytes texts[2]; /* likewise */
	struct gt_late_samples late[2]; /* likewise */
	uint8_t *facts; /* without the magic: what a generation needs beside its own, maybe nothing */
	size_t nfacts;
};

/*
 * Opens `path`, which may be the recorder's link to it, and reads it. 1; 0 when there is no such file, or none of ours; -1 with *err when it cannot be read or was
 * written by another version. To be closed only after 1. Exits with a complaint when memory is short.
 */
int gt_live_open(struct gt_live *live, const char *path, struct gt_error *err);
void gt_live_close(struct gt_live *live);

/* Reads all `n` bytes at this place of the file. False: it has not so many. */
bool gt_live_read(const struct gt_live *live, uint64_t at, void *to, size_t n);

/* Whether a generation was completed since it was opened: what was read may then be of several times. */
bool gt_live_has_moved(const struct gt_live *live);

/* Whether the recorder throws the generation away: nothing of it counts, in neither file. */
bool gt_live_has_lost(const struct gt_live *live, uint64_t gen);

/* Whether it is a flight recorder's: there is no trace file then. */
bool gt_live_has_ring(const struct gt_live *live);

/*
 * Writes what the file would have to the empty file `to`; *complete as in the head of a live file. 1; 0: a generation was
 * completed since it was opened, or too much was written over meanwhile; -1 with *err. `only_complete`: not what is behind
 * the last complete generation, and it may be a later one than when it was opened.
 */
int gt_live_unroll(const struct gt_live *live, bool only_complete, int to, uint64_t *complete, struct gt_error *err);

/* The addresses of a stack of generation `gen`, *n of them; NULL, and *n as it was: there is no such stack. */
const uint64_t *gt_live_stack(const struct gt_live *live, uint64_t gen, uint64_t id, size_t *n);

/* A text of generation `gen`, of *len bytes; NULL: there is none with this id. */
const char *gt_live_text(const struct gt_live *live, uint64_t gen, uint64_t id, size_t *len);

/* Whether the process is there that writes it. */
bool gt_live_is_written(const struct gt_live *live);

/* Whether there is a live file in which nothing stands: its recorder was killed while it began, or begins just now. */
bool gt_live_is_blank(const char *path);

/* Removes a live file, and the recorder's link to it if `path` is one. False: errno. */
bool gt_live_unlink(const char *path);

#endif
