/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The entries of .eh_frame, found by .eh_frame_hdr (the Linux Standard Base's chapters on them): which instructions say
 * what the frames of a function look like. Reads nothing but the module's mapping, of which every number is distrusted.
 */
#ifndef GT_FRAME_ENTRY_H
#define GT_FRAME_ENTRY_H

#include "bytes.h"

#include <dlfcn.h>

/* What the entries of a function and its kind say. */
struct gt_frame_entry {
	const struct dl_find_object *object;
	uint64_t pc;
	uint64_t function, size;
	uint64_t code_align;
	int64_t data_align;
	struct gt_bytes first; /* instructions for all functions of the kind */
	struct gt_bytes own;
	uint8_t pointers; /* their encoding */
	bool has_data; /* behind the augmentation string */
	bool is_signal;
};

/* Fills the rest of an entry whose object and pc are set. False when there is none for that code. */
bool gt_frame_entry_find(struct gt_frame_entry *f);

/* What is in the module from this address on. */
struct gt_bytes gt_bytes_at(const struct dl_find_object *object, uint64_t at);

/* A pointer in one of the encodings that entries choose from. */
uint64_t gt_get_pointer(struct gt_bytes *b, uint8_t encoding);

#endif
