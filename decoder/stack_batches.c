/* SPDX-License-Identifier: BSD-3-Clause */
#include "stack_batches.h"

#include "../shim/format/event.h"
#include "../shim/format/varint.h"
#include "cli.h"
#include "map.h"
#include "out.h"

#include <stdlib.h>
#include <string.h>

enum { CLAIMS_TRIED = 256 };

/* Whose the pc is. */
struct claim {
	uint64_t id; /* pc */
	UT_hash_handle hh;
	const struct gt_stack_frame *frame;
};

/* What the id of a string is. */
struct known {
	uint64_t id; /* address of the string */
	UT_hash_handle hh;
	uint64_t number;
};

/* Batches that grow, record by record. */
struct pages {
	uint8_t lead; /* the first byte of each payload */
	struct gt_batch *first, **end; /* those that are full */
	struct gt_out open; /* the payload of the next */
};

struct gt_stack_batches {
	struct gt_arena arena;
	struct claim *claims;
	struct known *known;
	struct gt_ids taken; /* ids of strings */
	uint64_t last; /* of them: new ones are above it */
	struct pages stacks, strings;
	struct gt_out record;
};

static void *take(struct gt_stack_batches *batches, size_t size)
{
	void *piece = gt_arena_take(&batches->arena, size);

	if (piece == NULL)
		gt_cli_no_memory();
	return piece;
}

static void start_pages(struct pages *pages, uint8_t lead)
{
	pages->lead = lead;
	pages->end = &pages->first;
	gt_out_open(&pages->open, -1);
}

struct gt_stack_batches *gt_stack_batches_new(void)
{
	struct gt_stack_batches *batches = gt_cli_alloc(1, sizeof(*batches));

	start_pages(&batches->stacks, GT_FR_Stacks);
	start_pages(&batches->strings, GT_FR_Strings);
	gt_out_open(&batches->record, -1);
	return batches;
}

void gt_stack_batches_free(struct gt_stack_batches *batches)
{
	if (batches == NULL)
		return;
	HASH_CLEAR(hh, batches->claims);
	HASH_CLEAR(hh, batches->known);
	gt_ids_free(&batches->taken);
	gt_arena_free(&batches->arena);
	gt_out_close(&batches->stacks.open);
	gt_out_close(&batches->strings.open);
	gt_out_close(&batches->record);
	free(batches);
}

static void put_number(struct gt_out *out, uint64_t v)
{
	uint8_t bytes[GT_MAX_VARINT];

	gt_out_bytes(out, bytes, (size_t)(gt_varint_put(bytes, v) - bytes));
}

/* Makes a batch of what has gathered. */
static void close_page(struct gt_stack_batches *batches, struct pages *pages)
{
	struct gt_batch *batch;
	uint8_t *data;

	if (pages->open.failed)
		gt_cli_no_memory();
	if (pages->open.len == 0)
		return;
	batch = take(batches, sizeof(*batch));
	data = take(batches, pages->open.len);
	memcpy(data, pages->open.buf, pages->open.len);
	*batch = (struct gt_batch){.data = data, .len = (uint32_t)pages->open.len, .first = pages->lead};
	*pages->end = batch;
	pages->end = &batch->next;
	pages->open.len = 0;
}

/* Appends what was put together as a record. */
static void put_record(struct gt_stack_batches *batches, struct pages *pages)
{
	struct gt_out *record = &batches->record;

	if (pages->open.len + record->len > GT_MAX_PAYLOAD)
		close_page(batches, pages);
	if (pages->open.len == 0)
		gt_out_char(&pages->open, (char)pages->lead);
	gt_out_bytes(&pages->open, record->buf, record->len);
	record->len = 0;
}

static void remember(struct gt_stack_batches *batches, uint64_t number, const struct gt_string *string)
{
	struct known *known = take(batches, sizeof(*known));

	*known = (struct known){.id = (uint64_t)(uintptr_t)string, .number = number};
	GT_MAP_ADD(batches->known, known);
	if (known->hh.tbl == NULL || !gt_ids_add(&batches->taken, number, known))
		gt_cli_no_memory();
}

