/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stacks, and the strings that they name, as batches of a generation.
 *
 * Law: a string has an id that no other has in its generation. Law: readers know one frame for each pc, the first that is
 * said (table.h; Go's do so, too). Where one pc has several frames, the others get a pc that is not an address: theirs with a
 * count in the bits above the 48 that addresses have. It is the same in every generation, so that whoever sums up by pc may.
 *
 * Exits with a complaint when memory is short.
 */
#ifndef GT_STACK_BATCHES_H
#define GT_STACK_BATCHES_H

#include "batch.h"
#include "table.h"

enum { GT_PC_BITS = 48 };

struct gt_stack_batches;

/* Of one generation. */
struct gt_stack_batches *gt_stack_batches_new(void);

/* Accepts NULL. Batches that were taken are gone. */
void gt_stack_batches_free(struct gt_stack_batches *batches);

/* The generation has this string: it is used where its address turns up, and its id not given to another. */
void gt_stack_batches_know(struct gt_stack_batches *batches, uint64_t id, const struct gt_string *string);

/* The same, and it becomes a record: the generation does not have it yet. */
void gt_stack_batches_say(struct gt_stack_batches *batches, uint64_t id, const struct gt_string *string);

/* Appends a stack, under its own id. It has at most GT_MAX_FRAMES frames; their texts live as long as `batches`. */
void gt_stack_batches_add(struct gt_stack_batches *batches, const struct gt_stack *stack);

/*
 * The batches of all stacks since the last call, or of all strings that are new since then, with generation, thread and
 * time of `like`. NULL: there are none.
 */
struct gt_batch *gt_stack_batches_stacks(struct gt_stack_batches *batches, const struct gt_batch *like);
struct gt_batch *gt_stack_batches_strings(struct gt_stack_batches *batches, const struct gt_batch *like);

#endif