void gt_stack_batches_know(struct gt_stack_batches *batches, uint64_t id, const struct gt_string *string)
{
	remember(batches, id, string);
	/* Large ones leave no room above them. */
	if (id > batches->last && id <= INT64_MAX)
		batches->last = id;
}

static void put_string(struct gt_stack_batches *batches, uint64_t id, const struct gt_string *string)
{
	gt_out_char(&batches->record, GT_FR_String);
	put_number(&batches->record, id);
	put_number(&batches->record, string->len);
	gt_out_bytes(&batches->record, string->bytes, string->len);
	put_record(batches, &batches->strings);
}

void gt_stack_batches_say(struct gt_stack_batches *batches, uint64_t id, const struct gt_string *string)
{
	gt_stack_batches_know(batches, id, string);
	put_string(batches, id, string);
}

/* The id of a string, which becomes a record when it is new. */
static uint64_t id_of(struct gt_stack_batches *batches, const struct gt_string *string)
{
	uint64_t key = (uint64_t)(uintptr_t)string;
	struct known *known;

	if (string->len == 0)
		return 0;
	GT_MAP_FIND(batches->known, key, known);
	if (known != NULL)
		return known->number;
	do
		batches->last++;
	while (batches->last == 0 || gt_ids_find(&batches->taken, batches->last) != NULL);
	remember(batches, batches->last, string);
	put_string(batches, batches->last, string);
	return batches->last;
}

static bool says_same(const struct gt_stack_frame *a, const struct gt_stack_frame *b)
{
	return a->func == b->func && a->file == b->file && a->line == b->line;
}

/* The pc that the frame gets. When too many are taken, another one's names must do. */
static uint64_t claim(struct gt_stack_batches *batches, const struct gt_stack_frame *frame)
{
	struct claim *owner = NULL;
	uint64_t pc = frame->pc;

	for (int i = 0; i < CLAIMS_TRIED; i++, pc += UINT64_C(1) << GT_PC_BITS) {
		GT_MAP_FIND(batches->claims, pc, owner);
		if (owner == NULL || says_same(owner->frame, frame))
			break;
	}
	if (owner != NULL)
		return pc;
	owner = take(batches, sizeof(*owner));
	*owner = (struct claim){.id = pc, .frame = frame};
	GT_MAP_ADD(batches->claims, owner);
	if (owner->hh.tbl == NULL)
		gt_cli_no_memory();
	return pc;
}

/* Strings become records of their own, so they come first. */
void gt_stack_batches_add(struct gt_stack_batches *batches, const struct gt_stack *stack)
{
	uint64_t func[GT_MAX_FRAMES], file[GT_MAX_FRAMES];

	for (size_t i = 0; i < stack->nframes; i++) {
		func[i] = id_of(batches, stack->frames[i]->func);
		file[i] = id_of(batches, stack->frames[i]->file);
	}
	gt_out_char(&batches->record, GT_FR_Stack);
	put_number(&batches->record, stack->id);
	put_number(&batches->record, stack->nframes);
	for (size_t i = 0; i < stack->nframes; i++) {
		const struct gt_stack_frame *f = stack->frames[i];

		put_number(&batches->record, claim(batches, f));
		put_number(&batches->record, func[i]);
		put_number(&batches->record, file[i]);
		put_number(&batches->record, f->line);
	}
	put_record(batches, &batches->stacks);
}

static struct gt_batch *take_pages(struct gt_stack_batches *batches, struct pages *pages, const struct gt_batch *like)
{
	struct gt_batch *first;

	close_page(batches, pages);
	for (struct gt_batch *b = pages->first; b != NULL; b = b->next) {
		b->gen = like->gen;
		b->m = like->m;
		b->time = like->time;
	}
	first = pages->first;
	pages->first = NULL;
	pages->end = &pages->first;
	return first;
}

struct gt_batch *gt_stack_batches_stacks(struct gt_stack_batches *batches, const struct gt_batch *like)
{
	return take_pages(batches, &batches->stacks, like);
}

struct gt_batch *gt_stack_batches_strings(struct gt_stack_batches *batches, const struct gt_batch *like)
{
	return take_pages(batches, &batches->strings, like);
}
